import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallChange } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { LocalMedia } from '../media/local-media';
import { CallSession } from './call-session';
import { Knocking } from './knocking';

const ROOM = 'room';
const refusal = (code: ApiError['code']): ApiError => new ApiError(code, code);

describe('Knocking', () => {
  let realtime: FakeRealtime;
  let knocking: Knocking;
  let refused: ApiError['code'] | null;
  let onTheWay: Promise<void>;
  let joinFinished: Promise<void>;
  const session = {
    active: signal<{ roomId: string } | null>(null),
    joinRoomCall: async (roomId: string): Promise<void> => {
      await onTheWay;
      if (refused) throw refusal(refused);
      session.active.set({ roomId });
      await joinFinished;
    },
    leaveActiveCall: async (): Promise<void> => {
      await Promise.resolve();
      session.active.set(null);
    },
  };
  const close = jest.fn();
  const phase = () => knocking.knockState()?.phase;
  const knocks = () => realtime.sentDataOf('knock:start').length;
  const answered = (outcome: 'admitted' | 'denied' | 'gone') =>
    realtime.emitServerEvent('knock:answered', { roomId: ROOM, outcome });
  const changed = (change: CallChange) =>
    realtime.emitServerEvent('call:changed', { roomId: ROOM, callId: 'call', version: 1, change });

  beforeEach(async () => {
    realtime = new FakeRealtime();
    refused = 'knock_first';
    onTheWay = joinFinished = Promise.resolve();
    session.active.set(null);
    close.mockReset();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: session },
        { provide: LocalMedia, useValue: { closeLocalMedia: close } },
      ],
    });
    knocking = TestBed.inject(Knocking);
    knocking.arriveAtDoor(ROOM);
    await knocking.requestAdmission();
  });

  it('waits, and joins when the knock is admitted', async () => {
    expect(phase()).toBe('waiting');
    refused = null;
    answered('admitted');
    await flushPromises();
    expect(session.active()).toEqual({ roomId: ROOM });
    expect(knocking.knockState()).toBeNull();
  });

  it('reports that the knock was denied, and can knock again', async () => {
    answered('denied');
    expect(phase()).toBe('denied');
    await knocking.requestAdmission();
    expect([phase(), knocks()]).toEqual(['waiting', 2]);
  });

  it('waits for a call to begin when there is none, or it has ended, and then knocks by itself', async () => {
    answered('gone');
    expect(phase()).toBe('no-call');
    realtime.answerCommand('knock:start', () => {
      throw refusal('call_not_running');
    });
    await knocking.requestAdmission();
    expect([phase(), knocking.problem()]).toEqual(['no-call', null]);
    realtime.answerCommand('knock:start', () => ({}));
    changed({ type: 'joined', participant: {} as never });
    await flushPromises();
    expect(phase()).toBe('waiting');
  });

  it('knocks again after the socket was lost, or joins if it was admitted meanwhile', async () => {
    realtime.reconnected.next();
    await flushPromises();
    expect([phase(), knocks()]).toEqual(['waiting', 2]);
    refused = null;
    realtime.reconnected.next();
    await flushPromises();
    expect(knocking.knockState()).toBeNull();
  });

  it('joins when the door opens, and knocks again when it is locked', async () => {
    const door = (value: 'open' | 'locked') =>
      realtime.emitServerEvent('room:changed', {
        roomId: ROOM,
        change: { type: 'updated', name: '', visibility: 'public', door: value, closed: false },
      });
    refused = 'room_locked';
    door('locked');
    await flushPromises();
    expect([phase(), knocks()]).toEqual(['waiting', 2]);
    refused = null;
    door('open');
    await flushPromises();
    expect(session.active()).toEqual({ roomId: ROOM });
  });

  it('cancels the knock when the user leaves the door, and ignores later answers', async () => {
    await knocking.leaveDoor();
    expect(realtime.sentDataOf('knock:cancel')).toEqual([{ roomId: ROOM }]);
    refused = null;
    answered('admitted');
    await flushPromises();
    expect(session.active()).toBeNull();
  });

  it.each(['is let in', 'is refused'] as const)('does not stay in after leaving the door while it %s', async (end) => {
    let arrive: () => void = () => undefined;
    onTheWay = new Promise((done) => (arrive = done));
    if (end === 'is let in') refused = null;
    answered('admitted');
    await flushPromises();
    await knocking.leaveDoor();
    arrive();
    await flushPromises();
    expect([session.active(), knocking.knockState()]).toEqual([null, null]);
    if (end === 'is refused') expect(close).toHaveBeenCalled();
  });

  it('stays in the call when the door disappears before the join has finished', async () => {
    let finishJoin: () => void = () => undefined;
    joinFinished = new Promise((done) => (finishJoin = done));
    refused = null;
    answered('admitted');
    await flushPromises();
    await knocking.leaveDoor();
    finishJoin();
    await flushPromises();
    expect([session.active(), knocking.knockState()]).toEqual([{ roomId: ROOM }, null]);
  });

  it.each(['offline', 'timeout'] as const)('drops a knock that could not be made: %s', async (code) => {
    answered('denied');
    realtime.answerCommand('knock:start', () => Promise.reject(refusal(code)));
    await knocking.requestAdmission();
    expect([phase(), knocking.problem()?.code]).toEqual(['idle', code]);
    expect(realtime.sentDataOf('knock:cancel')).toHaveLength(code === 'timeout' ? 1 : 0);
    refused = null;
    realtime.reconnected.next();
    await flushPromises();
    expect(session.active()).toBeNull();
  });

  it('asks again after a cut of more than ten seconds, instead of joining by surprise', async () => {
    refused = null;
    realtime.lastCutMs = 60_000;
    realtime.reconnected.next();
    await flushPromises();
    expect([phase(), session.active()]).toEqual(['lost', null]);
    answered('admitted');
    await flushPromises();
    expect(session.active()).toBeNull();
    await knocking.requestAdmission();
    expect(phase()).toBe('waiting');
  });
});
