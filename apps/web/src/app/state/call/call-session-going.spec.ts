import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ApiError } from '../../core/net/api-error';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import type { CallSession } from './call-session';
import { SeatStorage } from './seat-storage';
import {
  callJoinedFixture,
  FakeLocalMedia,
  FIXTURE_MEDIA_OFF,
  FIXTURE_ROOM_ID,
  startCallSession,
} from './testing/call-fixtures';
import type { FakeTransport } from './testing/fake-transport';

describe('CallSession, going', () => {
  let realtime: FakeRealtime;
  let media: FakeLocalMedia;
  let transports: FakeTransport[];
  const others = (session: CallSession) => (session.active()?.others() ?? []).map(({ id }) => id);
  const last = () => transports.at(-1) as FakeTransport;
  const join = async (): Promise<CallSession> => {
    realtime.answerCommand('call:join', () => callJoinedFixture(3, ['a']));
    const session = startCallSession({ realtime, media, transports, lockFree: true });
    await session.joinRoomCall(FIXTURE_ROOM_ID);
    TestBed.tick();
    await flushPromises();
    return session;
  };

  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
    realtime = new FakeRealtime();
    media = new FakeLocalMedia();
    transports = [];
  });
  afterEach(() => jest.useRealTimers());

  it('gives up a seat that the server may still give, when the join got no answer in time', async () => {
    realtime.answerCommand('call:join', () => Promise.reject(new ApiError('timeout', '')));
    const session = startCallSession({ realtime, media, transports, lockFree: true });
    await expect(session.joinRoomCall(FIXTURE_ROOM_ID)).rejects.toMatchObject({ code: 'timeout' });
    expect(realtime.sent.map(({ command }) => command)).toEqual(['call:join', 'call:leave']);
    expect([session.active(), transports]).toEqual([null, []]);
  });

  it('goes on in the call it is in, when a join of another one got no answer in time', async () => {
    const session = await join();
    realtime.answerCommand('call:join', () => Promise.reject(new ApiError('timeout', '')));
    realtime.answerCommand('call:resume', () => callJoinedFixture(4, ['a']));
    await expect(session.joinRoomCall('other room')).rejects.toMatchObject({ code: 'timeout' });
    await flushPromises();
    expect(realtime.sent.map(({ command }) => command)).toEqual(['call:join', 'call:join', 'call:resume']);
    expect(session.active()?.roomId).toBe(FIXTURE_ROOM_ID);
  });

  describe('to another call', () => {
    const there = callJoinedFixture(1, ['c'], { roomId: 'there', callId: 'other call', participantId: 'me there' });
    const moved = (): void =>
      realtime.emitServerEvent('call:changed', {
        ...{ roomId: FIXTURE_ROOM_ID, callId: 'call', version: 4 },
        change: { type: 'left', participantId: 'me', reason: 'moved' },
      });

    it('moves once the seat there is sure', async () => {
      const session = await join();
      const [former] = transports;
      realtime.answerCommand('call:join', () => {
        expect(former?.closed).toBe(false);
        moved();
        return there;
      });
      await session.joinRoomCall('there');
      expect(realtime.sentDataOf('call:join').at(-1)).toMatchObject({ roomId: 'there', takeOver: true });
      expect(realtime.sentDataOf('call:leave')).toEqual([]);
      expect(former?.closed).toBe(true);
      expect(others(session)).toEqual(['c']);
      expect(media.closeLocalMedia).not.toHaveBeenCalled();
    });

    it('stays when it is refused there', async () => {
      const session = await join();
      realtime.answerCommand('call:join', () => {
        throw new ApiError('room_locked', 'The room is locked.');
      });
      await expect(session.joinRoomCall('there')).rejects.toThrow('locked');
      expect(session.active()?.roomId).toBe(FIXTURE_ROOM_ID);
      expect(last().closed).toBe(false);
    });
  });

  it('announces nothing more of a call that it has left', async () => {
    const session = await join();
    jest.useFakeTimers();
    let refuse: (why: Error) => void = () => undefined;
    realtime.answerCommand('call:update', () => new Promise((_, reject) => (refuse = reject)));
    media.state.set({ ...FIXTURE_MEDIA_OFF, microphone: false });
    TestBed.tick();
    await flushPromises();
    await session.leaveActiveCall();
    refuse(new ApiError('unavailable', ''));
    await flushPromises();
    jest.advanceTimersByTime(5000);
    await flushPromises();
    expect(realtime.sentDataOf('call:update')).toHaveLength(1);
  });

  it('leaves: closes links and devices, and forgets the seat', async () => {
    const session = await join();
    await session.leaveActiveCall();
    expect(realtime.sentDataOf('call:leave')).toHaveLength(1);
    expect(last().closed).toBe(true);
    expect(media.closeLocalMedia).toHaveBeenCalled();
    expect(session.active()).toBeNull();
    expect(TestBed.inject(SeatStorage).loadStoredSeat()).toBeNull();
  });
});
