import { jest } from '@jest/globals';
import type { CallChangedEvent } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import type { MeshOptions } from '@webcall/rtc';
import { ActiveCall } from './active-call';
import { applyRosterChange, type CallRoster, rosterFromSnapshot } from './call-roster';
import {
  callChangedFixture,
  callJoinedFixture,
  participantFixture,
  participantJoinsFixture,
} from './testing/call-fixtures';
import { FakeTransport } from './testing/fake-transport';

describe('the time of a conversation', () => {
  let roster: CallRoster;
  const activeCallWith = (others: string[], durationMs: number): ActiveCall => {
    const answer = callJoinedFixture(3, others, { durationMs });
    roster = rosterFromSnapshot({ ...answer, participants: [...answer.participants, answer.self] });
    return new ActiveCall(answer, roster, new FakeTransport({ selfId: 'me' } as MeshOptions));
  };
  const change = (activeCall: ActiveCall, event: CallChangedEvent): void => {
    roster = applyRosterChange(roster, event);
    activeCall.followRoster(roster, { event });
  };

  beforeEach(() => jest.useFakeTimers({ now: 0 }).advanceTimersByTime(60_000));
  afterEach(() => jest.useRealTimers());

  it('begins when another user comes, and goes on when they leave', () => {
    const activeCall = activeCallWith([], 0);
    const ownPhone: Participant = { ...participantFixture('b'), userId: 'user me' };
    change(activeCall, callChangedFixture(4, { type: 'joined', participant: ownPhone }));
    expect(activeCall.talkingSince()).toBeNull();
    const before = performance.now();
    change(activeCall, participantJoinsFixture(5, 'a'));
    expect(activeCall.talkingSince()).toBe(before);
    jest.advanceTimersByTime(3000);
    change(activeCall, callChangedFixture(6, { type: 'left', participantId: 'a', reason: 'left' }));
    expect(activeCall.talkingSince()).toBe(before);
  });

  it('is taken from the server after a late join or a return', () => {
    const now = performance.now();
    expect(activeCallWith(['a'], 5000).talkingSince()).toBe(now - 5000);
    expect(activeCallWith([], 5000).talkingSince()).toBe(now - 5000);
    const activeCall = activeCallWith(['a'], 0);
    expect(activeCall.talkingSince()).toBe(now);
    activeCall.followRoster({ ...roster, version: 5 }, { durationMs: 9000 });
    expect(activeCall.talkingSince()).toBe(now - 9000);
  });
});
