import { TestBed } from '@angular/core/testing';
import type { ContactDto, MemberDto, MessageDto, UserDto } from '@webcall/contracts';
import { Access } from '../../core/session/access';
import { Names } from './names';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';

const user: UserDto = { id: 'me', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const member = (userId: string, name: string): MemberDto => ({ userId, name, role: 'member', joinedAt: '' });
const message = (more: Partial<MessageDto> = {}): MessageDto => ({
  ...{ id: 'm', roomId: 'a', seq: 1, revision: 0, authorId: 'b', authorName: 'boris', sentAt: '', editedAt: null },
  content: { type: 'text', text: 'Hello' },
  ...more,
});

describe('Names', () => {
  let realtime: FakeRealtime;
  let names: Names;
  const rename = (userId: string, name: string): void =>
    realtime.emit('room:changed', { roomId: 'a', change: { type: 'member_changed', member: member(userId, name) } });

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({ providers: [{ provide: RealtimeClient, useValue: realtime }] });
    TestBed.inject(Access).take({ accessToken: 't', expiresIn: 900, user });
    names = TestBed.inject(Names);
  });

  it('believe what was said until something newer is heard', () => {
    expect(names.of('b', 'boris')).toBe('boris');
    rename('b', 'bob');
    expect([names.of('b', 'boris'), names.of('c', 'clara'), names.of(null, '')]).toEqual(['bob', 'clara', '']);
    realtime.emit('contact:changed', { contact: { userId: 'b', name: 'bobby', relation: 'contact' } as ContactDto });
    expect(names.of('b', 'boris')).toBe('bobby');
    realtime.emit('contact:changed', { contact: { userId: 'b', name: '', relation: 'none' } as ContactDto });
    expect(names.of('b', 'boris')).toBe('bobby');
  });

  it('stand on old messages and entries, and leave a message as it is that has them', () => {
    rename('b', 'bob');
    expect(names.message(message()).authorName).toBe('bob');
    expect(names.message(message({ authorId: null, authorName: null })).authorName).toBeNull();
    const people = [{ userId: 'b', name: 'boris' }];
    const call = names.message(message({ content: { type: 'call', callId: 'c', durationMs: 1, people } }));
    expect(call.content).toMatchObject({ people: [{ userId: 'b', name: 'bob' }] });
    const callees = [{ userId: 'b', name: 'boris', status: 'missed' as const }];
    const ring = names.message(message({ authorId: 'c', content: { type: 'ring', callId: 'c', callees } }));
    expect(ring.content).toMatchObject({ callees: [{ name: 'bob', status: 'missed' }] });
    for (const same of [message({ authorName: 'bob' }), message({ authorId: 'c' })]) {
      expect(names.message(same)).toBe(same);
    }
  });

  it('do not take an answer for newer than an event of the same connection', () => {
    rename('b', 'bob');
    names.learn([message()]);
    expect(names.of('b', '')).toBe('bob');
    realtime.connected.next();
    names.learn([message({ authorName: 'bobby' })]);
    expect(names.of('b', '')).toBe('bobby');
  });

  it('tell a device what its own user was named at another one', () => {
    rename('me', 'anja');
    expect(TestBed.inject(Session).user()).toEqual({ ...user, username: 'anja' });
  });
});
