import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';

/** The most ids of people that stand beside a box for the server to notify. */
export const MOST_NOTIFIED = 50;

/** What a box is: a message, the n-th edit of one, or a reaction to one. */
export type SealedKind =
  { readonly type: 'post' } | { readonly type: 'edit'; readonly n: number } | { readonly type: 'reaction' };

/** Where a message stands, as the server says. The box opens only there. */
export interface MessagePlace {
  readonly roomId: string;
  readonly messageId: string;
  readonly kind: SealedKind;
  /** The author. */
  readonly userId: string;
}

/** What stands in clear beside a box. */
export interface MessageFrame extends MessagePlace {
  readonly keyId: Bytes;
  readonly deviceId: string;
  readonly notify: readonly string[];
}

/** @returns the additional data of the box: what the server can read, and not change */
export function encodeFrame({ roomId, keyId, messageId, kind, userId, deviceId, notify }: MessageFrame): Bytes {
  const edit = kind.type === 'edit' ? kind.n : 0;
  return encodeFields('messageFrame', [roomId, keyId, messageId, kind.type, edit, userId, deviceId, notify]);
}
