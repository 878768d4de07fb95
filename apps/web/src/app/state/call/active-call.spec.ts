import { jest } from '@jest/globals';
import type { Participant } from '@webcall/domain';
import type { MeshOptions } from '@webcall/rtc';
import { ActiveCall } from './active-call';
import {
  callChangedFixture,
  callJoinedFixture,
  FIXTURE_ROOM_ID,
  NO_RINGS_OR_KNOCKS,
  participantFixture,
  participantJoinsFixture,
} from './testing/call-fixtures';
import { FakeTransport } from './testing/fake-transport';

describe('the time of a conversation', () => {
  const activeCallWith = (others: string[], durationMs: number): ActiveCall =>
    new ActiveCall(callJoinedFixture(3, others, { durationMs }), new FakeTransport({ selfId: 'me' } as MeshOptions));

  beforeEach(() => jest.useFakeTimers({ now: 0 }).advanceTimersByTime(60_000));
  afterEach(() => jest.useRealTimers());

  it('begins when another user comes, and goes on when they leave', () => {
    const activeCall = activeCallWith([], 0);
    const ownPhone: Participant = { ...participantFixture('b'), userId: 'user me' };
    activeCall.applyCallChange(callChangedFixture(4, { type: 'joined', participant: ownPhone }));
    expect(activeCall.talkingSince()).toBeNull();
    const before = performance.now();
    activeCall.applyCallChange(participantJoinsFixture(5, 'a'));
    expect(activeCall.talkingSince()).toBe(before);
    jest.advanceTimersByTime(3000);
    activeCall.applyCallChange(callChangedFixture(6, { type: 'left', participantId: 'a', reason: 'left' }));
    expect(activeCall.talkingSince()).toBe(before);
  });

  it('is taken from the server after a late join or a return', () => {
    const now = performance.now();
    expect(activeCallWith(['a'], 5000).talkingSince()).toBe(now - 5000);
    expect(activeCallWith([], 5000).talkingSince()).toBe(now - 5000);
    const activeCall = activeCallWith(['a'], 0);
    expect(activeCall.talkingSince()).toBe(now);
    const whole = {
      callId: 'call',
      roomId: FIXTURE_ROOM_ID,
      version: 5,
      durationMs: 9000,
      participants: [],
      ...NO_RINGS_OR_KNOCKS,
    };
    activeCall.replaceCallState(whole);
    expect(activeCall.talkingSince()).toBe(now - 9000);
  });
});
