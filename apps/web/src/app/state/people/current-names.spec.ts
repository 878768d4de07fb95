import { TestBed } from '@angular/core/testing';
import type { ContactDto, MemberDto, UserDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { AccessTokenStore } from '../../core/session/access-token-store';
import { Session } from '../../core/session/session';
import type { PlainMessage } from '../chat/message-intake';
import { CurrentNames } from './current-names';

const user: UserDto = { id: 'me', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const member = (userId: string, name: string): MemberDto => ({ userId, name, role: 'member', joinedAt: '' });
const message = (more: Partial<PlainMessage> = {}): PlainMessage => ({
  ...{ id: 'm', roomId: 'a', seq: 1, revision: 0, authorId: 'b', authorName: 'boris', sentAt: '', editedAt: null },
  content: { type: 'text', text: 'Hello' },
  ...more,
});

describe('CurrentNames', () => {
  let realtime: FakeRealtime;
  let names: CurrentNames;
  const rename = (userId: string, name: string): void =>
    realtime.emitServerEvent('room:changed', {
      roomId: 'a',
      change: { type: 'member_changed', member: member(userId, name) },
    });

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: {} },
      ],
    });
    TestBed.inject(AccessTokenStore).storeAccessGrant({ accessToken: 't', expiresIn: 900, user });
    names = TestBed.inject(CurrentNames);
  });

  it('keep the given name until a newer one is known', () => {
    expect(names.currentNameOf('b', 'boris')).toBe('boris');
    rename('b', 'bob');
    expect([
      names.currentNameOf('b', 'boris'),
      names.currentNameOf('c', 'clara'),
      names.currentNameOf(null, ''),
    ]).toEqual(['bob', 'clara', '']);
    realtime.emitServerEvent('contact:changed', {
      contact: { userId: 'b', name: 'bobby', relation: 'contact' } as ContactDto,
    });
    expect(names.currentNameOf('b', 'boris')).toBe('bobby');
    realtime.emitServerEvent('contact:changed', { contact: { userId: 'b', name: '', relation: 'none' } as ContactDto });
    expect(names.currentNameOf('b', 'boris')).toBe('bobby');
  });

  it('appear on old messages and entries, and leave a message unchanged that has them', () => {
    rename('b', 'bob');
    expect(names.withNewestNames(message()).authorName).toBe('bob');
    expect(names.withNewestNames(message({ authorId: null, authorName: null })).authorName).toBeNull();
    const people = [{ userId: 'b', name: 'boris' }];
    const call = names.withNewestNames(message({ content: { type: 'call', callId: 'c', durationMs: 1, people } }));
    expect(call.content).toMatchObject({ people: [{ userId: 'b', name: 'bob' }] });
    const callees = [{ userId: 'b', name: 'boris', status: 'missed' as const }];
    const ring = names.withNewestNames(message({ authorId: 'c', content: { type: 'ring', callId: 'c', callees } }));
    expect(ring.content).toMatchObject({ callees: [{ name: 'bob', status: 'missed' }] });
    for (const same of [message({ authorName: 'bob' }), message({ authorId: 'c' })]) {
      expect(names.withNewestNames(same)).toBe(same);
    }
  });

  it('do not prefer an answer to an event of the same connection', () => {
    rename('b', 'bob');
    names.learnAuthorNames([message()]);
    expect(names.currentNameOf('b', '')).toBe('bob');
    realtime.connected.next();
    names.learnAuthorNames([message({ authorName: 'bobby' })]);
    expect(names.currentNameOf('b', '')).toBe('bobby');
  });

  it('come with each message', async () => {
    realtime.emitServerEvent('chat:posted', message({ authorName: 'bob' }));
    await flushPromises();
    expect(names.currentNameOf('b', 'boris')).toBe('bob');
  });

  it('update the own user of a device after a rename on another one', () => {
    rename('me', 'anja');
    expect(TestBed.inject(Session).user()).toEqual({ ...user, username: 'anja' });
  });
});
