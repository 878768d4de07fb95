import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { RingDto } from '@webcall/contracts';
import type { Participant, Ring } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { CallSession } from '../call/call-session';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Rings } from './rings';
import { RoomList } from '../rooms/room-list';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';

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
    leave: jest.Mock;
  };
  let rings: Rings;
  const kind = signal<'direct' | 'group'>('direct');
  const ringing = (): string[] => rings.incoming().map(({ id }) => id);
  const tell = (more: Partial<RingDto>): void => realtime.emit('ring:changed', { ring: ring(more) });
  const others = signal<readonly Participant[]>([]);
  const inCall = signal<readonly Ring[]>([]);
  const sitDown = (): void => call.active.set({ roomId: 'room', others, rings: inCall });

  beforeEach(() => {
    jest.useFakeTimers();
    realtime = new FakeRealtime();
    realtime.answer('ring:list', () => ({ rings: [] }));
    call = { active: signal<object | null>(null), joining: signal<string | null>(null), leave: jest.fn() };
    kind.set('direct');
    others.set([]);
    inCall.set([]);
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: call },
        { provide: RoomList, useValue: { rooms: () => [{ id: 'room', kind: kind() }] } },
        { provide: Session, useValue: { user: signal({ id: 'me' }) } },
      ],
    });
    rings = TestBed.inject(Rings);
  });
  afterEach(() => jest.useRealTimers());

  it('rings for the user only, tells the caller once, and stops with the last word', () => {
    tell({ id: 'other', calleeId: 'carl' });
    tell({});
    tell({ version: 3, devices: 1 });
    expect(ringing()).toEqual(['r1']);
    expect(realtime.dataOf('ring:reach')).toEqual([{ roomId: 'room', ringId: 'r1' }]);
    tell({ version: 5, status: 'accepted' });
    expect(ringing()).toEqual([]);
  });

  it('does not ring again by an older event that comes late', () => {
    tell({ version: 4, status: 'cancelled' });
    tell({ version: 3, devices: 1 });
    expect(ringing()).toEqual([]);
  });

  it('rings after a reload and a reconnect, and no longer for what ended meanwhile', async () => {
    realtime.answer('ring:list', () => ({ rings: [ring(), ring({ id: 'mine', callerId: 'me', calleeId: 'carl' })] }));
    realtime.connected.next();
    await settled();
    expect(ringing()).toEqual(['r1']);
    realtime.connected.next();
    await settled();
    expect(realtime.dataOf('ring:reach')).toHaveLength(2);
    realtime.answer('ring:list', () => ({ rings: [] }));
    realtime.connected.next();
    await settled();
    expect(ringing()).toEqual([]);
  });

  it('asks again, and tells again that it rings, when the server could not take it', async () => {
    jest.spyOn(console, 'warn').mockReturnValueOnce();
    realtime.answer('ring:list', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.answer('ring:reach', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.connected.next();
    await settled();
    realtime.answer('ring:list', () => ({ rings: [ring()] }));
    jest.advanceTimersByTime(1000);
    await settled();
    expect(ringing()).toEqual(['r1']);
    jest.advanceTimersByTime(1000);
    await settled();
    expect(realtime.dataOf('ring:reach')).toHaveLength(2);
    tell({ status: 'cancelled', version: 9 });
    jest.advanceTimersByTime(5000);
    await settled();
    expect(realtime.dataOf('ring:reach')).toHaveLength(2);
  });

  it('keeps a ring that began while the list was on its way', async () => {
    let arrive: (answer: { rings: RingDto[] }) => void = () => undefined;
    realtime.answer('ring:list', () => new Promise((done) => (arrive = done)));
    realtime.connected.next();
    await settled();
    tell({});
    arrive({ rings: [] });
    await settled();
    expect(ringing()).toEqual(['r1']);
  });

  it('is silent from the answer on, and rings again when the answer did not get through', async () => {
    tell({});
    realtime.answer('ring:decline', () => Promise.reject(new ApiError('offline', '')));
    const declining = rings.decline(ring());
    expect(ringing()).toEqual([]);
    await expect(declining).rejects.toThrow();
    expect(ringing()).toEqual(['r1']);
    realtime.answer('ring:accept', () => Promise.reject(new ApiError('ring_over', '')));
    await expect(rings.accept(ring())).rejects.toThrow();
    expect(ringing()).toEqual([]);
  });

  it('forgets a ring and its answer a while after its end', async () => {
    tell({});
    realtime.answer('ring:decline', () => ({ ring: ring({ version: 5, status: 'declined' }) }));
    await rings.decline(ring());
    tell({ version: 4, devices: 1 });
    expect(ringing()).toEqual([]);
    jest.advanceTimersByTime(60_000);
    tell({});
    expect(ringing()).toEqual(['r1']);
  });

  it('asks to hold on and goes on ringing', async () => {
    tell({ busy: true });
    realtime.answer('ring:hold', () => ({ ring: ring({ version: 4, busy: true, waiting: true }) }));
    await rings.hold(ring());
    expect(rings.incoming()[0]?.waiting).toBe(true);
  });

  it('rings the others with an id of its own, and takes it for well that the callee calls too', async () => {
    realtime.answer('ring:start', () => Promise.reject(new ApiError('callee_in_call', '')));
    const starting = rings.start('room');
    expect(rings.starting()).toBe('room');
    await starting;
    expect(rings.starting()).toBeNull();
    await rings.start('room', ['boris']);
    const [first, second] = realtime.dataOf('ring:start');
    expect(first?.userIds).toBeUndefined();
    expect(second?.userIds).toEqual(['boris']);
    expect(first?.id).not.toBe(second?.id);
  });

  it('tells the caller the truth as time goes by', () => {
    sitDown();
    inCall.set([mine(), ring({ callerId: 'carl', calleeId: 'dora' })]);
    TestBed.tick();
    expect(rings.outgoing().map(({ phase }) => phase)).toEqual(['calling']);
    jest.advanceTimersByTime(3500);
    expect(rings.outgoing()[0]?.phase).toBe('unreached');
    inCall.set([mine({ devices: 2 })]);
    expect(rings.outgoing()[0]?.phase).toBe('ringing');
  });

  it('counts the time of a ring anew once it was gone', () => {
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

  it('leaves a call to one person that nobody answered and says why, until the next call', () => {
    sitDown();
    inCall.set([mine()]);
    TestBed.tick();
    expect(call.leave).not.toHaveBeenCalled();
    inCall.set([mine({ status: 'declined' })]);
    TestBed.tick();
    expect(call.leave).toHaveBeenCalledTimes(1);
    call.active.set(null);
    TestBed.tick();
    expect(rings.outcome()).toMatchObject({ roomId: 'room', phase: 'declined' });
    call.joining.set('room');
    TestBed.tick();
    expect(rings.outcome()).toBeNull();
  });

  it('stays in a call of several, and in one that somebody is in', () => {
    sitDown();
    kind.set('group');
    inCall.set([mine({ status: 'missed' })]);
    TestBed.tick();
    kind.set('direct');
    others.set([{ id: 'p' } as Participant]);
    TestBed.tick();
    expect(call.leave).not.toHaveBeenCalled();
  });

  it('names whom to ring no longer', async () => {
    sitDown();
    await rings.cancel(mine());
    expect(realtime.dataOf('ring:cancel')).toEqual([{ roomId: 'room', ringId: 'r1', userId: 'boris' }]);
  });
});
