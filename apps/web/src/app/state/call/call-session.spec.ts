import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallJoinedDto, RoomOpenedDto } from '@webcall/contracts';
import type { RoomKind } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import type { CallSession } from './call-session';
import { SeatKeeper } from './seat-keeper';
import { BrowserStorage } from '../../core/browser/storage';
import {
  arrives,
  changed,
  FakeMedia,
  joined,
  NOBODY_ELSE,
  OFF,
  person,
  ROOM,
  startSession,
} from './testing/call-fixtures';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';
import { type FakeTransport } from './testing/fake-transport';

describe('CallSession', () => {
  let realtime: FakeRealtime;
  let media: FakeMedia;
  let transports: FakeTransport[];
  let lockFree: boolean;
  const start = (): CallSession => startSession({ realtime, media, transports, lockFree });
  const join = async (answer = joined(3, ['a'])): Promise<CallSession> => {
    realtime.answer('call:join', () => answer);
    const session = start();
    await session.join(ROOM);
    TestBed.tick();
    await settled();
    return session;
  };
  /** What stands in the room when one comes back. */
  const room = (kind: RoomKind, callId: string | null): void => {
    const call = callId && { ...joined(8, ['a']), callId };
    realtime.answer('room:open', () => ({ room: { id: ROOM, kind }, call }) as unknown as RoomOpenedDto);
  };
  const others = (session: CallSession) => (session.active()?.others() ?? []).map(({ id }) => id);
  const last = () => transports.at(-1) as FakeTransport;

  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
    realtime = new FakeRealtime();
    media = new FakeMedia();
    transports = [];
    lockFree = true;
    room('group', 'call');
  });
  afterEach(() => jest.useRealTimers());

  it('joins with what is on, and hands the others and the tracks to the transport', async () => {
    const session = await join();
    expect(realtime.dataOf('call:join')).toEqual([
      { roomId: ROOM, media: { ...OFF, microphone: true }, takeOver: false },
    ]);
    expect(last().options.selfId).toBe('me');
    expect(last().told).toEqual(['participants a']);
    expect(last().tracks.get('microphone')?.id).toBe('mic');
    expect(others(session)).toEqual(['a']);
    expect(realtime.dataOf('call:update')).toEqual([]);
  });

  it('takes in what arrived before the answer', async () => {
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answer('call:join', () => new Promise((done) => (answer = done)));
    const session = start();
    const joining = session.join(ROOM);
    await settled();
    realtime.emit('call:changed', arrives(3, 'a'));
    realtime.emit('call:changed', arrives(4, 'b'));
    expect(realtime.signal({ from: 'b' })).toBe(false);
    answer(joined(3, ['a']));
    await joining;
    expect(others(session)).toEqual(['a', 'b']);
    expect(last().told).toEqual(['participants a', 'change joined', 'signal b']);
  });

  it('acknowledges a signal of the running call', async () => {
    await join();
    expect(realtime.signal({ from: 'a' })).toBe(true);
    expect(last().told).toContain('signal a');
  });

  it('asks for the whole after a gap, once, and goes on from there', async () => {
    const session = await join();
    const whole = { callId: 'call', roomId: ROOM, durationMs: 1, version: 5, ...NOBODY_ELSE };
    realtime.answer('call:get', () => ({ call: { ...whole, participants: ['a', 'b', 'c', 'me'].map(person) } }));
    realtime.emit('call:changed', arrives(5, 'c'));
    realtime.emit('call:changed', arrives(6, 'd'));
    expect(others(session)).toEqual(['a']);
    await settled();
    expect(others(session)).toEqual(['a', 'b', 'c', 'd']);
    expect(realtime.dataOf('call:get')).toHaveLength(1);
    expect(last().told.at(-1)).toBe('participants a b c d');
  });

  it('tells what goes out when that changes', async () => {
    await join();
    media.state.set({ ...OFF, microphone: true, camera: true });
    TestBed.tick();
    await settled();
    expect(realtime.dataOf('call:update')).toEqual([{ media: { ...OFF, microphone: true, camera: true } }]);
  });

  it('tells again what the server could not take, until it does or there is something newer to tell', async () => {
    await join();
    jest.useFakeTimers();
    realtime.answer('call:update', () => Promise.reject(new ApiError('unavailable', '')));
    media.state.set({ ...OFF, microphone: false });
    TestBed.tick();
    await settled();
    jest.advanceTimersByTime(1000);
    await settled();
    media.state.set({ ...OFF, microphone: true, camera: true });
    TestBed.tick();
    await settled();
    realtime.answer('call:update', () => ({ version: 4 }));
    jest.advanceTimersByTime(5000);
    await settled();
    jest.advanceTimersByTime(5000);
    const told = realtime.dataOf('call:update').map((update) => [update.media.microphone, update.media.camera]);
    expect(told).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, true],
    ]);
  });

  it('tells what changed while the seat was being taken again, and then changed back', async () => {
    await join();
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answer('call:resume', () => new Promise((done) => (answer = done)));
    realtime.reconnected.next();
    await settled();
    media.state.set(OFF);
    TestBed.tick();
    answer(joined(4, ['a']));
    await settled();
    media.state.set({ ...OFF, microphone: true });
    TestBed.tick();
    await settled();
    expect(realtime.dataOf('call:update').map((update) => update.media.microphone)).toEqual([false, true]);
  });

  it('takes the seat again when the whole cannot be asked for', async () => {
    await join();
    jest.useFakeTimers();
    realtime.answer('call:get', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.answer('call:resume', () => joined(7, ['a', 'b']));
    realtime.emit('call:changed', arrives(5, 'c'));
    await settled();
    jest.advanceTimersByTime(1000);
    await settled();
    expect(last().told.at(-2)).toBe('participants a b');
  });

  it('takes the same seat after the socket was lost, without touching the links', async () => {
    const session = await join();
    realtime.answer('call:resume', () => joined(7, ['a', 'b'], { resumeKey: 'key 2' }));
    realtime.reconnected.next();
    await settled();
    expect(realtime.dataOf('call:resume')).toEqual([
      { roomId: ROOM, participantId: 'me', resumeKey: 'key', media: { ...OFF, microphone: true } },
    ]);
    expect(transports).toHaveLength(1);
    expect(last().closed).toBe(false);
    expect(last().told.slice(-3)).toEqual(['ice 0', 'participants a b', 'reconnected']);
    expect(others(session)).toEqual(['a', 'b']);
    realtime.reconnected.next();
    await settled();
    expect(realtime.dataOf('call:resume').at(-1)?.resumeKey).toBe('key 2');
  });

  it('takes a new seat when the lease of the old one has ended', async () => {
    const session = await join();
    realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answer('call:join', () => joined(9, ['a'], { participantId: 'me again' }));
    realtime.reconnected.next();
    await settled();
    expect(transports[0]?.closed).toBe(true);
    expect(last().options.selfId).toBe('me again');
    expect(session.active()?.selfId).toBe('me again');
    expect(media.close).not.toHaveBeenCalled();
  });

  it('comes back to the other one of two who waits', async () => {
    const session = await join();
    room('direct', 'call');
    realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answer('call:join', () => joined(9, ['a'], { participantId: 'me again' }));
    realtime.reconnected.next();
    await settled();
    expect(session.active()?.selfId).toBe('me again');
  });

  it.each([null, 'another call'])(
    'starts no call alone with who has hung up meanwhile: now there is %s',
    async (now) => {
      const session = await join();
      room('direct', now);
      realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
      realtime.reconnected.next();
      await settled();
      expect(realtime.dataOf('call:join')).toHaveLength(1);
      expect(session.active()).toBeNull();
      expect(session.ended()).toEqual({ roomId: ROOM, why: 'over' });
      expect(media.close).toHaveBeenCalled();
    },
  );

  it('starts the call of a group again when all the others have left it meanwhile', async () => {
    const session = await join();
    room('group', null);
    realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answer('call:join', () => joined(1, [], { participantId: 'me again', callId: 'call 2' }));
    realtime.reconnected.next();
    await settled();
    expect(session.active()?.callId).toBe('call 2');
  });

  it('does not put anybody back into a call after a long absence', async () => {
    const session = await join();
    realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    jest.spyOn(Date, 'now').mockReturnValueOnce(Date.now() + 3 * 60_000);
    realtime.reconnected.next();
    await settled();
    expect(session.active()).toBeNull();
    expect(session.ended()).toEqual({ roomId: ROOM, why: 'away' });
    expect(media.close).toHaveBeenCalled();
  });

  it('tells who was taken out of the call while the line was gone', async () => {
    const session = await join();
    realtime.answer('call:resume', () => Promise.reject(new ApiError('participant_not_found', '')));
    realtime.answer('call:join', () => Promise.reject(new ApiError('removed_from_call', '')));
    realtime.reconnected.next();
    await settled();
    expect(session.ended()).toEqual({ roomId: ROOM, why: 'removed' });
  });

  it('ends when the two are no longer contacts', async () => {
    const session = await join();
    realtime.answer('call:resume', () => Promise.reject(new ApiError('not_contacts', '')));
    realtime.reconnected.next();
    await settled();
    expect(session.active()).toBeNull();
  });

  it('tries again when the server cannot resume at the moment', async () => {
    const session = await join();
    jest.useFakeTimers();
    realtime.answer('call:resume', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.reconnected.next();
    await settled();
    realtime.answer('call:resume', () => joined(4, ['a']));
    jest.advanceTimersByTime(1000);
    await settled();
    expect(realtime.dataOf('call:resume')).toHaveLength(2);
    expect(session.active()?.selfId).toBe('me');
  });

  it('lets the call go when another tab has taken the seat', async () => {
    const session = await join();
    realtime.emit('call:changed', changed(4, { type: 'left', participantId: 'me', reason: 'moved' }));
    expect(session.active()).toBeNull();
    expect(session.ended()?.why).toBe('moved');
    expect(last().closed).toBe(true);
    expect(TestBed.inject(SeatKeeper).kept()).toBeNull();
  });

  it('ends with the membership in the room', async () => {
    const session = await join();
    realtime.emit('room:changed', { roomId: ROOM, change: { type: 'member_left', userId: 'user a' } });
    expect(session.active()).not.toBeNull();
    realtime.emit('room:changed', { roomId: ROOM, change: { type: 'member_left', userId: 'user me' } });
    expect(session.active()).toBeNull();
    expect(session.ended()?.why).toBe('removed');
  });

  it('takes the seat again after a reload, silent at first, with the same devices', async () => {
    const seat = { roomId: ROOM, participantId: 'me', resumeKey: 'key', microphone: true, camera: true };
    TestBed.inject(BrowserStorage).tab.set('seat', seat);
    TestBed.resetTestingModule();
    realtime.answer('call:resume', () => joined(5, ['a']));
    const session = start();
    await settled();
    expect(realtime.dataOf('call:resume')).toEqual([
      { roomId: ROOM, participantId: 'me', resumeKey: 'key', fresh: true, media: OFF },
    ]);
    expect(others(session)).toEqual(['a']);
    expect(media.want).toHaveBeenCalledWith({ microphone: true, camera: true });
    expect(media.openWanted).toHaveBeenCalled();
  });

  it('goes where one is called while the seat from before a reload is being taken again', async () => {
    const seat = { roomId: ROOM, participantId: 'me', resumeKey: 'key', microphone: true, camera: false };
    TestBed.inject(BrowserStorage).tab.set('seat', seat);
    TestBed.resetTestingModule();
    let answer: (value: CallJoinedDto) => void = () => undefined;
    realtime.answer('call:resume', () => new Promise((done) => (answer = done)));
    realtime.answer('call:join', () => ({ ...joined(1, ['c']), roomId: 'there', callId: 'other call' }));
    const session = start();
    await settled();
    const answered = session.join('there');
    await settled();
    expect(realtime.dataOf('call:join')).toEqual([]);
    answer(joined(5, ['a']));
    await answered;
    expect(session.active()?.roomId).toBe('there');
    expect(realtime.dataOf('call:join').at(-1)?.takeOver).toBe(true);
  });

  it('leaves the seat alone in a duplicated tab', async () => {
    const seat = { roomId: ROOM, participantId: 'me', resumeKey: 'key', microphone: true, camera: false };
    TestBed.inject(BrowserStorage).tab.set('seat', seat);
    TestBed.resetTestingModule();
    lockFree = false;
    const session = start();
    await settled();
    expect(realtime.sent).toEqual([]);
    expect(session.active()).toBeNull();
    expect(TestBed.inject(SeatKeeper).kept()).toBeNull();
  });

  it('says so when another tab of the device has the seat', async () => {
    const session = start();
    realtime.answer('call:join', () => Promise.reject(new ApiError('already_in_call', '')));
    await expect(session.join(ROOM)).rejects.toMatchObject({ code: 'already_in_call' });
    expect(session.joining()).toBeNull();
    realtime.answer('call:join', () => joined(3, []));
    await session.join(ROOM, true);
    expect(realtime.dataOf('call:join').at(-1)?.takeOver).toBe(true);
    expect(session.active()?.selfId).toBe('me');
  });

  describe('from one call to another', () => {
    const there = { ...joined(1, ['c']), roomId: 'there', callId: 'other call', participantId: 'me there' };
    const moved = (): void =>
      realtime.emit('call:changed', {
        ...{ roomId: ROOM, callId: 'call', version: 4 },
        change: { type: 'left', participantId: 'me', reason: 'moved' },
      });

    it('moves once the seat there is sure', async () => {
      const session = await join();
      const [former] = transports;
      realtime.answer('call:join', () => {
        expect(former?.closed).toBe(false);
        moved();
        return there;
      });
      await session.join('there');
      expect(realtime.dataOf('call:join').at(-1)).toMatchObject({ roomId: 'there', takeOver: true });
      expect(realtime.dataOf('call:leave')).toEqual([]);
      expect(former?.closed).toBe(true);
      expect(others(session)).toEqual(['c']);
      expect(media.close).not.toHaveBeenCalled();
    });

    it('stays when it is refused there', async () => {
      const session = await join();
      realtime.answer('call:join', () => {
        throw new ApiError('room_locked', 'The room is locked.');
      });
      await expect(session.join('there')).rejects.toThrow('locked');
      expect(session.active()?.roomId).toBe(ROOM);
      expect(last().closed).toBe(false);
    });
  });

  it('leaves: links closed, devices let go, seat forgotten', async () => {
    const session = await join();
    await session.leave();
    expect(realtime.dataOf('call:leave')).toHaveLength(1);
    expect(last().closed).toBe(true);
    expect(media.close).toHaveBeenCalled();
    expect(session.active()).toBeNull();
    expect(TestBed.inject(SeatKeeper).kept()).toBeNull();
  });

  it('turns off at the source what a moderator holds, from the first moment and until it is allowed', async () => {
    const held = { ...person('me'), held: ['microphone' as const] };
    realtime.answer('call:join', () => joined(1, [], { self: held }));
    const session = start();
    await session.join(ROOM);
    TestBed.tick();
    expect(media.hold).toHaveBeenLastCalledWith(['microphone']);
    realtime.emit('call:changed', changed(2, { type: 'updated', participant: person('me') }));
    TestBed.tick();
    expect(media.hold).toHaveBeenLastCalledWith([]);
  });
});
