import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomStore } from '../rooms/room-store';
import { Session } from '../../core/session/session';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { Typing } from './typing';

describe('Typing', () => {
  let realtime: FakeRealtime;
  let typing: Typing;

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        Typing,
        { provide: RealtimeClient, useValue: realtime },
        { provide: RoomStore, useValue: { id: signal('a') } },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
      ],
    });
    typing = TestBed.inject(Typing);
  });

  const typed = (userId: string, name: string, is = true): void =>
    realtime.emit('chat:typed', { roomId: 'a', userId, name, typing: is });

  it('shows who writes by the name that they have now, until they stop', () => {
    typed('b', 'boris');
    typed('c', 'clara');
    typed('me', 'anna');
    const member = { userId: 'b', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_changed', member } });
    expect(typing.names()).toEqual(['bob', 'clara']);
    typed('b', 'bob', false);
    expect(typing.names()).toEqual(['clara']);
  });
});
