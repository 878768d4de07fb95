import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  type ContactDto,
  type ContactsDto,
  REST_BASE_PATH,
  type RestRequestArguments,
  type RestRoute,
  type RoomDto,
  toHttpRequest,
} from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { RoomList } from '../rooms/room-list';
import { Contacts } from './contacts';

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
  let requests: string[];
  let answers: Map<string, unknown>;
  let rooms: RoomDto[];
  let guest: boolean;
  const names = (contacts: readonly ContactDto[]): string[] => contacts.map(({ name }) => name);

  const start = async (...first: ContactDto[] | [ApiError]): Promise<Contacts> => {
    answers.set('GET /contacts', first[0] instanceof ApiError ? first[0] : page(first as ContactDto[]));
    const sendRequest = <R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): Promise<unknown> => {
      const { method, url, body } = toHttpRequest(route, ...request);
      const { pathname, searchParams } = new URL(url, location.origin);
      const what = `${method} ${pathname.replace(REST_BASE_PATH, '')}`;
      requests.push(body ? `${what} ${JSON.stringify(body)}` : what);
      const cursor = searchParams.get('cursor');
      const answer = answers.get(cursor ? `${what} ${cursor}` : what);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const storeRoom = async (request: () => Promise<RoomDto>): Promise<RoomDto> => {
      rooms.push(await request());
      return rooms.at(-1)!;
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: signal({ id: 'me', guest }) } },
        { provide: RoomList, useValue: { storeRoom } },
        { provide: ApiClient, useValue: { sendRequest } },
      ],
    });
    const contacts = TestBed.inject(Contacts);
    TestBed.tick();
    await flushPromises();
    return contacts;
  };

  const connectAnew = (): void => {
    realtime.connected.next();
    TestBed.tick();
  };

  beforeEach(() => {
    realtime = new FakeRealtime();
    [requests, answers, rooms, guest] = [[], new Map(), [], false];
  });

  it('sorts people by their relation to the user, and by name', async () => {
    const contacts = await start(
      contact('dora', { relation: 'asked' }),
      contact('carl'),
      contact('boris'),
      contact('eva', { relation: 'requested' }),
      contact('fred', { relation: 'blocked' }),
    );
    expect(contacts.state()).toBe('ready');
    expect(names(contacts.contactsByRelation('contact'))).toEqual(['boris', 'carl']);
    expect(names(contacts.contactsByRelation('asked'))).toEqual(['dora']);
    expect(names(contacts.contactsByRelation('requested'))).toEqual(['eva']);
    expect(names(contacts.contactsByRelation('blocked'))).toEqual(['fred']);
    expect(contacts.waiting()).toBe(1);
  });

  it('requests nothing as a guest', async () => {
    guest = true;
    const contacts = await start();
    connectAnew();
    await contacts.loadContacts();
    expect(requests).toEqual([]);
  });

  it('follows the events, and knows the presence of contacts only', async () => {
    const contacts = await start(contact('boris'), contact('eva', { relation: 'requested', presence: null }));
    realtime.emitServerEvent('presence:changed', { userId: 'boris', presence: 'in_call', lastSeenAt: null });
    realtime.emitServerEvent('presence:changed', { userId: 'eva', presence: 'online', lastSeenAt: null });
    realtime.emitServerEvent('presence:changed', { userId: 'stranger', presence: 'online', lastSeenAt: null });
    expect(contacts.findContact('boris')?.presence).toBe('in_call');
    expect(contacts.findContact('eva')).toBeUndefined();
    expect(contacts.all()).toHaveLength(2);
    realtime.emitServerEvent('contact:changed', { contact: contact('eva', { presence: 'online' }) });
    expect(contacts.findContact('eva')?.presence).toBe('online');
    realtime.emitServerEvent('contact:changed', { contact: contact('eva', { relation: 'none', presence: null }) });
    expect(contacts.findRelatedUser('eva')).toBeUndefined();
  });

  it('keeps changes that came while the list was on its way', async () => {
    const contacts = await start(contact('boris'));
    let arrive: (contacts: ContactsDto) => void = () => undefined;
    answers.set('GET /contacts', new Promise((done) => (arrive = done)));
    connectAnew();
    realtime.emitServerEvent('presence:changed', { userId: 'boris', presence: 'online', lastSeenAt: null });
    realtime.emitServerEvent('contact:changed', { contact: contact('carl') });
    arrive(page([contact('boris')]));
    await flushPromises();
    expect(contacts.findContact('boris')?.presence).toBe('online');
    expect(contacts.findContact('carl')).toBeDefined();
    expect(requests).toEqual(['GET /contacts', 'GET /contacts']);
  });

  describe('with several pages', () => {
    let arrive: (contacts: ContactsDto) => void;
    let contacts: Contacts;
    beforeEach(async () => {
      answers.set('GET /contacts c', new Promise((done) => (arrive = done)));
      contacts = await start();
      answers.set('GET /contacts', page([contact('boris'), contact('carl')], 'c'));
      void contacts.loadContacts();
      await flushPromises();
    });

    it('are all loaded, and shown from the first page on', async () => {
      expect([contacts.state(), names(contacts.all())]).toEqual(['ready', ['boris', 'carl']]);
      arrive(page([contact('dora'), contact('eva')]));
      await flushPromises();
      expect(names(contacts.all())).toEqual(['boris', 'carl', 'dora', 'eva']);
    });

    it('are as events and own steps changed them, whatever an older page has', async () => {
      realtime.emitServerEvent('presence:changed', { userId: 'dora', presence: 'online', lastSeenAt: null });
      realtime.emitServerEvent('contact:changed', { contact: contact('eva', { relation: 'none' }) });
      realtime.emitServerEvent('contact:changed', { contact: contact('anna') });
      await contacts.removeFromContacts('carl');
      await contacts.removeFromContacts('fred');
      arrive(page([contact('dora'), contact('eva'), contact('fred')]));
      await flushPromises();
      expect(names(contacts.all())).toEqual(['anna', 'boris', 'dora']);
      expect(contacts.findContact('dora')?.presence).toBe('online');
    });

    it('stay while they are loaded again, and go at the end if they were on no page', async () => {
      arrive(page([contact('dora')]));
      await flushPromises();
      answers.set('GET /contacts c', new Promise((done) => (arrive = done)));
      answers.set('GET /contacts', page([contact('boris', { ringtone: 'bell' })], 'c'));
      connectAnew();
      await flushPromises();
      expect(names(contacts.all())).toEqual(['boris', 'carl', 'dora']);
      expect(contacts.findRelatedUser('boris')?.ringtone).toBe('bell');
      arrive(page([contact('dora')]));
      await flushPromises();
      expect(names(contacts.all())).toEqual(['boris', 'dora']);
    });
  });

  it('reports that the list cannot be loaded, but keeps an old one', async () => {
    const contacts = await start(contact('boris'));
    answers.set('GET /contacts', new ApiError('offline', ''));
    await contacts.loadContacts();
    expect([contacts.state(), contacts.all().length]).toEqual(['ready', 1]);
  });

  it('reports an error when there is no list at all', async () => {
    const contacts = await start(new ApiError('offline', ''));
    expect(contacts.state()).toBe('error');
    answers.set('GET /contacts', page([contact('boris')]));
    connectAnew();
    await flushPromises();
    expect([contacts.state(), contacts.all().length]).toEqual(['ready', 1]);
  });

  it('sends each step to the server and shows the result at once', async () => {
    const contacts = await start(contact('dora', { relation: 'asked' }), contact('boris'));
    answers.set('POST /contacts', contact('eva', { relation: 'requested' }));
    await contacts.sendContactRequest('eva');
    expect(contacts.findRelatedUser('eva')?.relation).toBe('requested');
    await contacts.sendContactStep('eva', 'withdraw');
    expect(contacts.findRelatedUser('eva')).toBeUndefined();
    answers.set('POST /contacts/dora/accept', contact('dora'));
    await contacts.sendContactStep('dora', 'accept');
    expect(contacts.findContact('dora')).toBeDefined();
    answers.set('PUT /contacts/dora/block', contact('dora', { relation: 'blocked' }));
    await contacts.blockPerson('dora');
    expect(contacts.findRelatedUser('dora')?.relation).toBe('blocked');
    await contacts.unblockPerson('dora');
    expect(contacts.findRelatedUser('dora')).toBeUndefined();
    answers.set('PATCH /contacts/boris', contact('boris', { ringtone: 'bell' }));
    await contacts.setContactRingtone('boris', 'bell');
    expect(contacts.findRelatedUser('boris')?.ringtone).toBe('bell');
    await contacts.removeFromContacts('boris');
    expect(contacts.all()).toEqual([]);
    expect(requests).toContain('PATCH /contacts/boris {"ringtone":"bell"}');
  });

  it('keeps what has changed while the answer to a step was on its way', async () => {
    const contacts = await start(contact('boris'));
    let arrive: (contact: ContactDto) => void = () => undefined;
    answers.set('PATCH /contacts/boris', new Promise((done) => (arrive = done)));
    const changing = contacts.setContactRingtone('boris', 'bell');
    realtime.emitServerEvent('presence:changed', { userId: 'boris', presence: 'online', lastSeenAt: null });
    arrive(contact('boris', { ringtone: 'bell' }));
    await changing;
    expect(contacts.findContact('boris')).toMatchObject({ ringtone: 'bell', presence: 'online' });
  });

  it('opens the direct room and puts it among the rooms', async () => {
    const contacts = await start(contact('boris'));
    answers.set('POST /contacts/boris/room', { id: 'r1' });
    expect(await contacts.openDirectRoom('boris')).toBe('r1');
    expect(rooms).toEqual([{ id: 'r1' }]);
  });
});
