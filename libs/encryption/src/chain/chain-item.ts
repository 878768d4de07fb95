import { type Bytes, sha256 } from '../bytes/bytes';
import { decodeFields, encodeFields, type Field, type FieldReader } from '../bytes/encoding';
import { KEY_LENGTH, SIGNATURE_LENGTH } from '../bytes/signing';
import { type Device } from '../identity/device';
import { type CertifiedDevice } from '../identity/device-certificate';

/** Length of the hash by which an item names the one before it. */
export const CHAIN_HASH_LENGTH = 32;

/** What an item of a room’s chain says. Whoever is to read must stand in it; the server can write nothing there. */
export type ChainBody =
  /** The first item. Its author is in. */
  | { readonly kind: 'founded'; readonly groupId: Bytes }
  /** An identity of a user is in; one of theirs that was in before is out. */
  | { readonly kind: 'admitted'; readonly userId: string; readonly identity: Bytes }
  /** The author came in by a link, whose seed they had. */
  | { readonly kind: 'admitted_by_link'; readonly linkId: string; readonly linkSignature: Bytes }
  /** A user is out, by somebody else or by themselves. */
  | { readonly kind: 'removed'; readonly userId: string }
  /** A device of the author’s identity has ended: what it signs from here on counts no more. */
  | { readonly kind: 'device_ended'; readonly deviceId: string }
  | ({ readonly kind: 'link_made' } & ChainLinkTerms)
  | { readonly kind: 'link_ended'; readonly linkId: string }
  /** The group was set up anew, because nobody could go on with the one before. */
  | { readonly kind: 'regrouped'; readonly generation: number; readonly groupId: Bytes }
  /** From that message on, plain ones are an attack. */
  | { readonly kind: 'encrypted_from'; readonly seq: number }
  /** Whether who comes from here on may also have keys of epochs before. */
  | { readonly kind: 'earlier_messages'; readonly allowed: boolean };

/** What a link allows. */
export interface ChainLinkTerms {
  readonly linkId: string;
  /** The public half of the key that the link’s seed makes. */
  readonly linkKey: Bytes;
  readonly role: string;
  /** In milliseconds. */
  readonly until: number;
  readonly uses: number;
}

/** An item of a room’s chain. */
export interface ChainItem {
  readonly roomId: string;
  /** How many items before it were taken. */
  readonly index: number;
  /** The hash of the last one that was taken; zeros for the first one. */
  readonly previous: Bytes;
  /** When it was made, in milliseconds, by the author’s word: it says nothing of the items before and after. */
  readonly time: number;
  /** With all that it takes to verify it: device lists differ from reader to reader. */
  readonly author: CertifiedDevice;
  readonly body: ChainBody;
}

/** An item as it is stored and sent. */
export interface SignedChainItem {
  readonly item: Bytes;
  readonly signature: Bytes;
}

/** @returns the item under the signature of the author’s device */
export async function signChainItem(item: ChainItem, { signing }: Pick<Device, 'signing'>): Promise<SignedChainItem> {
  const bytes = encodeChainItem(item);
  return { item: bytes, signature: await signing.sign(bytes) };
}

/** @returns the hash by which the next item names this one: of all its bytes, so that there is one history at most */
export function hashChainItem({ item, signature }: SignedChainItem): Promise<Bytes> {
  return sha256(encodeFields('chainHash', [item, signature]));
}

/** @returns the item; null for any other bytes */
export function decodeChainItem(bytes: Bytes): ChainItem | null {
  const fields = decodeFields('chainItem', bytes);
  if (!fields) return null;
  const [roomId, index] = [fields.readText(), fields.readNumber()];
  const [previous, time] = [fields.readBytes(CHAIN_HASH_LENGTH), fields.readNumber()];
  const author: CertifiedDevice = {
    userId: fields.readText(),
    identity: fields.readBytes(KEY_LENGTH),
    deviceId: fields.readText(),
    signingKey: fields.readBytes(KEY_LENGTH),
    certificate: fields.readBytes(SIGNATURE_LENGTH),
  };
  const body = readBody(fields);
  return body && fields.isComplete ? { roomId, index, previous, time, author, body } : null;
}

function encodeChainItem({ roomId, index, previous, time, author, body }: ChainItem): Bytes {
  const { userId, identity, deviceId, signingKey, certificate } = author;
  const start = [roomId, index, previous, time, userId, identity, deviceId, signingKey, certificate];
  return encodeFields('chainItem', [...start, body.kind, ...fieldsOf(body)]);
}

function fieldsOf(body: ChainBody): Field[] {
  switch (body.kind) {
    case 'founded':
      return [body.groupId];
    case 'admitted':
      return [body.userId, body.identity];
    case 'admitted_by_link':
      return [body.linkId, body.linkSignature];
    case 'removed':
      return [body.userId];
    case 'device_ended':
      return [body.deviceId];
    case 'link_made':
      return [body.linkId, body.linkKey, body.role, body.until, body.uses];
    case 'link_ended':
      return [body.linkId];
    case 'regrouped':
      return [body.generation, body.groupId];
    case 'encrypted_from':
      return [body.seq];
    case 'earlier_messages':
      return [body.allowed ? 1 : 0];
  }
}

function readBody(fields: FieldReader): ChainBody | null {
  const kind = fields.readText() as ChainBody['kind'];
  switch (kind) {
    case 'founded':
      return { kind, groupId: fields.readBytes() };
    case 'admitted':
      return { kind, userId: fields.readText(), identity: fields.readBytes(KEY_LENGTH) };
    case 'admitted_by_link':
      return { kind, linkId: fields.readText(), linkSignature: fields.readBytes(SIGNATURE_LENGTH) };
    case 'removed':
      return { kind, userId: fields.readText() };
    case 'device_ended':
      return { kind, deviceId: fields.readText() };
    case 'link_made': {
      const [linkId, linkKey, role] = [fields.readText(), fields.readBytes(KEY_LENGTH), fields.readText()];
      return { kind, linkId, linkKey, role, until: fields.readNumber(), uses: fields.readNumber() };
    }
    case 'link_ended':
      return { kind, linkId: fields.readText() };
    case 'regrouped':
      return { kind, generation: fields.readNumber(), groupId: fields.readBytes() };
    case 'encrypted_from':
      return { kind, seq: fields.readNumber() };
    case 'earlier_messages':
      return { kind, allowed: fields.readNumber() === 1 };
    default:
      return null;
  }
}
