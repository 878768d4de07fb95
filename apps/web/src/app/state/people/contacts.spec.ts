import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ContactDto, ContactsDto, RoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { Contacts } from './contacts';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomList } from '../rooms/room-list';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';

const contact = (userId: string, more: Partial<ContactDto> = {}): ContactDto => ({
  userId,
  name: userId,
  relation: 'contact',
  presence: 'offline',
  lastSeenAt: null,
  ringtone: null,
  roomId: null,
  since: '2026-01-01T00:00:00.000Z',
  ...more,
});

const page = (contacts: ContactDto[], next: string | null = null): ContactsDto => ({ contacts, next });

describe('Contacts', () => {
  let realtime: FakeRealtime;
  let asked: string[];
  let answers: Map<string, unknown>;
  let rooms: RoomDto[];
  let guest: boolean;
  const names = (contacts: readonly ContactDto[]): string[] => contacts.map(({ name }) => name);

  const start = async (...first: ContactDto[] | [ApiError]): Promise<Contacts> => {
    answers.set('GET /contacts', first[0] instanceof ApiError ? first[0] : page(first as ContactDto[]));
    const ask =
      (method: string) =>
      (path: string, body?: unknown): Promise<unknown> => {
        const what = `${method} ${path}`;
        asked.push(body && method !== 'GET' ? `${what} ${JSON.stringify(body)}` : what);
        const cursor = method === 'GET' && (body as { cursor?: string | null } | undefined)?.cursor;
        const answer = answers.get(cursor ? `${what} ${cursor}` : what);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: signal({ id: 'me', guest }) } },
        { provide: RoomList, useValue: { put: (room: RoomDto) => rooms.push(room) } },
        {
          provide: ApiClient,
          useValue: {
            get: ask('GET'),
            post: ask('POST'),
            put: ask('PUT'),
            patch: ask('PATCH'),
            delete: ask('DELETE'),
          },
        },
      ],
    });
    const contacts = TestBed.inject(Contacts);
    TestBed.tick();
    await settled();
    return contacts;
  };

  beforeEach(() => {
    realtime = new FakeRealtime();
    [asked, answers, rooms, guest] = [[], new Map(), [], false];
  });

  it('sorts people by what stands between them and the user, and by name', async () => {
    const contacts = await start(
      contact('dora', { relation: 'asked' }),
      contact('carl'),
      contact('boris'),
      contact('eva', { relation: 'requested' }),
      contact('fred', { relation: 'blocked' }),
    );
    expect(contacts.state()).toBe('ready');
    expect(names(contacts.those('contact'))).toEqual(['boris', 'carl']);
    expect(names(contacts.those('asked'))).toEqual(['dora']);
    expect(names(contacts.those('requested'))).toEqual(['eva']);
    expect(names(contacts.those('blocked'))).toEqual(['fred']);
    expect(contacts.waiting()).toBe(1);
  });

  it('asks for nothing as a guest', async () => {
    guest = true;
    const contacts = await start();
    realtime.connected.next();
    await contacts.load();
    expect(asked).toEqual([]);
  });

  it('follows the events, and knows where contacts are but nobody else', async () => {
    const contacts = await start(contact('boris'), contact('eva', { relation: 'requested', presence: null }));
    realtime.emit('presence:changed', { userId: 'boris', presence: 'in_call', lastSeenAt: null });
    realtime.emit('presence:changed', { userId: 'eva', presence: 'online', lastSeenAt: null });
    realtime.emit('presence:changed', { userId: 'stranger', presence: 'online', lastSeenAt: null });
    expect(contacts.contact('boris')?.presence).toBe('in_call');
    expect(contacts.contact('eva')).toBeUndefined();
    expect(contacts.all()).toHaveLength(2);
    realtime.emit('contact:changed', { contact: contact('eva', { presence: 'online' }) });
    expect(contacts.contact('eva')?.presence).toBe('online');
    realtime.emit('contact:changed', { contact: contact('eva', { relation: 'none', presence: null }) });
    expect(contacts.get('eva')).toBeUndefined();
  });

  it('keeps what happened while the list was on its way', async () => {
    const contacts = await start(contact('boris'));
    let arrive: (contacts: ContactsDto) => void = () => undefined;
    answers.set('GET /contacts', new Promise((done) => (arrive = done)));
    realtime.connected.next();
    realtime.emit('presence:changed', { userId: 'boris', presence: 'online', lastSeenAt: null });
    realtime.emit('contact:changed', { contact: contact('carl') });
    arrive(page([contact('boris')]));
    await settled();
    expect(contacts.contact('boris')?.presence).toBe('online');
    expect(contacts.contact('carl')).toBeDefined();
    expect(asked).toEqual(['GET /contacts', 'GET /contacts']);
  });

  describe('when they are many', () => {
    let arrive: (contacts: ContactsDto) => void;
    let contacts: Contacts;
    beforeEach(async () => {
      answers.set('GET /contacts c', new Promise((done) => (arrive = done)));
      contacts = await start();
      answers.set('GET /contacts', page([contact('boris'), contact('carl')], 'c'));
      void contacts.load();
      await settled();
    });

    it('are all loaded, and shown from the first page on', async () => {
      expect([contacts.state(), names(contacts.all())]).toEqual(['ready', ['boris', 'carl']]);
      arrive(page([contact('dora'), contact('eva')]));
      await settled();
      expect(names(contacts.all())).toEqual(['boris', 'carl', 'dora', 'eva']);
    });

    it('are as events and own steps say, whatever an older page has', async () => {
      realtime.emit('presence:changed', { userId: 'dora', presence: 'online', lastSeenAt: null });
      realtime.emit('contact:changed', { contact: contact('eva', { relation: 'none' }) });
      realtime.emit('contact:changed', { contact: contact('anna') });
      await contacts.remove('carl');
      await contacts.remove('fred');
      arrive(page([contact('dora'), contact('eva'), contact('fred')]));
      await settled();
      expect(names(contacts.all())).toEqual(['anna', 'boris', 'dora']);
      expect(contacts.contact('dora')?.presence).toBe('online');
    });

    it('stay while they are loaded anew, and go at its end when they are on no page any more', async () => {
      arrive(page([contact('dora')]));
      await settled();
      answers.set('GET /contacts c', new Promise((done) => (arrive = done)));
      answers.set('GET /contacts', page([contact('boris', { ringtone: 'bell' })], 'c'));
      realtime.connected.next();
      await settled();
      expect(names(contacts.all())).toEqual(['boris', 'carl', 'dora']);
      expect(contacts.get('boris')?.ringtone).toBe('bell');
      arrive(page([contact('dora')]));
      await settled();
      expect(names(contacts.all())).toEqual(['boris', 'dora']);
    });
  });

  it('says when the list cannot be had, and keeps an old one rather than none', async () => {
    const contacts = await start(contact('boris'));
    answers.set('GET /contacts', new ApiError('offline', ''));
    await contacts.load();
    expect([contacts.state(), contacts.all().length]).toEqual(['ready', 1]);
  });

  it('says so when there is no list at all', async () => {
    const contacts = await start(new ApiError('offline', ''));
    expect(contacts.state()).toBe('error');
    answers.set('GET /contacts', page([contact('boris')]));
    realtime.connected.next();
    await settled();
    expect([contacts.state(), contacts.all().length]).toEqual(['ready', 1]);
  });

  it('takes each step at the server and shows it at once', async () => {
    const contacts = await start(contact('dora', { relation: 'asked' }), contact('boris'));
    answers.set('POST /contacts', contact('eva', { relation: 'requested' }));
    await contacts.request('eva');
    expect(contacts.get('eva')?.relation).toBe('requested');
    await contacts.step('eva', 'withdraw');
    expect(contacts.get('eva')).toBeUndefined();
    answers.set('POST /contacts/dora/accept', contact('dora'));
    await contacts.step('dora', 'accept');
    expect(contacts.contact('dora')).toBeDefined();
    answers.set('PUT /contacts/dora/block', contact('dora', { relation: 'blocked' }));
    await contacts.block('dora');
    expect(contacts.get('dora')?.relation).toBe('blocked');
    await contacts.unblock('dora');
    expect(contacts.get('dora')).toBeUndefined();
    answers.set('PATCH /contacts/boris', contact('boris', { ringtone: 'bell' }));
    await contacts.setRingtone('boris', 'bell');
    expect(contacts.get('boris')?.ringtone).toBe('bell');
    await contacts.remove('boris');
    expect(contacts.all()).toEqual([]);
    expect(asked).toContain('PATCH /contacts/boris {"ringtone":"bell"}');
  });

  it('opens the direct room and puts it among the rooms', async () => {
    const contacts = await start(contact('boris'));
    answers.set('POST /contacts/boris/room', { id: 'r1' });
    expect(await contacts.openRoom('boris')).toBe('r1');
    expect(rooms).toEqual([{ id: 'r1' }]);
  });
});
