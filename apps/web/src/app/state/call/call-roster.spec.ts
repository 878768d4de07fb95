import type { CallChangedEvent } from '@webcall/contracts';
import type { CallChange, Participant, Ring } from '@webcall/domain';
import {
  applyRosterChange,
  type CallRoster,
  emptyCallRoster,
  hasMissedChanges,
  leaveReasonOf,
  raisedHands,
  rosterFromSnapshot,
} from './call-roster';

const person = (id: string, camera = false): Participant => ({
  id,
  userId: `user of ${id}`,
  name: id,
  role: 'member',
  media: { microphone: true, camera, screen: false, screenSound: false },
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
});
const event = (version: number, change: CallChange, callId = 'c'): CallChangedEvent => ({
  roomId: 'r',
  callId,
  version,
  change,
});
const ring = (calleeId: string, status: Ring['status'], id = 'ring'): Ring => ({
  id,
  callerId: 'user of a',
  callerName: 'a',
  calleeId,
  calleeName: calleeId,
  status,
  devices: 0,
  busy: false,
  quiet: false,
  waiting: false,
});
const NOTHING_ELSE = { rings: [], knocks: [], barred: [] };
const start = rosterFromSnapshot({
  callId: 'c',
  version: 3,
  participants: [person('a'), person('me')],
  ...NOTHING_ELSE,
});
/** All but the own seat. */
const ids = (roster: CallRoster) => roster.participants.map((p) => p.id).filter((id) => id !== 'me');

describe('CallRoster', () => {
  it('follows participants who join, change and leave', () => {
    let roster = applyRosterChange(start, event(4, { type: 'joined', participant: person('b') }));
    roster = applyRosterChange(roster, event(5, { type: 'updated', participant: person('b', true) }));
    roster = applyRosterChange(roster, event(6, { type: 'left', participantId: 'a', reason: 'left' }));
    expect(ids(roster)).toEqual(['b']);
    expect(roster.participants.at(-1)?.media.camera).toBe(true);
    expect(roster.version).toBe(6);
  });

  it('ignores repeats, old changes, and other calls', () => {
    const joined = event(4, { type: 'joined', participant: person('b') });
    const roster = applyRosterChange(start, joined);
    expect(applyRosterChange(roster, joined)).toBe(roster);
    expect(applyRosterChange(roster, event(2, { type: 'ended' }))).toBe(roster);
    expect(applyRosterChange(roster, event(5, { type: 'ended' }, 'another'))).toBe(roster);
  });

  it('holds back changes after a gap and applies them when the gap is filled', () => {
    let roster = applyRosterChange(start, event(6, { type: 'left', participantId: 'b', reason: 'left' }));
    roster = applyRosterChange(roster, event(5, { type: 'joined', participant: person('c') }));
    expect(ids(roster)).toEqual(['a']);
    expect(hasMissedChanges(roster)).toBe(true);
    roster = applyRosterChange(roster, event(4, { type: 'joined', participant: person('b') }));
    expect(ids(roster)).toEqual(['a', 'c']);
    expect(hasMissedChanges(roster)).toBe(false);
  });

  it('takes a snapshot after a gap, with the changes that came after it', () => {
    const gap = applyRosterChange(start, event(6, { type: 'joined', participant: person('d') }));
    const participants = [person('a'), person('b'), person('me')];
    const whole = { callId: 'c', version: 5, participants, ...NOTHING_ELSE };
    const roster = rosterFromSnapshot(whole, gap.early);
    expect(ids(roster)).toEqual(['a', 'b', 'd']);
    expect(hasMissedChanges(roster)).toBe(false);
  });

  it('knows why a participant is not in the call any more', () => {
    expect(leaveReasonOf(start, 'me')).toBeUndefined();
    const moved = applyRosterChange(start, event(4, { type: 'left', participantId: 'me', reason: 'moved' }));
    expect(leaveReasonOf(moved, 'me')).toBe('moved');
    expect(leaveReasonOf(applyRosterChange(moved, event(5, { type: 'ended' })), 'me')).toBe('moved');
    expect(leaveReasonOf(applyRosterChange(start, event(4, { type: 'ended' })), 'me')).toBe('left');
    const whole = { callId: 'c', version: 5, participants: [person('a')], ...NOTHING_ELSE };
    expect(leaveReasonOf(rosterFromSnapshot(whole), 'me')).toBe('lost');
  });

  it('keeps the newest ring of each callee', () => {
    let roster = applyRosterChange(start, event(4, { type: 'ring', ring: ring('x', 'ringing') }));
    roster = applyRosterChange(roster, event(5, { type: 'ring', ring: ring('y', 'ringing') }));
    roster = applyRosterChange(roster, event(6, { type: 'ring', ring: ring('x', 'declined') }));
    expect(roster.rings.map((r) => [r.calleeId, r.status])).toEqual([
      ['x', 'declined'],
      ['y', 'ringing'],
    ]);
    roster = applyRosterChange(roster, event(7, { type: 'ring', ring: ring('x', 'ringing', 'another') }));
    expect(roster.rings.find((r) => r.calleeId === 'x')?.id).toBe('another');
  });

  it('knows the users who wait at the door, and those who were removed', () => {
    const visitor = (id: string) => ({ id, userId: `user of ${id}`, name: id });
    let roster = applyRosterChange(start, event(4, { type: 'knocked', knock: visitor('k') }));
    roster = applyRosterChange(roster, event(5, { type: 'knocked', knock: visitor('l') }));
    roster = applyRosterChange(roster, event(6, { type: 'unknocked', knockId: 'k', outcome: 'denied' }));
    expect(roster.knocks.map(({ id }) => id)).toEqual(['l']);
    roster = applyRosterChange(roster, event(7, { type: 'barred', barred: [{ userId: 'u', name: 'u' }] }));
    expect(roster.barred.map(({ userId }) => userId)).toEqual(['u']);
    expect(applyRosterChange(roster, event(8, { type: 'barred', barred: [] })).barred).toEqual([]);
  });

  it('lists the raised hands in order', () => {
    const up = (id: string, hand: number | null) => event(0, { type: 'updated', participant: { ...person(id), hand } });
    let roster = applyRosterChange(start, { ...up('me', 4), version: 4 });
    roster = applyRosterChange(roster, { ...up('a', 5), version: 5 });
    expect(raisedHands(roster.participants).map(({ id }) => id)).toEqual(['me', 'a']);
    roster = applyRosterChange(roster, { ...up('me', null), version: 6 });
    expect(raisedHands(roster.participants).map(({ id }) => id)).toEqual(['a']);
  });

  it('begins a call with nobody in it', () => {
    const roster = applyRosterChange(emptyCallRoster('c'), event(1, { type: 'joined', participant: person('a') }));
    expect(ids(roster)).toEqual(['a']);
  });
});
