import { type Bytes, equalBytes } from '../bytes/bytes';
import { type IdentityOfUser } from '../identity/safety-number';
import { type KnownPerson, type SeenIdentity } from './known-person';

/** @returns the identity that they have now, as the server says: the one whose safety number is compared */
export function presentIdentityOf({ userId, pinned, waiting }: KnownPerson): IdentityOfUser {
  return { userId, identity: (waiting ?? pinned).identity };
}

/** @returns whether the user may write to them: not to somebody verified who has become somebody else, maybe */
export function mayWriteTo({ verifiedAt, waiting }: KnownPerson): boolean {
  return verifiedAt === null || waiting === null;
}

/**
 * @param identity what the user was shown
 * @returns the person under the new identity; null if they have another one by now. It is not verified.
 */
export function acceptIdentity(person: KnownPerson, identity: Bytes): KnownPerson | null {
  const { waiting } = person;
  return waiting && equalBytes(waiting.identity, identity) ? pinIdentity(person, waiting, null) : null;
}

/**
 * @param identity what the user has compared
 * @returns the person, verified under that identity; null if they have another one by now
 */
export function verifyIdentity(person: KnownPerson, identity: Bytes, now: number): KnownPerson | null {
  const present = person.waiting ?? person.pinned;
  return equalBytes(present.identity, identity) ? pinIdentity(person, present, now) : null;
}

function pinIdentity(person: KnownPerson, pinned: SeenIdentity, verifiedAt: number | null): KnownPerson {
  return { ...person, pinned, waiting: null, verifiedAt };
}
