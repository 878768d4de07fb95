import type { CallChangedEvent } from '@webcall/contracts';
import type { CallChange, Participant } from '@webcall/domain';
import { hasMissed, rosterOf, take, type Roster } from './call-roster';

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
const start = rosterOf('me', { callId: 'c', version: 3, participants: [person('a'), person('me')] });
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
    const whole = { callId: 'c', version: 5, participants: [person('a'), person('b'), person('me')] };
    const roster = rosterOf('me', whole, gap.early);
    expect(ids(roster)).toEqual(['a', 'b', 'd']);
    expect(hasMissed(roster)).toBe(false);
  });

  it('knows that and why the own seat is gone', () => {
    expect(take(start, event(4, { type: 'left', participantId: 'me', reason: 'moved' })).over).toBe('moved');
    expect(take(start, event(4, { type: 'ended' })).over).toBe('left');
  });
});
