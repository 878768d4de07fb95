import { linkedSignal, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallDto, MemberDto, RoomDto, RoomOpenedDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { RoomList } from './room-list';
import { RoomStore } from './room-store';

const opened: RoomOpenedDto = { room: { id: 'a', name: 'Kitchen' } as RoomDto, call: null };
const publicOnly = new ApiError('forbidden', 'You are not allowed to do this.', 0, undefined, {
  room: { id: 'a', name: 'Kitchen' },
});
const count = { memberCount: 3, memberChanges: 3 };

describe('RoomStore', () => {
  let realtime: FakeRealtime;
  let member: boolean;
  let api: FakeApi;
  /** The rooms of the list. */
  const rooms = signal<ReadonlyMap<string, RoomDto>>(new Map());
  let store: RoomStore;

  beforeEach(() => {
    realtime = new FakeRealtime();
    member = false;
    api = new FakeApi();
    api.answerRequest('POST /rooms/:roomId/join', () => {
      member = true;
      return opened.room;
    });
    rooms.set(new Map());
    realtime.answerCommand('room:open', () => {
      if (!member) throw publicOnly;
      return opened;
    });
    TestBed.configureTestingModule({
      providers: [
        RoomStore,
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: api },
        {
          provide: RoomList,
          useValue: {
            findRoom: (roomId: string) => rooms().get(roomId),
            storeRoom: (request: () => Promise<RoomDto>) => request(),
            openRoom: async (roomId: string) => {
              const answer = (await realtime.sendCommand('room:open', { roomId })) as RoomOpenedDto;
              rooms.update((all) => new Map(all).set(roomId, answer.room));
              return answer;
            },
          },
        },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
      ],
    });
    store = TestBed.inject(RoomStore);
  });

  it('only looks at a public room by its link, and joins it when the person says so', async () => {
    await store.openRoomById('a');
    expect([store.state(), store.visited(), store.name()]).toEqual([
      'visiting',
      { id: 'a', name: 'Kitchen' },
      'Kitchen',
    ]);
    expect(api.sent).toEqual([]);
    await Promise.all([store.joinVisitedRoom(), store.joinVisitedRoom()]);
    expect(api.requestsTo('POST /rooms/:roomId/join')).toEqual([{ roomId: 'a' }]);
    expect(store.state()).toBe('ready');
  });

  it('goes on showing a public room when joining it fails for the moment', async () => {
    await store.openRoomById('a');
    api.answerRequest('POST /rooms/:roomId/join', () => Promise.reject(new ApiError('unavailable', '')));
    await expect(store.joinVisitedRoom()).rejects.toMatchObject({ code: 'unavailable' });
    realtime.answerCommand('room:open', () => Promise.reject(new ApiError('offline', '')));
    await store.openRoomById('a');
    expect([store.state(), store.error(), store.joining()]).toEqual(['visiting', null, false]);
  });

  it('stays closed for a removed user, also after a reconnect', async () => {
    await store.openRoomById('a');
    await store.joinVisitedRoom();
    member = false;
    realtime.emitServerEvent('room:changed', { roomId: 'a', change: { type: 'member_left', userId: 'me', ...count } });
    expect(store.state()).toBe('gone');
    realtime.reconnected.next();
    await flushPromises();
    expect(store.state()).toBe('gone');
    expect(api.requestsTo('POST /rooms/:roomId/join')).toEqual([{ roomId: 'a' }]);
  });

  it('is gone when the user was removed while the answer to opening it was on its way', async () => {
    jest.spyOn(TestBed.inject(RoomList), 'openRoom').mockImplementationOnce(async () => {
      await Promise.resolve();
      // The list removes the room by this event, also from the answer.
      realtime.emitServerEvent('room:changed', {
        roomId: 'a',
        change: { type: 'member_left', userId: 'me', ...count },
      });
      return opened;
    });
    await store.openRoomById('a');
    expect([store.state(), store.room()]).toEqual(['gone', null]);
  });

  it('does not join again when the user was a member at first', async () => {
    member = true;
    await store.openRoomById('a');
    member = false;
    realtime.emitServerEvent('room:changed', { roomId: 'a', change: { type: 'member_left', userId: 'me', ...count } });
    realtime.reconnected.next();
    await flushPromises();
    expect([store.state(), api.sent]).toEqual(['gone', []]);
  });

  it('shows the room as the list has it, and as it was last when it is gone', async () => {
    member = true;
    rooms.set(new Map([['a', opened.room]]));
    const opening = store.openRoomById('a');
    expect(store.room()).toBeNull();
    await opening;
    expect(store.room()?.name).toBe('Kitchen');
    rooms.set(new Map([['a', { ...opened.room, name: 'Balcony' }]]));
    expect(store.room()?.name).toBe('Balcony');
    rooms.set(new Map());
    expect(store.room()?.name).toBe('Balcony');
  });

  it('leaves a new name alone that is being typed while messages come', async () => {
    member = true;
    await store.openRoomById('a');
    const typed = linkedSignal(store.name);
    typed.set('Balc');
    rooms.set(new Map([['a', { ...opened.room, lastSeq: 9 }]]));
    expect(typed()).toBe('Balc');
    rooms.set(new Map([['a', { ...opened.room, name: 'Garden' }]]));
    expect(typed()).toBe('Garden');
  });

  it('has one next try, however many have failed', async () => {
    jest.useFakeTimers();
    realtime.answerCommand('room:open', () => Promise.reject(new ApiError('unavailable', '')));
    await store.openRoomById('a');
    realtime.reconnected.next();
    await flushPromises();
    expect([store.state(), jest.getTimerCount()]).toEqual(['error', 1]);
    realtime.answerCommand('room:open', () => opened);
    await store.openRoomById('a');
    expect([store.state(), jest.getTimerCount()]).toEqual(['ready', 0]);
    jest.useRealTimers();
  });

  it('requests the call again when the server did not answer', async () => {
    jest.useFakeTimers();
    member = true;
    await store.openRoomById('a');
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
    realtime.answerCommand('call:get', () => Promise.reject(new ApiError('unavailable', '')));
    realtime.emitServerEvent('call:changed', {
      roomId: 'a',
      callId: 'c',
      version: 2,
      change: { type: 'left', participantId: 'p', reason: 'left' },
    });
    await flushPromises();
    expect(store.calling()).toBe(false);
    realtime.answerCommand('call:get', () => ({ call }));
    await jest.advanceTimersByTimeAsync(2000);
    expect(store.calling()).toBe(true);
    jest.useRealTimers();
  });

  it('lists a member who joined while the list was on its way', async () => {
    member = true;
    await store.openRoomById('a');
    const vera: MemberDto = { userId: 'v', name: 'vera', role: 'member', joinedAt: '2026-01-01T00:00:00.000Z' };
    api.answerRequest('GET /rooms/:roomId/members', async () => {
      await Promise.resolve();
      realtime.emitServerEvent('room:changed', {
        roomId: 'a',
        change: { type: 'member_joined', member: vera, ...count },
      });
      return { members: [], next: null };
    });
    await store.memberLoader.loadSnapshot();
    await flushPromises();
    expect(store.members()).toEqual([vera]);
  });

  it('lists a member from a page that is not loaded when an event changes them', async () => {
    member = true;
    await store.openRoomById('a');
    const joinedAt = '2026-01-01T00:00:00.000Z';
    const [anna, vera]: MemberDto[] = ['anna', 'vera'].map((name) => ({
      userId: name,
      name,
      role: 'member',
      joinedAt,
    }));
    api.answerRequest('GET /rooms/:roomId/members', () => ({ members: [anna!], next: 'after anna' }));
    await store.memberLoader.loadSnapshot();
    const emitRole = (role: MemberDto['role']): void =>
      realtime.emitServerEvent('room:changed', {
        roomId: 'a',
        change: { type: 'member_changed', member: { ...vera!, role } },
      });
    emitRole('moderator');
    expect(store.members()?.map(({ userId, role }) => [userId, role])).toEqual([
      ['anna', 'member'],
      ['vera', 'moderator'],
    ]);
    api.answerRequest('GET /rooms/:roomId/members', async () => {
      await Promise.resolve();
      emitRole('owner');
      return { members: [vera!], next: null };
    });
    await store.memberPages.loadNextPage();
    expect(store.members()?.map(({ userId, role }) => [userId, role])).toEqual([
      ['anna', 'member'],
      ['vera', 'owner'],
    ]);
    realtime.emitServerEvent('room:changed', {
      roomId: 'a',
      change: { type: 'member_left', userId: 'vera', ...count },
    });
    expect(store.members()).toEqual([anna]);
  });

  it.each(['removed_from_room', 'room_locked'] as const)('says at once who may not join: %s', async (code) => {
    realtime.answerCommand('room:open', () => {
      throw new ApiError('forbidden', '', 0, undefined, { room: { id: 'a', name: 'Kitchen', refusal: code } });
    });
    await store.openRoomById('a');
    expect([store.state(), store.error()?.code, api.sent]).toEqual(['shut', code, []]);
  });

  it.each(['removed_from_room', 'room_locked'] as const)('reports why the user may not join: %s', async (code) => {
    api.answerRequest('POST /rooms/:roomId/join', () => Promise.reject(new ApiError(code, code)));
    await store.openRoomById('a');
    await store.joinVisitedRoom();
    expect([store.state(), store.error()?.code]).toEqual(['shut', code]);
  });
});
