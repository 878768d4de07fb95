import { idKey, jsonKey, type LeaseKind } from '../../platform/live/lease-keys';
import type { RingAttemptNote } from '../rings/ring-records';
import type { CallEndNote, ParticipantLeftNote } from './call-records';

/** What the journal has still to write. */
export type JournalNote =
  ({ type: 'rings' } & RingAttemptNote) | ({ type: 'left' } & ParticipantLeftNote) | ({ type: 'ended' } & CallEndNote);

type Field = 'string' | 'string?' | 'number' | 'list';

/** The fields of each type of note; a caller whose account has been deleted is null. */
const NOTE_FIELDS: { [T in JournalNote['type']]: Record<keyof Extract<JournalNote, { type: T }>, Field> } = {
  rings: {
    type: 'string',
    roomId: 'string',
    callId: 'string',
    ringId: 'string',
    callerId: 'string?',
    rings: 'list',
    at: 'number',
  },
  left: { type: 'string', callId: 'string', participantId: 'string', at: 'number' },
  ended: { type: 'string', callId: 'string', roomId: 'string', startedAt: 'number', at: 'number' },
};

/** A lease of each note: in the group of its call, and the note itself as its member. */
export const JOURNAL_NOTE_LEASES: LeaseKind<string, JournalNote> = {
  name: 'call-notes',
  group: idKey,
  member: jsonKey(isJournalNote),
};

function isJournalNote(value: unknown): value is JournalNote {
  const note = value as Partial<Record<string, unknown>> | null | undefined;
  const type = note?.['type'] as string;
  if (!note || !Object.hasOwn(NOTE_FIELDS, type)) return false;
  const fields = Object.entries(NOTE_FIELDS[type as JournalNote['type']]);
  return fields.every(([name, field]) => isField(note[name], field));
}

function isField(value: unknown, field: Field): boolean {
  if (field === 'list') return Array.isArray(value);
  return field === 'string?' ? value === null || typeof value === 'string' : typeof value === field;
}
