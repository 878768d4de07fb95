import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallChangedEvent, CallDto } from '@webcall/contracts';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { CallRosters, type RosterUpdate } from './call-rosters';
import {
  callChangedFixture,
  callJoinedFixture,
  FIXTURE_ROOM_ID,
  NO_RINGS_OR_KNOCKS,
  participantFixture,
  participantJoinsFixture,
} from './testing/call-fixtures';

const snapshot = (version: number, ids: string[], more: Partial<CallDto> = {}): CallDto => ({
  ...{ callId: 'call', roomId: FIXTURE_ROOM_ID, version, durationMs: 7, ...NO_RINGS_OR_KNOCKS },
  participants: ids.map(participantFixture),
  ...more,
});

describe('CallRosters', () => {
  let realtime: FakeRealtime;
  let rosters: CallRosters;
  let updates: RosterUpdate[];
  /** The answers to `call:get` that have not come yet. */
  let waiting: ((call: CallDto | null) => void)[];
  const ids = (): string[] | undefined => rosters.rosterOf(FIXTURE_ROOM_ID)?.participants.map(({ id }) => id);
  const emit = (event: CallChangedEvent): void => realtime.emitServerEvent('call:changed', event);
  const answer = async (call: CallDto | null): Promise<void> => {
    waiting.shift()?.(call);
    await flushPromises();
  };
  const open = async (call: CallDto | null): Promise<void> => {
    await rosters.requestCall(
      FIXTURE_ROOM_ID,
      () => Promise.resolve(call),
      (it) => it,
    );
  };

  beforeEach(() => {
    realtime = new FakeRealtime();
    [updates, waiting] = [[], []];
    realtime.answerCommand('call:get', () => new Promise((done) => waiting.push((call) => done({ call }))));
    TestBed.configureTestingModule({ providers: [{ provide: RealtimeClient, useValue: realtime }] });
    rosters = TestBed.inject(CallRosters);
    rosters.updates.subscribe((update) => updates.push(update));
  });
  afterEach(() => jest.useRealTimers());

  it('follows a call from its beginning to its end, and then the next one', () => {
    emit(participantJoinsFixture(1, 'a'));
    emit(participantJoinsFixture(2, 'b'));
    emit(participantJoinsFixture(2, 'b'));
    expect(ids()).toEqual(['a', 'b']);
    emit(callChangedFixture(3, { type: 'ended' }));
    expect(ids()).toBeUndefined();
    emit({ ...participantJoinsFixture(1, 'c'), callId: 'next' });
    expect(ids()).toEqual(['c']);
    expect(updates.map(({ event, roster }) => [event?.version, roster?.participants.length])).toEqual([
      [1, 1],
      [2, 2],
      [3, 0],
      [1, 1],
    ]);
    expect(realtime.sentDataOf('call:get')).toEqual([]);
  });

  it('fetches a running call whose beginning it has missed, and shows nothing of it before', async () => {
    emit(participantJoinsFixture(5, 'b'));
    emit(participantJoinsFixture(6, 'c'));
    expect([ids(), updates.length]).toEqual([undefined, 0]);
    await flushPromises();
    await answer(snapshot(5, ['a', 'b']));
    expect(ids()).toEqual(['a', 'b', 'c']);
    expect(updates.at(-1)?.durationMs).toBe(7);
    expect(realtime.sentDataOf('call:get')).toEqual([{ roomId: FIXTURE_ROOM_ID }]);
  });

  it('announces nothing for a change that has to wait for an earlier one', async () => {
    await open(snapshot(2, ['a']));
    emit(participantJoinsFixture(4, 'c'));
    expect(updates.map(({ roster }) => roster?.version)).toEqual([2]);
    emit(participantJoinsFixture(3, 'b'));
    expect(updates.map(({ roster }) => roster?.version)).toEqual([2, 4]);
  });

  it('fetches the call again until nothing is missing', async () => {
    await open(snapshot(2, ['a']));
    emit(participantJoinsFixture(4, 'c'));
    await flushPromises();
    emit(participantJoinsFixture(6, 'e'));
    await answer(snapshot(4, ['a', 'b', 'c']));
    expect(ids()).toEqual(['a', 'b', 'c']);
    await answer(snapshot(6, ['a', 'b', 'c', 'd', 'e']));
    expect(ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(waiting).toEqual([]);
  });

  it('takes no older answer', async () => {
    await open(snapshot(2, ['a']));
    emit(participantJoinsFixture(3, 'b'));
    await open(snapshot(2, ['a']));
    expect(ids()).toEqual(['a', 'b']);
    emit(callChangedFixture(4, { type: 'ended' }));
    await open(snapshot(3, ['a', 'b']));
    expect(ids()).toBeUndefined();
  });

  it('asks again when a call began while an answer without it was on its way', async () => {
    let arrive: (call: CallDto | null) => void = () => undefined;
    const opening = rosters.requestCall(
      FIXTURE_ROOM_ID,
      () => new Promise<CallDto | null>((done) => (arrive = done)),
      (it) => it,
    );
    emit(participantJoinsFixture(1, 'a'));
    arrive(null);
    await opening;
    expect(ids()).toEqual(['a']);
    await flushPromises();
    await answer(snapshot(1, ['a']));
    expect(ids()).toEqual(['a']);
    await open(null);
    expect(ids()).toBeUndefined();
  });

  it('has the own seat from the answer to joining on, with what has changed since', () => {
    emit(participantJoinsFixture(4, 'b'));
    const roster = rosters.storeOwnCall(callJoinedFixture(3, ['a']));
    expect(roster.participants.map(({ id }) => id)).toEqual(['a', 'me', 'b']);
    expect(rosters.storeOwnCall(callJoinedFixture(3, ['a']))).toBe(roster);
  });

  it('says that a call could not be fetched, and tries again', async () => {
    jest.useFakeTimers();
    jest.spyOn(console, 'warn').mockReturnValueOnce();
    const failures: string[] = [];
    rosters.failures.subscribe(({ roomId, error }) => failures.push(`${roomId} ${error.code}`));
    realtime.answerCommand('call:get', () => Promise.reject(new ApiError('unavailable', '')));
    emit(participantJoinsFixture(2, 'b'));
    await flushPromises();
    expect([failures, ids()]).toEqual([[`${FIXTURE_ROOM_ID} unavailable`], undefined]);
    realtime.answerCommand('call:get', () => ({ call: snapshot(2, ['a', 'b']) }));
    await jest.advanceTimersByTimeAsync(2000);
    expect([ids(), jest.getTimerCount()]).toEqual([['a', 'b'], 0]);
  });
});
