import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallJoinedDto, RoomOpenedDto } from '@webcall/contracts';
import type { RoomKind } from '@webcall/domain';
import { BrowserStorage } from '../../core/browser/browser-storage';
import { ApiError } from '../../core/net/api-error';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import type { CallSession } from './call-session';
import { SeatStorage } from './seat-storage';
import {
  callChangedFixture,
  callJoinedFixture,
  FakeLocalMedia,
  FIXTURE_MEDIA_OFF,
  FIXTURE_ROOM_ID,
  NO_RINGS_OR_KNOCKS,
  participantFixture,
  participantJoinsFixture,
  startCallSession,
} from './testing/call-fixtures';
import { type FakeTransport } from './testing/fake-transport';

describe('CallSession', () => {
  let realtime: FakeRealtime;
  let media: FakeLocalMedia;
  let transports: FakeTransport[];
  let lockFree: boolean;
  const start = (): CallSession => startCallSession({ realtime, media, transports, lockFree });
  const join = async (answer = callJoinedFixture(3, ['a'])): Promise<CallSession> => {
    realtime.answerCommand('call:join', () => answer);
    const session = start();
    await session.joinRoomCall(FIXTURE_ROOM_ID);
    TestBed.tick();
    await flushPromises();
    return session;
  };
  /** What `room:open` answers when the user comes back. */
  const room = (kind: RoomKind, callId: string | null): void => {
    const call = callId && { ...callJoinedFixture(8, ['a']), callId };
    realtime.answerCommand(
      'room:open',
      () => ({ room: { id: FIXTURE_ROOM_ID, kind }, call }) as unknown as RoomOpenedDto,
    );
  };
  const others = (session: CallSession) => (session.active()?.others() ?? []).map(({ id }) => id);
  const last = () => transports.at(-1) as FakeTransport;

  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
    realtime = new FakeRealtime();
    media = new FakeLocalMedia();
    transports = [];
    lockFree = true;
    room('group', 'call');
  });
  afterEach(() => jest.useRealTimers());

  it('joins with the devices that are on, and passes the others and the tracks to the transport', async () => {
    const session = await join();
    expect(realtime.sentDataOf('call:join')).toEqual([
      { roomId: FIXTURE_ROOM_ID, media: { ...FIXTURE_MEDIA_OFF, microphone: true }, takeOver: false },
    ]);
    expect(last().options.selfId).toBe('me');
    expect(last().calls).toEqual(['participants a']);
    expect(last().tracks.get('microphone')?.id).toBe('mic');
    expect(others(session)).toEqual(['a']);
    expect(realtime.sentDataOf('call:update')).toEqual([]);
  });

  it('applies events that arrived before the answer', async () => {
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answerCommand('call:join', () => new Promise((done) => (answer = done)));
    realtime.answerCommand('call:get', () => new Promise(() => undefined));
    const session = start();
    const joining = session.joinRoomCall(FIXTURE_ROOM_ID);
    await flushPromises();
    realtime.emitServerEvent('call:changed', participantJoinsFixture(3, 'a'));
    realtime.emitServerEvent('call:changed', participantJoinsFixture(4, 'b'));
    expect(realtime.deliverSignal({ from: 'b' })).toBe(false);
    answer(callJoinedFixture(3, ['a']));
    await joining;
    expect(others(session)).toEqual(['a', 'b']);
    // Whoever was there before is a link that this device offers, and whoever came after it offers one itself.
    expect(last().calls).toEqual(['participants a', 'participants a b', 'signal b']);
  });

  it('acknowledges a signal of the running call', async () => {
    await join();
    expect(realtime.deliverSignal({ from: 'a' })).toBe(true);
    expect(last().calls).toContain('signal a');
  });

  it('fetches the whole call after a gap, once, and goes on from there', async () => {
    const session = await join();
    const whole = { callId: 'call', roomId: FIXTURE_ROOM_ID, durationMs: 1, version: 5, ...NO_RINGS_OR_KNOCKS };
    realtime.answerCommand('call:get', () => ({
      call: { ...whole, participants: ['a', 'b', 'c', 'me'].map(participantFixture) },
    }));
    realtime.emitServerEvent('call:changed', participantJoinsFixture(5, 'c'));
    realtime.emitServerEvent('call:changed', participantJoinsFixture(6, 'd'));
    expect(others(session)).toEqual(['a']);
    await flushPromises();
    expect(others(session)).toEqual(['a', 'b', 'c', 'd']);
    expect(realtime.sentDataOf('call:get')).toHaveLength(1);
    expect(last().calls.at(-1)).toBe('participants a b c d');
  });

  it('takes a new seat when the call goes on without this one', async () => {
    const session = await join();
    const whole = { callId: 'call', roomId: FIXTURE_ROOM_ID, durationMs: 1, version: 5, ...NO_RINGS_OR_KNOCKS };
    realtime.answerCommand('call:get', () => ({ call: { ...whole, participants: [participantFixture('a')] } }));
    realtime.answerCommand('call:join', () => callJoinedFixture(6, ['a'], { participantId: 'me again' }));
    realtime.emitServerEvent('call:changed', participantJoinsFixture(5, 'c'));
    await flushPromises();
    expect(session.active()?.selfId).toBe('me again');
    expect(transports[0]?.closed).toBe(true);
  });

  it('announces its media when they change', async () => {
    await join();
    media.state.set({ ...FIXTURE_MEDIA_OFF, microphone: true, camera: true });
    TestBed.tick();
    await flushPromises();
    expect(realtime.sentDataOf('call:update')).toEqual([
      { media: { ...FIXTURE_MEDIA_OFF, microphone: true, camera: true } },
    ]);
  });

  it('announces its media again until the server accepts them or they change again', async () => {
    await join();
    jest.useFakeTimers();
    realtime.answerCommand('call:update', () => Promise.reject(new ApiError('unavailable', '')));
    media.state.set({ ...FIXTURE_MEDIA_OFF, microphone: false });
    TestBed.tick();
    await flushPromises();
    jest.advanceTimersByTime(1000);
    await flushPromises();
    media.state.set({ ...FIXTURE_MEDIA_OFF, microphone: true, camera: true });
    TestBed.tick();
    await flushPromises();
    realtime.answerCommand('call:update', () => ({ version: 4 }));
    jest.advanceTimersByTime(5000);
    await flushPromises();
    jest.advanceTimersByTime(5000);
    const updates = realtime.sentDataOf('call:update').map(({ media }) => [media.microphone, media.camera]);
    expect(updates).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, true],
    ]);
  });

  it('announces a change that came during a resume and was then undone', async () => {
    await join();
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answerCommand('call:resume', () => new Promise((done) => (answer = done)));
    realtime.reconnected.next();
    await flushPromises();
    media.state.set(FIXTURE_MEDIA_OFF);
    TestBed.tick();
    answer(callJoinedFixture(4, ['a']));
    await flushPromises();
    media.state.set({ ...FIXTURE_MEDIA_OFF, microphone: true });
    TestBed.tick();
    await flushPromises();
    expect(realtime.sentDataOf('call:update').map((update) => update.media.microphone)).toEqual([false, true]);
  });

  it('resumes the seat when the whole call cannot be fetched', async () => {
    await join();
    jest.useFakeTimers();
    realtime.answerCommand('call:get', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.answerCommand('call:resume', () => callJoinedFixture(7, ['a', 'b']));
    realtime.emitServerEvent('call:changed', participantJoinsFixture(5, 'c'));
    await flushPromises();
    jest.advanceTimersByTime(1000);
    await flushPromises();
    expect(last().calls.at(-2)).toBe('participants a b');
  });

  it('resumes the same seat after the socket was lost, without touching the links', async () => {
    const session = await join();
    realtime.answerCommand('call:resume', () => callJoinedFixture(7, ['a', 'b'], { resumeKey: 'key 2' }));
    realtime.reconnected.next();
    await flushPromises();
    expect(realtime.sentDataOf('call:resume')).toEqual([
      {
        roomId: FIXTURE_ROOM_ID,
        participantId: 'me',
        resumeKey: 'key',
        media: { ...FIXTURE_MEDIA_OFF, microphone: true },
      },
    ]);
    expect(transports).toHaveLength(1);
    expect(last().closed).toBe(false);
    expect(last().calls.slice(-3)).toEqual(['ice 0', 'participants a b', 'reconnected']);
    expect(others(session)).toEqual(['a', 'b']);
    realtime.reconnected.next();
    await flushPromises();
    expect(realtime.sentDataOf('call:resume').at(-1)?.resumeKey).toBe('key 2');
  });

  it('takes a new seat when the lease of the old one has expired', async () => {
    const session = await join();
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answerCommand('call:join', () => callJoinedFixture(9, ['a'], { participantId: 'me again' }));
    realtime.reconnected.next();
    await flushPromises();
    expect(transports[0]?.closed).toBe(true);
    expect(last().options.selfId).toBe('me again');
    expect(session.active()?.selfId).toBe('me again');
    expect(media.closeLocalMedia).not.toHaveBeenCalled();
  });

  it('comes back into a direct call in which the other user waits', async () => {
    const session = await join();
    room('direct', 'call');
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answerCommand('call:join', () => callJoinedFixture(9, ['a'], { participantId: 'me again' }));
    realtime.reconnected.next();
    await flushPromises();
    expect(session.active()?.selfId).toBe('me again');
  });

  it.each([null, 'another call'])(
    'starts no new direct call after the other user has hung up: now there is %s',
    async (now) => {
      const session = await join();
      room('direct', now);
      realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
      realtime.reconnected.next();
      await flushPromises();
      expect(realtime.sentDataOf('call:join')).toHaveLength(1);
      expect(session.active()).toBeNull();
      expect(session.ended()).toEqual({ roomId: FIXTURE_ROOM_ID, why: 'over' });
      expect(media.closeLocalMedia).toHaveBeenCalled();
    },
  );

  it('starts the call of a group again when all the others have left it meanwhile', async () => {
    const session = await join();
    room('group', null);
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answerCommand('call:join', () =>
      callJoinedFixture(1, [], { participantId: 'me again', callId: 'call 2' }),
    );
    realtime.reconnected.next();
    await flushPromises();
    expect(session.active()?.callId).toBe('call 2');
  });

  it('does not put anybody back into a call after a long absence', async () => {
    const session = await join();
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    jest.spyOn(Date, 'now').mockReturnValueOnce(Date.now() + 3 * 60_000);
    realtime.reconnected.next();
    await flushPromises();
    expect(session.active()).toBeNull();
    expect(session.ended()).toEqual({ roomId: FIXTURE_ROOM_ID, why: 'away' });
    expect(media.closeLocalMedia).toHaveBeenCalled();
  });

  it('reports that the user was removed from the call while the connection was down', async () => {
    const session = await join();
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answerCommand('call:join', () => Promise.reject(new ApiError('removed_from_call', '')));
    realtime.reconnected.next();
    await flushPromises();
    expect(session.ended()).toEqual({ roomId: FIXTURE_ROOM_ID, why: 'removed' });
  });

  it('ends when the two are no longer contacts', async () => {
    const session = await join();
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('not_contacts', '')));
    realtime.reconnected.next();
    await flushPromises();
    expect(session.active()).toBeNull();
  });

  it('tries again when the server cannot resume at the moment', async () => {
    const session = await join();
    jest.useFakeTimers();
    realtime.answerCommand('call:resume', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.reconnected.next();
    await flushPromises();
    realtime.answerCommand('call:resume', () => callJoinedFixture(4, ['a']));
    jest.advanceTimersByTime(1000);
    await flushPromises();
    expect(realtime.sentDataOf('call:resume')).toHaveLength(2);
    expect(session.active()?.selfId).toBe('me');
  });

  it('ends the call here when another tab has taken the seat', async () => {
    const session = await join();
    realtime.emitServerEvent(
      'call:changed',
      callChangedFixture(4, { type: 'left', participantId: 'me', reason: 'moved' }),
    );
    expect(session.active()).toBeNull();
    expect(session.ended()?.why).toBe('moved');
    expect(last().closed).toBe(true);
    expect(TestBed.inject(SeatStorage).loadStoredSeat()).toBeNull();
  });

  it('ends with the membership in the room', async () => {
    const session = await join();
    realtime.emitServerEvent('room:changed', {
      roomId: FIXTURE_ROOM_ID,
      change: { type: 'member_left', userId: 'user a', memberCount: 2, memberChanges: 4 },
    });
    expect(session.active()).not.toBeNull();
    realtime.emitServerEvent('room:changed', {
      roomId: FIXTURE_ROOM_ID,
      change: { type: 'member_left', userId: 'user me', memberCount: 1, memberChanges: 5 },
    });
    expect(session.active()).toBeNull();
    expect(session.ended()?.why).toBe('removed');
  });

  it('resumes the seat after a reload, silent at first, with the same devices', async () => {
    const seat = { roomId: FIXTURE_ROOM_ID, participantId: 'me', resumeKey: 'key', microphone: true, camera: true };
    TestBed.inject(BrowserStorage).tab.storeValue('seat', seat);
    TestBed.resetTestingModule();
    realtime.answerCommand('call:resume', () => callJoinedFixture(5, ['a']));
    const session = start();
    await flushPromises();
    expect(realtime.sentDataOf('call:resume')).toEqual([
      { roomId: FIXTURE_ROOM_ID, participantId: 'me', resumeKey: 'key', fresh: true, media: FIXTURE_MEDIA_OFF },
    ]);
    expect(others(session)).toEqual(['a']);
    expect(media.storeWantedDevices).toHaveBeenCalledWith({ microphone: true, camera: true });
    expect(media.openWantedDevices).toHaveBeenCalled();
  });

  it('joins the call of an answered ring while the seat from before a reload is being resumed', async () => {
    const seat = { roomId: FIXTURE_ROOM_ID, participantId: 'me', resumeKey: 'key', microphone: true, camera: false };
    TestBed.inject(BrowserStorage).tab.storeValue('seat', seat);
    TestBed.resetTestingModule();
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answerCommand('call:resume', () => new Promise((done) => (answer = done)));
    realtime.answerCommand('call:join', () => ({
      ...callJoinedFixture(1, ['c']),
      roomId: 'there',
      callId: 'other call',
    }));
    const session = start();
    await flushPromises();
    const answered = session.joinRoomCall('there');
    await flushPromises();
    expect(realtime.sentDataOf('call:join')).toEqual([]);
    answer(callJoinedFixture(5, ['a']));
    await answered;
    expect(session.active()?.roomId).toBe('there');
    expect(realtime.sentDataOf('call:join').at(-1)?.takeOver).toBe(true);
  });

  it('leaves the seat alone in a duplicated tab', async () => {
    const seat = { roomId: FIXTURE_ROOM_ID, participantId: 'me', resumeKey: 'key', microphone: true, camera: false };
    TestBed.inject(BrowserStorage).tab.storeValue('seat', seat);
    TestBed.resetTestingModule();
    lockFree = false;
    const session = start();
    await flushPromises();
    expect(realtime.sent).toEqual([]);
    expect(session.active()).toBeNull();
    expect(TestBed.inject(SeatStorage).loadStoredSeat()).toBeNull();
  });

  it('reports that another tab of the device has the seat', async () => {
    const session = start();
    realtime.answerCommand('call:join', () => Promise.reject(new ApiError('already_in_call', '')));
    await expect(session.joinRoomCall(FIXTURE_ROOM_ID)).rejects.toMatchObject({ code: 'already_in_call' });
    expect(session.joining()).toBeNull();
    realtime.answerCommand('call:join', () => callJoinedFixture(3, []));
    await session.joinRoomCall(FIXTURE_ROOM_ID, true);
    expect(realtime.sentDataOf('call:join').at(-1)?.takeOver).toBe(true);
    expect(session.active()?.selfId).toBe('me');
  });

  it('turns off held media at the source, from the first moment until they are allowed', async () => {
    const held = { ...participantFixture('me'), held: ['microphone' as const] };
    realtime.answerCommand('call:join', () => callJoinedFixture(1, [], { self: held }));
    const session = start();
    await session.joinRoomCall(FIXTURE_ROOM_ID);
    TestBed.tick();
    expect(media.holdMediaKinds).toHaveBeenLastCalledWith(['microphone']);
    realtime.emitServerEvent(
      'call:changed',
      callChangedFixture(2, { type: 'updated', participant: participantFixture('me') }),
    );
    TestBed.tick();
    expect(media.holdMediaKinds).toHaveBeenLastCalledWith([]);
  });
});
