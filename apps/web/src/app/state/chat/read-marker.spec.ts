import { createEnvironmentInjector, EnvironmentInjector, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MessageDto, RoomDto } from '@webcall/contracts';
import { readPositionDelayMs } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { RoomList } from '../rooms/room-list';
import { ReadMarker } from './read-marker';

describe('ReadMarker', () => {
  let realtime: FakeRealtime;
  let marker: ReadMarker;
  const listed = signal<Pick<RoomDto, 'id' | 'memberCount' | 'readSeq'>>({ id: 'a', memberCount: 2, readSeq: 5 });
  const applyReadPosition = (_: string, readSeq: number): void =>
    listed.update((room) => (readSeq > room.readSeq ? { ...room, readSeq } : room));
  const reported = (): number[] => realtime.sentDataOf('chat:read').map(({ seq }) => seq);
  const post = async (seq: number, more: Partial<MessageDto> = {}): Promise<void> => {
    realtime.emitServerEvent('chat:posted', {
      ...{ id: `m${seq}`, roomId: 'a', seq, revision: 0, authorId: 'b', authorName: 'boris', sentAt: '' },
      ...{ editedAt: null, content: { type: 'text', text: 'Hello' } },
      ...more,
    });
    await flushPromises();
  };

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        ReadMarker,
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: {} },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
        { provide: RoomList, useValue: { findRoom: () => listed(), applyReadPosition } },
      ],
    });
    listed.set({ id: 'a', memberCount: 2, readSeq: 5 });
    marker = TestBed.inject(ReadMarker);
    marker.syncReadPosition({ id: 'a', lastSeq: 5, revision: 0, readSeq: 5, unread: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('draws the line above the first message that nobody saw arrive', async () => {
    jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await post(6, { authorId: 'me' });
    await post(6, { roomId: 'another' });
    expect(marker.newAfter()).toBeUndefined();
    await post(6);
    await post(7);
    expect(marker.newAfter()).toBe(5);
  });

  it('counts what comes next as read at once while the reader is at the end and looks', async () => {
    const looking = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    await post(6);
    expect(marker.readSeq()).toBe(5);
    marker.markSeenUpTo(6);
    marker.setReadsAlong(true);
    await post(7);
    await post(8, { roomId: 'another' });
    // The one before it has yet to come.
    await post(9);
    expect([marker.readSeq(), marker.newAfter()]).toEqual([7, undefined]);
    looking.mockReturnValue('hidden');
    await post(8);
    expect([marker.readSeq(), marker.newAfter()]).toEqual([7, 7]);
  });

  it('reports how far the reader has read until the server accepts it', async () => {
    jest.useFakeTimers();
    realtime.answerCommand('chat:read', () => Promise.reject(new ApiError('too_many_requests', '')));
    marker.markSeenUpTo(6);
    await jest.advanceTimersByTimeAsync(300);
    realtime.answerCommand('chat:read', ({ seq }) => ({ seq }));
    marker.markSeenUpTo(7);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reported()).toEqual([6, 7]);
    realtime.answerCommand('chat:read', () => Promise.reject(new ApiError('too_many_requests', '')));
    marker.markSeenUpTo(8);
    await jest.advanceTimersByTimeAsync(300);
    realtime.answerCommand('chat:read', ({ seq }) => ({ seq }));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reported()).toEqual([6, 7, 8, 8]);
  });

  it('shows at once in the list of rooms what was read, also when the list was loaded again', () => {
    marker.markSeenUpTo(7);
    TestBed.tick();
    expect(listed().readSeq).toBe(7);
    listed.update((room) => ({ ...room, readSeq: 5 }));
    TestBed.tick();
    expect(listed().readSeq).toBe(7);
  });

  it('gathers in a large room, and reports at the latest when the reader looks elsewhere or leaves', async () => {
    jest.useFakeTimers();
    listed.update((room) => ({ ...room, memberCount: 500 }));
    realtime.answerCommand('chat:read', ({ seq }) => ({ seq }));
    jest.spyOn(Math, 'random').mockReturnValue(0);
    marker.markSeenUpTo(6);
    await jest.advanceTimersByTimeAsync(readPositionDelayMs(500, 0) - 1);
    marker.markSeenUpTo(7);
    expect(reported()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(reported()).toEqual([7]);
    marker.markSeenUpTo(8);
    jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(reported()).toEqual([7, 8]);
    document.dispatchEvent(new Event('visibilitychange'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reported()).toEqual([7, 8]);
    marker.markSeenUpTo(9);
    TestBed.resetTestingModule();
    expect(reported()).toEqual([7, 8, 9]);
  });

  it('reports with the next connection what was read in a room that was left without one', async () => {
    jest.useFakeTimers();
    const lost = (): never => {
      throw new ApiError('offline', '');
    };
    realtime.answerCommand('chat:read', lost);
    const scope = createEnvironmentInjector([ReadMarker], TestBed.inject(EnvironmentInjector));
    marker = scope.get(ReadMarker);
    marker.syncReadPosition({ id: 'a', lastSeq: 5, revision: 0, readSeq: 5, unread: 0 });
    marker.markSeenUpTo(6);
    await jest.advanceTimersByTimeAsync(300);
    scope.destroy();
    await flushPromises();
    realtime.reconnected.next();
    await flushPromises();
    realtime.answerCommand('chat:read', ({ seq }) => ({ seq }));
    const before = reported().length;
    realtime.reconnected.next();
    await flushPromises();
    realtime.reconnected.next();
    await flushPromises();
    expect(reported().slice(before)).toEqual([6]);
  });

  it('draws no line above a message that is seen', async () => {
    jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    await post(6);
    expect(marker.newAfter()).toBeUndefined();
  });
});
