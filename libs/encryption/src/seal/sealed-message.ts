import { base64UrlOf, type Bytes, bytesOfBase64Url, equalBytes, sha256 } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { padBytes, unpadBytes } from '../bytes/padding';
import { SIGNATURE_LENGTH, verifySignature } from '../bytes/signing';
import { openBytes, sealBytes } from '../bytes/symmetric';
import { type Device } from '../identity/device';
import { chatKeyOf, type EpochKey } from './epoch-key';
import { encodeFrame, type MessageFrame, type MessagePlace, MOST_NOTIFIED } from './message-frame';

/** How many messages before it a message names. */
export const MOST_PREDECESSORS = 4;

const HASH_LENGTH = 32;

declare const sealed: unique symbol;

/** A sealed text, in base64url; only {@link sealMessage} and the wire make one. */
export type SealedBox = string & { readonly [sealed]: true };

/** A message’s content as it goes over the wire. */
export interface SealedContent {
  readonly type: 'sealed';
  readonly keyId: string;
  readonly device: string;
  readonly box: SealedBox;
  /** Ids of people whom the server tells of it; missing if there are none. */
  readonly notify?: readonly string[];
}

/** What is sealed. */
export interface MessageText<Content> {
  readonly content: Content;
  /** Ids of the newest messages that the author’s device had, its own last one among them. */
  readonly after: readonly string[];
  /** Of an edit: the hash of the box before it. */
  readonly replaces: Bytes | null;
}

/** A message that was opened, and found to be its author’s. */
export interface OpenedMessage<Content> extends MessageText<Content> {
  readonly deviceId: string;
  /** The identity under which the author’s device was in the group then. */
  readonly identity: Bytes;
  /** What an edit of it names. */
  readonly boxHash: Bytes;
}

/**
 * Why a message cannot be read. `key_not_here_yet` may pass: the key can be asked for. `changed_on_the_way`: it is not
 * what its author sealed, or not where they sealed it. `unknown_device`: its author’s device was not in the room then.
 */
export type UnreadableReason = 'before_you_came' | 'key_not_here_yet' | 'changed_on_the_way' | 'unknown_device';

/** Stands in the place of a message that cannot be read. */
export interface Unreadable {
  readonly unreadable: UnreadableReason;
}

/** @returns the key with that id, or why this device lacks it */
export type FindEpochKey = (keyId: Bytes) => Promise<EpochKey | 'before_you_came' | 'key_not_here_yet'>;

/** @returns the content of the parsed JSON; null if it is none: whoever sealed it may have written anything */
export type ReadContent<Content> = (json: unknown) => Content | null;

/** @returns the message, signed and sealed by that device in that epoch */
export async function sealMessage(
  place: MessagePlace,
  { content, after, replaces }: MessageText<unknown>,
  key: EpochKey,
  device: Pick<Device, 'userId' | 'deviceId' | 'signing'>,
  notify: readonly string[] = [],
): Promise<SealedContent> {
  if (device.userId !== place.userId) throw new Error('A device seals messages of its own user.');
  if (after.length > MOST_PREDECESSORS || notify.length > MOST_NOTIFIED) throw new Error('Too many ids.');
  const frame = encodeFrame({ ...place, keyId: key.keyId, deviceId: device.deviceId, notify });
  const text = [JSON.stringify(content), after, replaces ?? new Uint8Array()] as const;
  const signature = await device.signing.sign(encodeFields('message', [frame, ...text]));
  const padded = padBytes(encodeFields('messageBox', [...text, signature]));
  const box = await sealBytes(await chatKeyOf(key, device), frame, padded);
  return {
    type: 'sealed',
    keyId: base64UrlOf(key.keyId),
    device: device.deviceId,
    box: base64UrlOf(box) as SealedBox,
    ...(notify.length > 0 && { notify }),
  };
}

/** @returns the message, or why it cannot be read; the place is where the server says that it stands */
export async function openMessage<Content>(
  place: MessagePlace,
  { keyId: keyName, device: deviceId, box: boxText, notify = [] }: SealedContent,
  findKey: FindEpochKey,
  readContent: ReadContent<Content>,
): Promise<OpenedMessage<Content> | Unreadable> {
  const [keyId, box] = [bytesOfBase64Url(keyName), bytesOfBase64Url(boxText)];
  if (!keyId || !box || notify.length > MOST_NOTIFIED) return { unreadable: 'changed_on_the_way' };
  const key = await findKey(keyId);
  if (typeof key === 'string') return { unreadable: key };
  if (!equalBytes(key.keyId, keyId)) throw new Error('This is the key of another epoch.');
  const author = key.roster.find((device) => device.userId === place.userId && device.deviceId === deviceId);
  if (!author) return { unreadable: 'unknown_device' };
  const frame = encodeFrame({ ...place, keyId, deviceId, notify } satisfies MessageFrame);
  const padded = await openBytes(await chatKeyOf(key, author), frame, box);
  const text = padded && (await readText(frame, padded, author.signingKey));
  const content = text && readContent(text.content);
  if (!content) return { unreadable: 'changed_on_the_way' };
  const { after, replaces } = text;
  return { content, after, replaces, deviceId, identity: author.identity, boxHash: await sha256(box) };
}

/** Everybody with the epoch’s secret can make boxes of everybody; the signature says whose it is. */
async function readText(frame: Bytes, padded: Bytes, signingKey: Bytes): Promise<MessageText<unknown> | null> {
  const plain = unpadBytes(padded);
  const fields = plain && decodeFields('messageBox', plain);
  if (!fields) return null;
  const [json, after] = [fields.readText(), fields.readList((entry) => entry.readText())];
  const [replaces, signature] = [fields.readBytes(), fields.readBytes(SIGNATURE_LENGTH)];
  if (!fields.isComplete || after.length > MOST_PREDECESSORS) return null;
  if (replaces.length !== 0 && replaces.length !== HASH_LENGTH) return null;
  const signed = encodeFields('message', [frame, json, after, replaces]);
  if (!(await verifySignature(signingKey, signed, signature))) return null;
  return { content: parseJson(json), after, replaces: replaces.length > 0 ? replaces : null };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
