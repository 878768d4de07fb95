import type { MessageDto } from '@webcall/contracts';
import type { OutboxEntry } from '../../state/chat/outbox';

/** How long messages of one person join into one block. */
const JOIN_WITHIN_MS = 5 * 60_000;

/** A message that the server has. */
export interface MessageRow {
  kind: 'message';
  key: string;
  message: MessageDto;
  /** Continues the message above: same person, short after it. */
  joined: boolean;
}

/** Something that the server tells: a call that has ended, or one that somebody did not answer. */
interface EntryRow {
  kind: 'entry';
  key: string;
  message: MessageDto;
}

/** A message that is on its way to the server. */
export interface PendingRow {
  kind: 'pending';
  key: string;
  entry: OutboxEntry;
  joined: boolean;
}

/** One line of the message list. */
export type Row =
  MessageRow | EntryRow | PendingRow | { kind: 'day'; key: string; day: Date } | { kind: 'new'; key: 'new' };

interface Facts {
  messages: readonly MessageDto[];
  pending: readonly OutboxEntry[];
  selfId: string;
  /** Messages after this number are new to the reader; undefined: no line. */
  newAfter?: number;
}

/** Lays out day lines, the line above the new messages, and who continues whom. */
export function rowsOf({ messages, pending, selfId, newAfter }: Facts): Row[] {
  const rows: Row[] = [];
  let before: { author: string | null; at: number; day: string } | undefined;
  const place = (author: string | null, at: Date): boolean => {
    const day = at.toDateString();
    if (before?.day !== day) rows.push({ kind: 'day', key: `day ${day}`, day: at });
    const time = at.getTime();
    const last = rows.at(-1);
    const afterMessage = last?.kind === 'message' || last?.kind === 'pending';
    const joined = afterMessage && before?.author === author && time - before.at < JOIN_WITHIN_MS;
    before = { author, at: time, day };
    return joined;
  };
  const isNew = (message: MessageDto): boolean => newAfter !== undefined && message.seq > newAfter;
  let lineDrawn = false;
  for (const message of messages) {
    const at = new Date(message.sentAt);
    if (isNew(message) && !lineDrawn) {
      if (before?.day !== at.toDateString()) place(null, at);
      rows.push({ kind: 'new', key: 'new' });
      lineDrawn = true;
    }
    if (message.content.type === 'call' || message.content.type === 'ring') {
      place(null, at);
      rows.push({ kind: 'entry', key: message.id, message });
      continue;
    }
    const joined = place(message.authorId, at) && message.authorId !== null;
    rows.push({ kind: 'message', key: message.id, message, joined });
  }
  const known = new Set(messages.map((m) => m.id));
  for (const entry of pending) {
    if (known.has(entry.id)) continue;
    rows.push({ kind: 'pending', key: entry.id, entry, joined: place(selfId, new Date(entry.writtenAt)) });
  }
  return rows;
}
