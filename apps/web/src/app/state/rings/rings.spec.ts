import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { RingDto } from '@webcall/contracts';
import type { Participant, Ring } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { CallSession } from '../call/call-session';
import { RoomList } from '../rooms/room-list';
import { Rings } from './rings';

const ring = (more: Partial<RingDto> = {}): RingDto => ({
  id: 'r1',
  callerId: 'boris',
  callerName: 'boris',
  calleeId: 'me',
  calleeName: 'anna',
  status: 'ringing',
  devices: 0,
  busy: false,
  quiet: false,
  waiting: false,
  roomId: 'room',
  roomName: 'boris',
  kind: 'direct',
  callId: 'call',
  version: 2,
  ...more,
});
const mine = (more: Partial<Ring> = {}): Ring => ring({ callerId: 'me', calleeId: 'boris', ...more });

describe('Rings', () => {
  let realtime: FakeRealtime;
  let call: {
    active: ReturnType<typeof signal<object | null>>;
    joining: ReturnType<typeof signal<string | null>>;
    leaveActiveCall: jest.Mock;
  };
  let rings: Rings;
  const kind = signal<'direct' | 'group'>('direct');
  const ringing = (): string[] => rings.incoming().map(({ id }) => id);
  const emitRing = (more: Partial<RingDto>): void => realtime.emitServerEvent('ring:changed', { ring: ring(more) });
  const others = signal<readonly Participant[]>([]);
  const inCall = signal<readonly Ring[]>([]);
  const sitDown = (): void => call.active.set({ roomId: 'room', others, rings: inCall });

  beforeEach(() => {
    jest.useFakeTimers();
    realtime = new FakeRealtime();
    realtime.answerCommand('ring:list', () => ({ rings: [] }));
    call = { active: signal<object | null>(null), joining: signal<string | null>(null), leaveActiveCall: jest.fn() };
    kind.set('direct');
    others.set([]);
    inCall.set([]);
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: call },
        { provide: RoomList, useValue: { findRoom: () => ({ id: 'room', kind: kind() }) } },
        { provide: Session, useValue: { user: signal({ id: 'me' }) } },
      ],
    });
    rings = TestBed.inject(Rings);
  });
  afterEach(() => jest.useRealTimers());

  it('rings for the user only, reports it to the caller once, and stops when the ring ends', () => {
    emitRing({ id: 'other', calleeId: 'carl' });
    emitRing({});
    emitRing({ version: 3, devices: 1 });
    expect(ringing()).toEqual(['r1']);
    expect(realtime.sentDataOf('ring:reach')).toEqual([{ roomId: 'room', ringId: 'r1' }]);
    emitRing({ version: 5, status: 'accepted' });
    expect(ringing()).toEqual([]);
  });

  it('does not ring again by an older event that comes late', () => {
    emitRing({ version: 4, status: 'cancelled' });
    emitRing({ version: 3, devices: 1 });
    expect(ringing()).toEqual([]);
  });

  it('rings after a reload and a reconnect, but not for rings that ended meanwhile', async () => {
    realtime.answerCommand('ring:list', () => ({
      rings: [ring(), ring({ id: 'mine', callerId: 'me', calleeId: 'carl' })],
    }));
    realtime.connected.next();
    await flushPromises();
    expect(ringing()).toEqual(['r1']);
    realtime.connected.next();
    await flushPromises();
    expect(realtime.sentDataOf('ring:reach')).toHaveLength(2);
    realtime.answerCommand('ring:list', () => ({ rings: [] }));
    realtime.connected.next();
    await flushPromises();
    expect(ringing()).toEqual([]);
  });

  it('repeats the list request, and the report that it rings, after a failure', async () => {
    realtime.answerCommand('ring:list', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.answerCommand('ring:reach', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.connected.next();
    await flushPromises();
    realtime.answerCommand('ring:list', () => ({ rings: [ring()] }));
    jest.advanceTimersByTime(2000);
    await flushPromises();
    expect(ringing()).toEqual(['r1']);
    jest.advanceTimersByTime(1000);
    await flushPromises();
    expect(realtime.sentDataOf('ring:reach')).toHaveLength(2);
    emitRing({ status: 'cancelled', version: 9 });
    jest.advanceTimersByTime(5000);
    await flushPromises();
    expect(realtime.sentDataOf('ring:reach')).toHaveLength(2);
  });

  it('keeps a ring that began while the list was on its way', async () => {
    let arrive: (answer: { rings: RingDto[] }) => void = () => undefined;
    realtime.answerCommand('ring:list', () => new Promise((done) => (arrive = done)));
    realtime.connected.next();
    await flushPromises();
    emitRing({});
    arrive({ rings: [] });
    await flushPromises();
    expect(ringing()).toEqual(['r1']);
  });

  it('is silent from the answer on, and rings again when the answer did not get through', async () => {
    emitRing({});
    realtime.answerCommand('ring:decline', () => Promise.reject(new ApiError('offline', '')));
    const declining = rings.declineIncomingRing(ring());
    expect(ringing()).toEqual([]);
    await expect(declining).rejects.toThrow();
    expect(ringing()).toEqual(['r1']);
    realtime.answerCommand('ring:accept', () => Promise.reject(new ApiError('ring_over', '')));
    await expect(rings.acceptIncomingRing(ring())).rejects.toThrow();
    expect(ringing()).toEqual([]);
  });

  it('forgets a ring and its answer a while after its end', async () => {
    emitRing({});
    realtime.answerCommand('ring:decline', () => ({ ring: ring({ version: 5, status: 'declined' }) }));
    await rings.declineIncomingRing(ring());
    emitRing({ version: 4, devices: 1 });
    expect(ringing()).toEqual([]);
    jest.advanceTimersByTime(60_000);
    emitRing({});
    expect(ringing()).toEqual(['r1']);
  });

  it('asks the caller to hold on and goes on ringing', async () => {
    emitRing({ busy: true });
    realtime.answerCommand('ring:hold', () => ({ ring: ring({ version: 4, busy: true, waiting: true }) }));
    await rings.holdIncomingRing(ring());
    expect(rings.incoming()[0]?.waiting).toBe(true);
  });

  it('rings the others with an id of its own, and accepts that the callee is in the call already', async () => {
    realtime.answerCommand('ring:start', () => Promise.reject(new ApiError('callee_in_call', '')));
    const starting = rings.startOutgoingRing('room');
    expect(rings.starting()).toBe('room');
    await starting;
    expect(rings.starting()).toBeNull();
    await rings.startOutgoingRing('room', ['boris']);
    const [first, second] = realtime.sentDataOf('ring:start');
    expect(first?.userIds).toBeUndefined();
    expect(second?.userIds).toEqual(['boris']);
    expect(first?.id).not.toBe(second?.id);
  });

  it('shows the caller the phase of the ring as time goes by', () => {
    sitDown();
    inCall.set([mine(), ring({ callerId: 'carl', calleeId: 'dora' })]);
    TestBed.tick();
    expect(rings.outgoing().map(({ phase }) => phase)).toEqual(['calling']);
    jest.advanceTimersByTime(3500);
    expect(rings.outgoing()[0]?.phase).toBe('unreached');
    inCall.set([mine({ devices: 2 })]);
    expect(rings.outgoing()[0]?.phase).toBe('ringing');
  });

  it('starts the time of a ring anew after it has disappeared', () => {
    sitDown();
    inCall.set([mine()]);
    TestBed.tick();
    jest.advanceTimersByTime(3500);
    expect(rings.outgoing()[0]?.phase).toBe('unreached');
    inCall.set([]);
    TestBed.tick();
    inCall.set([mine()]);
    expect(rings.outgoing()[0]?.phase).toBe('calling');
  });

  it('leaves an unanswered call to one person and shows why, until the next call', () => {
    sitDown();
    inCall.set([mine()]);
    TestBed.tick();
    expect(call.leaveActiveCall).not.toHaveBeenCalled();
    inCall.set([mine({ status: 'declined' })]);
    TestBed.tick();
    expect(call.leaveActiveCall).toHaveBeenCalledTimes(1);
    call.active.set(null);
    TestBed.tick();
    expect(rings.outcome()).toMatchObject({ roomId: 'room', phase: 'declined' });
    call.joining.set('room');
    TestBed.tick();
    expect(rings.outcome()).toBeNull();
  });

  it('stays in a group call, and in a call that somebody else is in', () => {
    sitDown();
    kind.set('group');
    inCall.set([mine({ status: 'missed' })]);
    TestBed.tick();
    kind.set('direct');
    others.set([{ id: 'p' } as Participant]);
    TestBed.tick();
    expect(call.leaveActiveCall).not.toHaveBeenCalled();
  });

  it('sends whom to stop ringing', async () => {
    sitDown();
    await rings.cancelOutgoingRing(mine());
    expect(realtime.sentDataOf('ring:cancel')).toEqual([{ roomId: 'room', ringId: 'r1', userId: 'boris' }]);
  });
});
