import { TestBed } from '@angular/core/testing';
import type {
  CallChangedEvent,
  MessageDto,
  RoomChange,
  RoomDto,
  RoomOpenedDto,
  RoomsDto,
  UserDto,
} from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { AccessTokenStore } from '../../core/session/access-token-store';
import { RoomList } from './room-list';

const user: UserDto = { id: 'me', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };

const room = (id: string, more: Partial<RoomDto> = {}): RoomDto => ({
  id,
  kind: 'group',
  name: id,
  visibility: 'private',
  peerId: null,
  closed: false,
  door: 'open',
  doNotDisturb: false,
  role: 'member',
  memberCount: 2,
  memberChanges: 2,
  lastSeq: 5,
  revision: 0,
  readSeq: 5,
  unread: 0,
  lastMessage: null,
  activeAt: '2026-01-01T00:00:00.000Z',
  callSize: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

const message = (seq: number, more: Partial<MessageDto> = {}): MessageDto => ({
  id: `m${seq}`,
  roomId: 'a',
  seq,
  revision: 0,
  authorId: 'other',
  authorName: 'boris',
  sentAt: `2026-01-02T00:00:${String(seq).padStart(2, '0')}.000Z`,
  editedAt: null,
  content: { type: 'text', text: `text ${seq}` },
  ...more,
});

const call = (version: number, change: CallChangedEvent['change']): CallChangedEvent => ({
  roomId: 'a',
  callId: 'c1',
  version,
  change,
});

const participant = { id: 'p' } as Extract<CallChangedEvent['change'], { type: 'joined' }>['participant'];

describe('RoomList', () => {
  let realtime: FakeRealtime;
  let list: RoomList;
  let answers: (() => Promise<RoomsDto>)[];
  let loads: number;
  let cursors: (string | null)[];
  let api: FakeApi;
  const page = (rooms: RoomDto[], next: string | null = null): RoomsDto => ({ rooms, next });
  const answer = (...rooms: RoomDto[]): unknown => answers.push(() => Promise.resolve(page(rooms)));
  const first = (): RoomDto => list.rooms()[0] as RoomDto;

  async function settle(): Promise<void> {
    TestBed.tick();
    await flushPromises();
  }

  beforeEach(() => {
    answers = [];
    loads = 0;
    cursors = [];
    realtime = new FakeRealtime();
    api = new FakeApi();
    api.answerRequest('GET /rooms', ({ query }) => {
      loads++;
      cursors.push(query?.cursor ?? null);
      return answers.shift()?.() ?? Promise.reject(new Error('no answer'));
    });
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: api },
      ],
    });
    TestBed.inject(AccessTokenStore).storeAccessGrant({ accessToken: 't', expiresIn: 900, user });
    list = TestBed.inject(RoomList);
  });

  async function post(posted: MessageDto, event: 'chat:posted' | 'chat:changed' = 'chat:posted'): Promise<void> {
    realtime.emitServerEvent(event, posted);
    await settle();
  }

  async function loaded(...rooms: RoomDto[]): Promise<void> {
    answer(...rooms);
    await settle();
  }

  it('loads by itself and puts the most recently active room first', async () => {
    expect(list.state()).toBe('loading');
    await loaded(room('a'), room('b', { activeAt: '2026-01-03T00:00:00.000Z' }));
    expect(list.state()).toBe('ready');
    expect(list.rooms().map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('counts a message of another user, moves its room up, and ignores a repeat', async () => {
    await loaded(room('a'), room('b', { activeAt: '2026-01-01T12:00:00.000Z' }));
    for (const seq of [6, 6, 7]) await post(message(seq));
    expect(first()).toMatchObject({ id: 'a', unread: 2, lastSeq: 7 });
    expect(first().lastMessage).toMatchObject({ authorName: 'boris', text: 'text 7' });
    expect(list.unread()).toBe(2);
  });

  it('shows the current name of the author of the last message, also while an older list is on its way', async () => {
    await loaded(room('a'));
    await post(message(6));
    const member = { userId: 'other', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.observeEvents('room:changed').next({ roomId: 'a', change: { type: 'member_changed', member } });
    expect(first().lastMessage).toMatchObject({ authorName: 'bob', text: 'text 6' });
    const lastMessage = {
      authorId: 'other',
      authorName: 'boris',
      text: '',
      type: 'text',
      callees: null,
      sentAt: '',
    } as const;
    answer(room('a', { lastMessage }));
    void list.loadRooms();
    await settle();
    expect(first().lastMessage).toMatchObject({ authorName: 'bob' });
    // An answer from after the reconnect is newer than an event from before.
    answer(room('a', { lastMessage: { ...lastMessage, authorName: 'bobby' } }));
    realtime.connected.next();
    await settle();
    expect(first().lastMessage).toMatchObject({ authorName: 'bobby' });
  });

  it('does not count the user’s own message as unread', async () => {
    await loaded(room('a'));
    await post(message(6, { authorId: 'me' }));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
  });

  it('does not count a call that the user was in', async () => {
    await loaded(room('a'));
    const people = [{ userId: 'me', name: 'me' }];
    await post(message(6, { content: { type: 'call', callId: 'c', durationMs: 1, people } }));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
  });

  it('does not count a call that the user declined, unless there is something before it', async () => {
    const callees = [{ userId: 'me', name: 'me', status: 'declined' as const }];
    const declined = (seq: number) => message(seq, { content: { type: 'ring', callId: 'c', callees } });
    await loaded(room('a'));
    await post(declined(6));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
    await post(message(7));
    await post(declined(8));
    expect(first()).toMatchObject({ unread: 2, readSeq: 6 });
  });

  it('follows what the user has read on another device, not what other users have read', async () => {
    await loaded(room('a', { lastSeq: 9, readSeq: 5, unread: 4 }));
    realtime.observeEvents('chat:read').next({ roomId: 'a', userId: 'other', seq: 9 });
    expect(first().unread).toBe(4);
    realtime.observeEvents('chat:read').next({ roomId: 'a', userId: 'me', seq: 8 });
    realtime.observeEvents('chat:read').next({ roomId: 'a', userId: 'me', seq: 6 });
    expect(first()).toMatchObject({ unread: 1, readSeq: 8 });
  });

  it('counts nothing as unread that was read on another device before its message was opened', async () => {
    await loaded(room('a'));
    realtime.emitServerEvent('chat:posted', message(6));
    realtime.emitServerEvent('chat:posted', message(7, { authorId: 'me' }));
    realtime.emitServerEvent('chat:read', { roomId: 'a', userId: 'me', seq: 8 });
    realtime.emitServerEvent('chat:posted', message(8));
    await settle();
    expect(first()).toMatchObject({ lastSeq: 8, readSeq: 8, unread: 0 });
  });

  it('shows a change of the last message only', async () => {
    await loaded(room('a'));
    await post(message(6));
    await post(message(5, { revision: 1, content: { type: 'text', text: 'older' } }), 'chat:changed');
    expect(first().lastMessage?.text).toBe('text 6');
    await post(message(6, { revision: 2, content: { type: 'deleted' } }), 'chat:changed');
    expect(first().lastMessage?.text).toBeNull();
  });

  it('names a direct room by the current name of its other member', async () => {
    await loaded(room('a', { kind: 'direct', name: 'vera' }));
    const emitChange = (change: RoomChange): void =>
      realtime.observeEvents('room:changed').next({ roomId: 'a', change });
    const member = { role: 'member', joinedAt: '2026-01-01T00:00:00.000Z' } as const;
    emitChange({ type: 'member_changed', member: { ...member, userId: 'me', name: 'myself' } });
    expect(first().name).toBe('vera');
    emitChange({ type: 'member_changed', member: { ...member, userId: 'u3', name: 'vera.k' } });
    expect(first().name).toBe('vera.k');
  });

  it('follows names, roles, members, and removed rooms', async () => {
    await loaded(room('a'), room('b'));
    const emitChange = (change: object, roomId = 'a'): void =>
      realtime.observeEvents('room:changed').next({ roomId, change });
    emitChange({ type: 'updated', name: 'Kitchen', visibility: 'public' });
    emitChange({ type: 'member_joined', member: { userId: 'u3' }, memberCount: 3, memberChanges: 3 });
    emitChange({ type: 'member_changed', member: { userId: 'me', role: 'moderator' } });
    expect(list.rooms().find(({ id }) => id === 'a')).toMatchObject({
      name: 'Kitchen',
      visibility: 'public',
      memberCount: 3,
      role: 'moderator',
    });
    emitChange({ type: 'member_changed', member: { userId: 'u3', name: 'Vera', role: 'member' } });
    expect(list.rooms().find(({ id }) => id === 'a')).toMatchObject({ name: 'Kitchen', role: 'moderator' });
    emitChange({ type: 'member_left', userId: 'me' });
    emitChange({ type: 'deleted' }, 'b');
    expect(list.rooms()).toEqual([]);
    expect(loads).toBe(1);
  });

  it('loads the list when the user has joined a room elsewhere', async () => {
    await loaded(room('a'));
    answer(room('a'), room('new'));
    realtime
      .observeEvents('room:changed')
      .next({ roomId: 'new', change: { type: 'member_joined', member: { userId: 'me' } } });
    await settle();
    expect(list.rooms()).toHaveLength(2);
  });

  it('counts the participants of a call', async () => {
    await loaded(room('a', { callSize: 2 }));
    realtime.emitServerEvent('call:changed', call(1, { type: 'joined', participant }));
    expect(first().callSize).toBe(1);
    realtime.emitServerEvent('call:changed', call(2, { type: 'ended' }));
    expect(first().callSize).toBe(0);
    expect(loads).toBe(1);
  });

  it('loads again when the socket connects, and keeps a message that came meanwhile', async () => {
    await loaded(room('a'));
    let arrive: (rooms: RoomsDto) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (arrive = resolve)));
    realtime.connected.next();
    TestBed.tick();
    await post(message(6));
    arrive(page([room('a')]));
    await settle();
    expect(first()).toMatchObject({ lastSeq: 6, unread: 1 });
    expect(loads).toBe(2);
  });

  describe('with several pages of rooms', () => {
    const ids = (): string[] => list.rooms().map(({ id }) => id);
    const at = (hour: number): string => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    let arrive: (page: RoomsDto) => void;
    const later = (): unknown => answers.push(() => new Promise((resolve) => (arrive = resolve)));
    const emitChange = (roomId: string, change: object): void =>
      realtime.observeEvents('room:changed').next({ roomId, change });

    beforeEach(async () => {
      answers.push(() => Promise.resolve(page([room('a', { activeAt: at(9) }), room('b', { activeAt: at(8) })], 'b')));
      later();
      await settle();
    });

    it('finds a room that moved to the front while the pages were read, by its event', async () => {
      await post(message(6, { roomId: 'd' }));
      answers.push(() => Promise.resolve(page([room('d', { lastSeq: 6, unread: 1 })], 'x')));
      answers.push(() => Promise.resolve(page([room('a'), room('b'), room('c')])));
      arrive(page([room('c')]));
      await settle();
      expect(ids().sort()).toEqual(['a', 'b', 'c', 'd']);
      expect(cursors).toEqual([null, 'b', null, 'x']);
      expect(list.unread()).toBe(1);
    });

    it('lets no older page undo changes that came meanwhile', async () => {
      await post(message(6, { roomId: 'c' }));
      emitChange('c', { type: 'updated', name: 'Kitchen', visibility: 'public' });
      emitChange('d', { type: 'deleted' });
      list.removeRoomFromList('e');
      arrive(page([room('c'), room('d'), room('e'), room('f')]));
      await settle();
      expect(ids().sort()).toEqual(['a', 'b', 'c', 'f']);
      expect(list.rooms().find(({ id }) => id === 'c')).toMatchObject({ name: 'Kitchen', lastSeq: 6, unread: 1 });
      expect(loads).toBe(2);
    });

    it('knows the room that is open before its page has come', async () => {
      realtime.answerCommand('room:open', ({ roomId }) => ({ room: room(roomId, { kind: 'direct' }), call: null }));
      await list.openRoom('d');
      expect(list.findRoom('d')?.kind).toBe('direct');
      expect(ids()).toEqual(['a', 'b', 'd']);
      arrive(page([room('d', { kind: 'direct', unread: 2 })]));
      await settle();
      expect([ids().length, list.unread()]).toEqual([3, 2]);
    });
  });

  describe('a room that is opened', () => {
    let arrive: (answer: RoomOpenedDto) => void;
    beforeEach(async () => {
      await loaded(room('a'));
      realtime.answerCommand('room:open', () => new Promise((resolve) => (arrive = resolve)));
      void list.openRoom('a');
      await settle();
    });

    it('is as events have changed it while the answer was on its way', async () => {
      await post(message(6));
      realtime.emitServerEvent('room:changed', { roomId: 'a', change: { type: 'membership', doNotDisturb: true } });
      arrive({ room: room('a', { memberCount: 4 }), call: null });
      await settle();
      expect(first()).toMatchObject({ lastSeq: 6, unread: 1, doNotDisturb: true, memberCount: 4 });
      expect(loads).toBe(1);
    });
  });

  it('counts nobody twice, whichever comes first of an event, a later one and an answer that knows of both', async () => {
    const countOf = (): number[] => [first().memberCount, first().memberChanges];
    const joined = (userId: string, memberCount: number, memberChanges: number): void => {
      const member = { userId, name: userId, role: 'member', joinedAt: '' } as const;
      const change = { type: 'member_joined', member, memberCount, memberChanges } as const;
      realtime.emitServerEvent('room:changed', { roomId: 'a', change });
    };
    await loaded(room('a', { memberCount: 4, memberChanges: 4 }));
    joined('u3', 3, 3);
    joined('u4', 4, 4);
    expect(countOf()).toEqual([4, 4]);
    joined('u6', 6, 6);
    joined('u5', 5, 5);
    expect(countOf()).toEqual([6, 6]);
    let arrive: (rooms: RoomsDto) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (arrive = resolve)));
    void list.loadRooms();
    const change = { type: 'member_left', userId: 'u6', memberCount: 5, memberChanges: 7 } as const;
    realtime.emitServerEvent('room:changed', { roomId: 'a', change });
    arrive(page([room('a', { memberCount: 4, memberChanges: 8 })]));
    await settle();
    expect([...countOf(), loads]).toEqual([4, 8, 2]);
  });

  it('takes the first known count after an answer of an older replica, and none from its events', async () => {
    await loaded({ ...room('a', { memberCount: 4 }), memberChanges: undefined as never });
    const member = { userId: 'u5', name: 'u5', role: 'member', joinedAt: '' } as const;
    for (const count of [{ memberCount: 5, memberChanges: 9 }, {}]) {
      const change = { type: 'member_joined', member, ...count } as RoomChange;
      realtime.emitServerEvent('room:changed', { roomId: 'a', change });
      expect([first().memberCount, first().memberChanges]).toEqual([5, 9]);
    }
  });

  it('shows "do not disturb" at once, and takes back only that when it is refused', async () => {
    await loaded(room('a'));
    api.answerRequest('PATCH /rooms/:roomId/membership', async () => {
      await Promise.resolve();
      expect(first().doNotDisturb).toBe(true);
      await post(message(6));
      throw new ApiError('offline', '');
    });
    await expect(list.setRoomDoNotDisturb('a', true)).rejects.toThrow();
    expect(first()).toMatchObject({ doNotDisturb: false, lastSeq: 6 });
    api.answerRequest('PATCH /rooms/:roomId/membership', () => room('a', { doNotDisturb: true, lastSeq: 6 }));
    await list.setRoomDoNotDisturb('a', true);
    expect(first().doNotDisturb).toBe(true);
    const request = { roomId: 'a', body: { doNotDisturb: true } };
    expect(api.requestsTo('PATCH /rooms/:roomId/membership')).toEqual([request, request]);
    expect(loads).toBe(1);
  });

  it('reports that the list cannot be loaded, but keeps an old one', async () => {
    const offline = (): Promise<never> => Promise.reject(new ApiError('offline', ''));
    answers.push(offline);
    await settle();
    expect(list.state()).toBe('error');
    answer(room('a'));
    await list.loadRooms();
    expect(list.state()).toBe('ready');
    answers.push(offline);
    await list.loadRooms();
    expect([list.state(), list.rooms().length]).toEqual(['ready', 1]);
  });
});
