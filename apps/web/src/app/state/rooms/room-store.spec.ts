import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import type { CallDto, MemberDto, MembersDto, RoomDto, RoomOpenedDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomList } from './room-list';
import { RoomStore } from './room-store';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';

const opened: RoomOpenedDto = { room: { id: 'a', name: 'Kitchen' } as RoomDto, call: null };
const publicOnly = new ApiError('forbidden', 'You are not allowed to do this.', 0, undefined, { room: { id: 'a' } });

describe('the room on the page', () => {
  let realtime: FakeRealtime;
  let member: boolean;
  const post = jest.fn(async () => {
    member = true;
    return opened.room;
  });
  const get = jest.fn<() => Promise<MembersDto>>();
  const known: RoomDto[] = [];
  let store: RoomStore;

  beforeEach(() => {
    realtime = new FakeRealtime();
    member = false;
    post.mockClear();
    get.mockReset();
    known.length = 0;
    realtime.answer('room:open', () => {
      if (!member) throw publicOnly;
      return opened;
    });
    TestBed.configureTestingModule({
      providers: [
        RoomStore,
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: { post, get } },
        { provide: RoomList, useValue: { put: () => undefined, know: (room: RoomDto) => known.push(room) } },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
      ],
    });
    store = TestBed.inject(RoomStore);
  });

  it('lets in whoever opens the link to a public room', async () => {
    await store.open('a');
    expect(post).toHaveBeenCalledTimes(1);
    expect(store.state()).toBe('ready');
  });

  it('stays closed for who was taken out, also when the connection comes back', async () => {
    await store.open('a');
    member = false;
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_left', userId: 'me' } });
    expect(store.state()).toBe('gone');
    realtime.reconnected.next();
    await settled();
    expect(store.state()).toBe('gone');
    expect(post).toHaveBeenCalledTimes(1);
  });

  it('does not lead back in who was a member when the page came', async () => {
    member = true;
    await store.open('a');
    member = false;
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_left', userId: 'me' } });
    realtime.reconnected.next();
    await settled();
    expect([store.state(), post.mock.calls.length]).toEqual(['gone', 0]);
  });

  it('is called as the other one of the two is called now', async () => {
    member = true;
    realtime.answer('room:open', () => ({ room: { id: 'a', kind: 'direct', name: 'vera' } as RoomDto, call: null }));
    await store.open('a');
    const joinedAt = '2026-01-01T00:00:00.000Z';
    const vera: MemberDto = { userId: 'v', name: 'vera.k', role: 'member', joinedAt };
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_changed', member: vera } });
    expect(store.room()?.name).toBe('vera.k');
  });

  it('asks again who is in the call when the server did not say', async () => {
    jest.useFakeTimers();
    member = true;
    await store.open('a');
    const roomId = 'a';
    const call: CallDto = {
      callId: 'c',
      roomId,
      version: 2,
      durationMs: 0,
      participants: [],
      rings: [],
      knocks: [],
      barred: [],
    };
    realtime.answer('call:get', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.emit('call:changed', {
      roomId: 'a',
      callId: 'c',
      version: 2,
      change: { type: 'left', participantId: 'p', reason: 'left' },
    });
    await settled();
    expect(store.calling()).toBe(false);
    realtime.answer('call:get', () => ({ call }));
    await jest.advanceTimersByTimeAsync(2000);
    expect(store.calling()).toBe(true);
    jest.useRealTimers();
  });

  it('lists a member who came while the list was on its way', async () => {
    member = true;
    await store.open('a');
    const vera: MemberDto = { userId: 'v', name: 'vera', role: 'member', joinedAt: '2026-01-01T00:00:00.000Z' };
    get.mockImplementationOnce(async () => {
      await Promise.resolve();
      realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_joined', member: vera } });
      return { members: [], next: null };
    });
    await store.memberLoader.load();
    await settled();
    expect(store.members()).toEqual([vera]);
  });

  it('knows of a member in whose page nobody has looked when something is told of them', async () => {
    member = true;
    await store.open('a');
    const joinedAt = '2026-01-01T00:00:00.000Z';
    const [anna, vera]: MemberDto[] = ['anna', 'vera'].map((name) => ({
      userId: name,
      name,
      role: 'member',
      joinedAt,
    }));
    get.mockResolvedValueOnce({ members: [anna!], next: 'after anna' });
    await store.memberLoader.load();
    const tell = (role: MemberDto['role']): void =>
      realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_changed', member: { ...vera!, role } } });
    tell('moderator');
    expect(store.members()?.map(({ userId, role }) => [userId, role])).toEqual([
      ['anna', 'member'],
      ['vera', 'moderator'],
    ]);
    get.mockImplementationOnce(async () => {
      await Promise.resolve();
      tell('owner');
      return { members: [vera!], next: null };
    });
    await store.memberPages.more();
    expect(store.members()?.map(({ userId, role }) => [userId, role])).toEqual([
      ['anna', 'member'],
      ['vera', 'owner'],
    ]);
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_left', userId: 'vera' } });
    expect(store.members()).toEqual([anna]);
  });

  it('puts the room into the list, of which its page may not have come yet', async () => {
    member = true;
    await store.open('a');
    expect(known).toEqual([opened.room]);
  });

  it.each(['removed_from_room', 'room_locked'] as const)('says why it does not let in: %s', async (code) => {
    post.mockImplementationOnce(() => Promise.reject(new ApiError(code, code)));
    await store.open('a');
    expect([store.state(), store.error()?.code]).toEqual(['shut', code]);
  });
});
