import fc from 'fast-check';
import type { LeaseKind } from '../../platform/live/lease-keys';
import { AWAY_LEASES, PRESENCE_LEASES } from '../../platform/realtime/user-presence';
import { JOURNAL_NOTE_LEASES, type JournalNote } from '../records/journal-notes';
import { KNOCK_LEASES, RING_DEADLINE_LEASES, RINGING_DEVICE_LEASES, SEAT_LEASES } from './call-leases';

const ended: JournalNote = { type: 'ended', callId: 'call', roomId: 'room', startedAt: 1, at: 2 };
const left: JournalNote = { type: 'left', callId: 'call', participantId: 'anna', at: 2 };
const rings: JournalNote = {
  type: 'rings',
  roomId: 'room',
  callId: 'call',
  ringId: 'ring',
  callerId: 'anna',
  rings: [{ calleeId: 'boris', status: 'missed' }],
  at: 2,
};

/**
 * The keys as replicas of other versions write and read them during an update. A line here may be added, but none may
 * change.
 */
it.each<[kind: LeaseKind<unknown, unknown>, string, group: unknown, string, member: unknown, string]>([
  [PRESENCE_LEASES, 'presence', 'user', 'user', 'socket', 'socket'],
  [AWAY_LEASES, 'away', 'user', 'user', 'socket', 'socket'],
  [SEAT_LEASES, 'seats', 'room', 'room', 'participant', 'participant'],
  [KNOCK_LEASES, 'knocks', 'room', 'room', { knockId: 'knock', socketId: 'socket' }, 'knock socket'],
  [RING_DEADLINE_LEASES, 'rings', 'callee', 'callee', { roomId: 'room', ringId: 'ring' }, 'room ring'],
  [
    RINGING_DEVICE_LEASES,
    'ring-devices',
    { sessionId: 'session', roomId: 'room', ringId: 'ring', calleeId: 'callee' },
    'room ring callee session',
    'socket',
    'socket',
  ],
  [JOURNAL_NOTE_LEASES, 'call-notes', 'call', 'call', ended, JSON.stringify(ended)],
  [JOURNAL_NOTE_LEASES, 'call-notes', 'call', 'call', rings, JSON.stringify(rings)],
  [JOURNAL_NOTE_LEASES, 'call-notes', 'call', 'call', left, JSON.stringify(left)],
])('%# keeps its keys in the store', (kind, name, group, groupText, member, memberText) => {
  expect([kind.name, kind.group.encode(group), kind.member.encode(member)]).toEqual([name, groupText, memberText]);
  expect([kind.group.decode(groupText), kind.member.decode(memberText)]).toEqual([group, member]);
});

describe('a note of the journal', () => {
  const read = (value: unknown): JournalNote | undefined => JOURNAL_NOTE_LEASES.member.decode(JSON.stringify(value));

  it('is read with fields that a newer version has added, and with a caller who has been erased', () => {
    for (const note of [ended, left, rings, { ...rings, callerId: null }])
      expect(read({ ...note, added: { later: true } })).toEqual({ ...note, added: { later: true } });
  });

  it.each([
    ['of another type', { ...ended, type: 'paused' }],
    ['of a type that every object has', { ...ended, type: 'toString' }],
    ['without a type', { callId: 'call' }],
    ['with a time as text', { ...ended, at: '2' }],
    ['without a room', { ...ended, roomId: undefined }],
    ['without a participant', { ...left, participantId: null }],
    ['with rings that are no list', { ...rings, rings: {} }],
    ['that is none', null],
    ['that is a text', 'ended'],
  ])('%s is not read', (_, value) => expect(read(value)).toBeUndefined());

  it('that is anything is read or not, without an error', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void read(value)));
  });
});
