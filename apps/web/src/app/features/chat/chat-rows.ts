import type { PlainMessage } from '../../state/chat/message-intake';
import type { OutgoingMessage } from '../../state/chat/outbox';
import { type EntryMessage, isEntryMessage } from './describe-entry';

/** Longest pause between two messages of one person that join into one block. */
const JOIN_WITHIN_MS = 5 * 60_000;

/** A message that the server has. */
export interface MessageRow {
  kind: 'message';
  key: string;
  message: PlainMessage;
  /** Continues the message above: same author, shortly after it. */
  joined: boolean;
}

/** An entry that the server wrote: an ended or unanswered call. */
interface EntryRow {
  kind: 'entry';
  key: string;
  message: EntryMessage;
}

/** A message that is still being sent. */
export interface PendingRow {
  kind: 'pending';
  key: string;
  entry: OutgoingMessage;
  joined: boolean;
}

/** One line of the message list. */
export type ChatRow =
  MessageRow | EntryRow | PendingRow | { kind: 'day'; key: string; day: Date } | { kind: 'new'; key: 'new' };

/** Rows that are checked for changes together: a new message costs the work for its own block, not for the whole list. */
export interface ChatRowBlock {
  key: number;
  rows: readonly ChatRow[];
}

const ROWS_IN_BLOCK = 32;

/** What the rows are made of. */
export interface ChatRowSources {
  messages: readonly PlainMessage[];
  pending: readonly OutgoingMessage[];
  selfId: string;
  /** The message after this number is the first new one to the reader; undefined for no line. */
  newAfter?: number;
}

/**
 * Builds the rows: adds day lines and the line above new messages, and joins messages into blocks. A row that is as it
 * was `before` is the same object, so that only changed rows are rendered again.
 */
export function buildChatRows(sources: ChatRowSources, before: readonly ChatRow[] = []): ChatRow[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return listRows(sources).map((row) => {
    const same = known.get(row.key);
    return same && isSameRow(row, same) ? same : row;
  });
}

/**
 * Groups rows into blocks. A message stays in the block that it was in `before`, so that it is not rendered anew, and a
 * line is in the block of what follows it. A block with the same rows as before is the same object.
 */
export function groupIntoBlocks(rows: readonly ChatRow[], before: readonly ChatRowBlock[] = []): ChatRowBlock[] {
  const known = new Map(before.flatMap(({ key, rows }) => rows.filter(isMessage).map((row) => [row.key, key])));
  const grouped = new Map<number, ChatRow[]>();
  let newest = Math.max(0, ...before.map(({ key }) => key));
  let current: ChatRow[] | undefined;
  let lines: ChatRow[] = [];
  for (const row of rows) {
    if (isMessage(row)) {
      const key = known.get(row.key);
      if (key !== undefined && !grouped.has(key)) grouped.set(key, (current = []));
      else if (!current || (key === undefined && current.length >= ROWS_IN_BLOCK))
        grouped.set(++newest, (current = []));
      current.push(...lines, row);
      lines = [];
    } else lines.push(row);
  }
  const former = new Map(before.map((block) => [block.key, block]));
  return Array.from(grouped, ([key, rows]) => {
    const same = former.get(key);
    return same?.rows.length === rows.length && same.rows.every((row, i) => row === rows[i]) ? same : { key, rows };
  });
}

const isMessage = (row: ChatRow): boolean => row.kind !== 'day' && row.kind !== 'new';

function isSameRow(a: ChatRow, b: ChatRow): boolean {
  return contentOf(a) === contentOf(b) && isJoined(a) === isJoined(b);
}

function contentOf(row: ChatRow): unknown {
  switch (row.kind) {
    case 'message':
    case 'entry':
      return row.message;
    case 'pending':
      return row.entry;
    case 'day':
    case 'new':
      return row.key;
  }
}

const isJoined = (row: ChatRow): boolean => 'joined' in row && row.joined;

function listRows({ messages, pending, selfId, newAfter }: ChatRowSources): ChatRow[] {
  const rows: ChatRow[] = [];
  let day: string | undefined;
  let before: { author: string | null; at: number } | undefined;
  const addDayLineIfNeeded = (at: Date): void => {
    if (day === at.toDateString()) return;
    day = at.toDateString();
    rows.push({ kind: 'day', key: `day ${day}`, day: at });
  };
  /** @returns whether the next row continues the one above */
  const joinRow = (author: string | null, at: Date): boolean => {
    const last = rows.at(-1);
    const afterMessage = last?.kind === 'message' || last?.kind === 'pending';
    const joined = afterMessage && before?.author === author && at.getTime() - before.at < JOIN_WITHIN_MS;
    before = { author, at: at.getTime() };
    return joined;
  };
  for (const message of messages) {
    const at = new Date(message.sentAt);
    addDayLineIfNeeded(at);
    if (newAfter !== undefined && message.seq === newAfter + 1) rows.push({ kind: 'new', key: 'new' });
    if (isEntryMessage(message)) {
      rows.push({ kind: 'entry', key: message.id, message });
      continue;
    }
    const joined = joinRow(message.authorId, at) && message.authorId !== null;
    rows.push({ kind: 'message', key: message.id, message, joined });
  }
  const known = new Set(messages.map((m) => m.id));
  for (const entry of pending) {
    if (known.has(entry.id)) continue;
    // No day line: the server sets the time, and the clock of this device may be wrong.
    rows.push({ kind: 'pending', key: entry.id, entry, joined: joinRow(selfId, new Date(entry.writtenAt)) });
  }
  return rows;
}
