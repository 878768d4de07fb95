import { type Bytes, equalBytes } from '../bytes/bytes';

/** What a reader has of a message: how often it was edited, and the hash of the box. */
export interface MessageVersion {
  readonly userId: string;
  readonly edit: number;
  readonly boxHash: Bytes;
}

/** An edit that came. */
export interface IncomingEdit extends MessageVersion {
  readonly replaces: Bytes | null;
}

/** What an edit is for a reader: it counts, it is already there, or the server has it from elsewhere. */
export type EditOutcome = 'accepted' | 'repeated' | 'refused';

/**
 * @returns whether the edit takes the place of what is there. Only the author edits, and the count never goes back; who
 *   misses edits in between takes the last one, and who does not sees that it was made of what they have.
 */
export function judgeEdit(current: MessageVersion, edit: IncomingEdit): EditOutcome {
  if (edit.userId !== current.userId || !edit.replaces || edit.edit < 1) return 'refused';
  if (edit.edit === current.edit && equalBytes(edit.boxHash, current.boxHash)) return 'repeated';
  if (edit.edit <= current.edit) return 'refused';
  const follows = edit.edit === current.edit + 1;
  return !follows || equalBytes(edit.replaces, current.boxHash) ? 'accepted' : 'refused';
}

/** What a reader knows of the messages that another one names. */
export interface KnownMessages {
  /** @returns the number of a message in its room; undefined if it is not here */
  seqOf(messageId: string): number | undefined;
  /** @returns whether it is below the line to which messages have disappeared */
  hasDisappeared(messageId: string): boolean;
}

/** Messages that an author’s device had, and that are missing here, or stand behind. */
export interface OutOfOrder {
  readonly missing: readonly string[];
  readonly later: readonly string[];
}

/** @returns which of the messages in `after` were left out or moved by the server; both empty in the normal course */
export function findOutOfOrder(seq: number, after: readonly string[], known: KnownMessages): OutOfOrder {
  return {
    missing: after.filter((id) => known.seqOf(id) === undefined && !known.hasDisappeared(id)),
    later: after.filter((id) => (known.seqOf(id) ?? 0) > seq),
  };
}

const SERVERS_OWN = new Set(['call', 'ring', 'deleted', 'membership', 'settings']);

/**
 * @returns whether a message of that type may be plain at that place of an encrypted room: what the server itself says,
 *   and what was there before. Anything else is an attack, and shown as one.
 */
export function mayBePlain(type: string, seq: number, encryptedFromSeq: number): boolean {
  return seq < encryptedFromSeq || SERVERS_OWN.has(type);
}
