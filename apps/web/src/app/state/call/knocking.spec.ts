import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallChange } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { CallSession } from './call-session';
import { Knocking } from './knocking';
import { LocalMedia } from '../media/local-media';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';

const ROOM = 'room';
const refusal = (code: ApiError['code']): ApiError => new ApiError(code, code);

describe('Knocking', () => {
  let realtime: FakeRealtime;
  let knocking: Knocking;
  let refused: ApiError['code'] | null;
  let onTheWay: Promise<void>;
  let told: Promise<void>;
  const session = {
    active: signal<{ roomId: string } | null>(null),
    join: async (roomId: string): Promise<void> => {
      await onTheWay;
      if (refused) throw refusal(refused);
      session.active.set({ roomId });
      await told;
    },
    leave: async (): Promise<void> => {
      await Promise.resolve();
      session.active.set(null);
    },
  };
  const close = jest.fn();
  const phase = () => knocking.at()?.phase;
  const knocks = () => realtime.dataOf('knock:start').length;
  const answered = (outcome: 'admitted' | 'denied' | 'gone') =>
    realtime.emit('knock:answered', { roomId: ROOM, outcome });
  const changed = (change: CallChange) =>
    realtime.emit('call:changed', { roomId: ROOM, callId: 'call', version: 1, change });

  beforeEach(async () => {
    realtime = new FakeRealtime();
    refused = 'knock_first';
    onTheWay = told = Promise.resolve();
    session.active.set(null);
    close.mockReset();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: session },
        { provide: LocalMedia, useValue: { close } },
      ],
    });
    knocking = TestBed.inject(Knocking);
    knocking.arrive(ROOM);
    await knocking.ask();
  });

  it('waits, and goes in when it is let in', async () => {
    expect(phase()).toBe('waiting');
    refused = null;
    answered('admitted');
    await settled();
    expect(session.active()).toEqual({ roomId: ROOM });
    expect(knocking.at()).toBeNull();
  });

  it('says that it was not let in, and can ask again', async () => {
    answered('denied');
    expect(phase()).toBe('denied');
    await knocking.ask();
    expect([phase(), knocks()]).toEqual(['waiting', 2]);
  });

  it('waits for a call to begin when there is none, or it has ended, and then knocks by itself', async () => {
    answered('gone');
    expect(phase()).toBe('no-call');
    realtime.answer('knock:start', () => {
      throw refusal('call_not_running');
    });
    await knocking.ask();
    expect([phase(), knocking.problem()]).toEqual(['no-call', null]);
    realtime.answer('knock:start', () => ({}));
    changed({ type: 'joined', participant: {} as never });
    await settled();
    expect(phase()).toBe('waiting');
  });

  it('knocks again after the socket was lost, or goes in if it was let in meanwhile', async () => {
    realtime.reconnected.next();
    await settled();
    expect([phase(), knocks()]).toEqual(['waiting', 2]);
    refused = null;
    realtime.reconnected.next();
    await settled();
    expect(knocking.at()).toBeNull();
  });

  it('goes in when the door opens, and says when it is locked', async () => {
    const door = (value: 'open' | 'locked') =>
      realtime.emit('room:changed', {
        roomId: ROOM,
        change: { type: 'updated', name: '', visibility: 'public', door: value, closed: false },
      });
    refused = 'room_locked';
    door('locked');
    await settled();
    expect([phase(), knocking.problem()?.code]).toEqual(['idle', 'room_locked']);
    refused = 'knock_first';
    await knocking.ask();
    refused = null;
    door('open');
    await settled();
    expect(session.active()).toEqual({ roomId: ROOM });
  });

  it('tells the call when it goes away, and takes no answer after that', async () => {
    await knocking.leave();
    expect(realtime.dataOf('knock:cancel')).toEqual([{ roomId: ROOM }]);
    refused = null;
    answered('admitted');
    await settled();
    expect(session.active()).toBeNull();
  });

  it.each(['is let in', 'is refused'] as const)('does not end up inside when it goes away while it %s', async (end) => {
    let arrive: () => void = () => undefined;
    onTheWay = new Promise((done) => (arrive = done));
    if (end === 'is let in') refused = null;
    answered('admitted');
    await settled();
    await knocking.leave();
    arrive();
    await settled();
    expect([session.active(), knocking.at()]).toEqual([null, null]);
    if (end === 'is refused') expect(close).toHaveBeenCalled();
  });

  it('stays inside when the door makes place for the call before the way in is over', async () => {
    let tell: () => void = () => undefined;
    told = new Promise((done) => (tell = done));
    refused = null;
    answered('admitted');
    await settled();
    await knocking.leave();
    tell();
    await settled();
    expect([session.active(), knocking.at()]).toEqual([{ roomId: ROOM }, null]);
  });

  it('goes on waiting when the connection is lost in the middle of it', async () => {
    refused = 'offline';
    realtime.reconnected.next();
    await settled();
    expect([phase(), knocking.problem()]).toEqual(['waiting', null]);
  });
});
