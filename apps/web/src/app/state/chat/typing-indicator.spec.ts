import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { RoomStore } from '../rooms/room-store';
import { TypingIndicator } from './typing-indicator';

describe('TypingIndicator', () => {
  let realtime: FakeRealtime;
  let typing: TypingIndicator;

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        TypingIndicator,
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: {} },
        { provide: RoomStore, useValue: { id: signal('a') } },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
      ],
    });
    typing = TestBed.inject(TypingIndicator);
  });

  const typed = (userId: string, name: string, is = true): void =>
    realtime.emitServerEvent('chat:typed', { roomId: 'a', userId, name, typing: is });

  it('shows writing members by their current names, until they stop', () => {
    typed('b', 'boris');
    typed('c', 'clara');
    typed('me', 'anna');
    const member = { userId: 'b', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.emitServerEvent('room:changed', { roomId: 'a', change: { type: 'member_changed', member } });
    expect(typing.names()).toEqual(['bob', 'clara']);
    typed('b', 'bob', false);
    expect(typing.names()).toEqual(['clara']);
  });

  it('shows nobody as writing whose message has come', async () => {
    typed('b', 'boris');
    realtime.emitServerEvent('chat:posted', {
      ...{ id: 'm', roomId: 'a', seq: 1, revision: 0, authorId: 'b', authorName: 'boris', sentAt: '', editedAt: null },
      content: { type: 'text', text: 'Hello' },
    });
    await flushPromises();
    expect(typing.names()).toEqual([]);
  });
});
