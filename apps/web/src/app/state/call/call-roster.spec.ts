import type { CallChangedEvent } from '@webcall/contracts';
import type { CallChange, Participant, Ring } from '@webcall/domain';
import { emptyRoster, hasMissed, raisedHands, rosterOf, take, type Roster } from './call-roster';

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
const start = rosterOf('me', {
  callId: 'c',
  version: 3,
  participants: [person('a'), person('me')],
  ...NOTHING_ELSE,
});
const ids = (roster: Roster) => roster.others.map((p) => p.id);

describe('roster', () => {
  it('leaves oneself out of the others', () => expect(ids(start)).toEqual(['a']));

  it('follows who joins, changes and leaves', () => {
    let roster = take(start, event(4, { type: 'joined', participant: person('b') }));
    roster = take(roster, event(5, { type: 'updated', participant: person('b', true) }));
    roster = take(roster, event(6, { type: 'left', participantId: 'a', reason: 'left' }));
    expect(ids(roster)).toEqual(['b']);
    expect(roster.others[0]?.media.camera).toBe(true);
    expect(roster.version).toBe(6);
  });

  it('ignores repeats, what is old, and other calls', () => {
    const joined = event(4, { type: 'joined', participant: person('b') });
    const roster = take(start, joined);
    expect(take(roster, joined)).toBe(roster);
    expect(take(roster, event(2, { type: 'ended' }))).toBe(roster);
    expect(take(roster, event(5, { type: 'ended' }, 'another'))).toBe(roster);
  });

  it('holds back what comes after a gap and goes on when the gap is filled', () => {
    let roster = take(start, event(6, { type: 'left', participantId: 'b', reason: 'left' }));
    roster = take(roster, event(5, { type: 'joined', participant: person('c') }));
    expect(ids(roster)).toEqual(['a']);
    expect(hasMissed(roster)).toBe(true);
    roster = take(roster, event(4, { type: 'joined', participant: person('b') }));
    expect(ids(roster)).toEqual(['a', 'c']);
    expect(hasMissed(roster)).toBe(false);
  });

  it('takes the whole after a gap, with the changes that came after it', () => {
    const gap = take(start, event(6, { type: 'joined', participant: person('d') }));
    const participants = [person('a'), person('b'), person('me')];
    const whole = { callId: 'c', version: 5, participants, ...NOTHING_ELSE };
    const roster = rosterOf('me', whole, gap.early);
    expect(ids(roster)).toEqual(['a', 'b', 'd']);
    expect(hasMissed(roster)).toBe(false);
  });

  it('knows that and why the own seat is gone', () => {
    expect(take(start, event(4, { type: 'left', participantId: 'me', reason: 'moved' })).over).toBe('moved');
    expect(take(start, event(4, { type: 'ended' })).over).toBe('left');
  });

  it('keeps the newest ring of each callee', () => {
    let roster = take(start, event(4, { type: 'ring', ring: ring('x', 'ringing') }));
    roster = take(roster, event(5, { type: 'ring', ring: ring('y', 'ringing') }));
    roster = take(roster, event(6, { type: 'ring', ring: ring('x', 'declined') }));
    expect(roster.rings.map((r) => [r.calleeId, r.status])).toEqual([
      ['x', 'declined'],
      ['y', 'ringing'],
    ]);
    roster = take(roster, event(7, { type: 'ring', ring: ring('x', 'ringing', 'another') }));
    expect(roster.rings.find((r) => r.calleeId === 'x')?.id).toBe('another');
  });

  it('knows who waits at the door, and who was taken out', () => {
    const visitor = (id: string) => ({ id, userId: `user of ${id}`, name: id });
    let roster = take(start, event(4, { type: 'knocked', knock: visitor('k') }));
    roster = take(roster, event(5, { type: 'knocked', knock: visitor('l') }));
    roster = take(roster, event(6, { type: 'unknocked', knockId: 'k', outcome: 'denied' }));
    expect(roster.knocks.map(({ id }) => id)).toEqual(['l']);
    roster = take(roster, event(7, { type: 'barred', barred: [{ userId: 'u', name: 'u' }] }));
    expect(roster.barred.map(({ userId }) => userId)).toEqual(['u']);
    expect(take(roster, event(8, { type: 'barred', barred: [] })).barred).toEqual([]);
  });

  it('follows the own seat: from the answer, and by changes', () => {
    expect(start.self?.id).toBe('me');
    const apart = { callId: 'c', version: 3, participants: [person('a')], ...NOTHING_ELSE };
    expect(rosterOf('me', { ...apart, self: person('me') }).self?.id).toBe('me');
    const held = { ...person('me'), held: ['microphone' as const] };
    const roster = take(start, event(4, { type: 'updated', participant: held }));
    expect(roster.self?.held).toEqual(['microphone']);
    expect(ids(roster)).toEqual(['a']);
  });

  it('has the raised hands in their order, the own one among them', () => {
    const up = (id: string, hand: number | null) => event(0, { type: 'updated', participant: { ...person(id), hand } });
    let roster = take(start, { ...up('me', 4), version: 4 });
    roster = take(roster, { ...up('a', 5), version: 5 });
    expect(raisedHands(roster).map(({ id }) => id)).toEqual(['me', 'a']);
    roster = take(roster, { ...up('me', null), version: 6 });
    expect(raisedHands(roster).map(({ id }) => id)).toEqual(['a']);
  });

  it('begins a call with nobody in it', () => {
    const roster = take(emptyRoster('c'), event(1, { type: 'joined', participant: person('a') }));
    expect(ids(roster)).toEqual(['a']);
  });
});
