import { jest } from '@jest/globals';
import type { Participant } from '@webcall/domain';
import type { MeshOptions } from '@webcall/rtc';
import { CallStay } from './call-stay';
import { arrives, changed, joined, NOBODY_ELSE, person, ROOM } from './testing/call-fixtures';
import { FakeTransport } from './testing/fake-transport';

describe('the time of a conversation', () => {
  const stayOf = (others: string[], durationMs: number): CallStay =>
    new CallStay(joined(3, others, { durationMs }), new FakeTransport({ selfId: 'me' } as MeshOptions));

  beforeEach(() => jest.useFakeTimers({ now: 0 }).advanceTimersByTime(60_000));
  afterEach(() => jest.useRealTimers());

  it('begins when another user comes, and goes on when they leave', () => {
    const stay = stayOf([], 0);
    const ownPhone: Participant = { ...person('b'), userId: 'user me' };
    stay.handleChanged(changed(4, { type: 'joined', participant: ownPhone }));
    expect(stay.talkingSince()).toBeNull();
    const before = performance.now();
    stay.handleChanged(arrives(5, 'a'));
    expect(stay.talkingSince()).toBe(before);
    jest.advanceTimersByTime(3000);
    stay.handleChanged(changed(6, { type: 'left', participantId: 'a', reason: 'left' }));
    expect(stay.talkingSince()).toBe(before);
  });

  it('is what the server says to whoever comes later or back', () => {
    const now = performance.now();
    expect(stayOf(['a'], 5000).talkingSince()).toBe(now - 5000);
    expect(stayOf([], 5000).talkingSince()).toBe(now - 5000);
    const stay = stayOf(['a'], 0);
    expect(stay.talkingSince()).toBe(now);
    const whole = { callId: 'call', roomId: ROOM, version: 5, durationMs: 9000, participants: [], ...NOBODY_ELSE };
    stay.replace(whole);
    expect(stay.talkingSince()).toBe(now - 9000);
  });
});
