import { type Bytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';

/** An identity, and when a device of this user saw it first: the server can hold it back, but not make it older. */
export interface SeenIdentity {
  readonly identity: Bytes;
  readonly seenAt: number;
}

/** Somebody as this user knows them, on all devices: what the server says later is compared with it. */
export interface KnownPerson {
  readonly userId: string;
  /** The identity that counts until the user accepts another one. */
  readonly pinned: SeenIdentity;
  /** The identity that the server says instead; null if it says the pinned one. */
  readonly waiting: SeenIdentity | null;
  /** When this user compared safety numbers with them, under the pinned identity; null if never. */
  readonly verifiedAt: number | null;
  /** The name that is shown. */
  readonly name: string;
  /** Names that were shown before, the newest first. */
  readonly formerNames: readonly string[];
  /** A name that the server gives them, and that somebody else here has or had; it is shown once it is accepted. */
  readonly claimedName: string | null;
}

/** @returns the person as a record of the vault has them */
export function encodeKnownPerson(person: KnownPerson): Bytes {
  const { userId, pinned, waiting, verifiedAt, name, formerNames, claimedName } = person;
  return encodeFields('knownPerson', [
    userId,
    [pinned, waiting].map((one) => (one ? [one.identity, one.seenAt] : [])),
    verifiedAt ?? 0,
    name,
    formerNames,
    claimedName ?? '',
  ]);
}

/** @returns what {@link encodeKnownPerson} was given; null for any other bytes */
export function decodeKnownPerson(bytes: Bytes): KnownPerson | null {
  const fields = decodeFields('knownPerson', bytes);
  if (!fields) return null;
  const userId = fields.readText();
  const [pinned, waiting, ...more] = fields.readList((entry) =>
    entry.readFields((one) =>
      one.isComplete ? null : { identity: one.readBytes(KEY_LENGTH), seenAt: one.readNumber() },
    ),
  );
  const [verifiedAt, name] = [fields.readNumber() || null, fields.readText()];
  const [formerNames, claimedName] = [fields.readList((entry) => entry.readText()), fields.readText() || null];
  if (!fields.isComplete || !pinned || waiting === undefined || more.length > 0) return null;
  return { userId, pinned, waiting, verifiedAt, name, formerNames, claimedName };
}
