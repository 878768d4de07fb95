import { TestBed } from '@angular/core/testing';
import type { CallChangedEvent, EventName, MessageDto, RoomChange, RoomDto, UserDto } from '@webcall/contracts';
import { Subject } from 'rxjs';
import { Access } from './access';
import { ApiClient } from './api-client';
import { ApiError } from './api-error';
import { RealtimeClient } from './realtime-client';
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

class FakeRealtime {
  readonly connected = new Subject<void>();
  private readonly subjects = new Map<EventName, Subject<unknown>>();

  on(event: EventName): Subject<unknown> {
    const subject = this.subjects.get(event) ?? new Subject();
    this.subjects.set(event, subject);
    return subject;
  }
}

describe('RoomList', () => {
  let realtime: FakeRealtime;
  let list: RoomList;
  let answers: (() => Promise<RoomDto[]>)[];
  let loads: number;
  const answer = (...rooms: RoomDto[]): unknown => answers.push(() => Promise.resolve(rooms));
  const first = (): RoomDto => list.rooms()[0] as RoomDto;

  async function settle(): Promise<void> {
    TestBed.tick();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }

  beforeEach(() => {
    answers = [];
    loads = 0;
    realtime = new FakeRealtime();
    const api = {
      get: () => {
        loads++;
        return answers.shift()?.() ?? Promise.reject(new Error('no answer'));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: api },
      ],
    });
    TestBed.inject(Access).take({ accessToken: 't', expiresIn: 900, user });
    list = TestBed.inject(RoomList);
  });

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

  it('counts a message of another, moves its room up, and takes a repeat for nothing', async () => {
    await loaded(room('a'), room('b', { activeAt: '2026-01-01T12:00:00.000Z' }));
    for (const seq of [6, 6, 7]) realtime.on('chat:posted').next(message(seq));
    expect(first()).toMatchObject({ id: 'a', unread: 2, lastSeq: 7 });
    expect(first().lastMessage).toMatchObject({ authorName: 'boris', text: 'text 7' });
    expect(list.unread()).toBe(2);
  });

  it('names the author of the last message as they are called now, also while an older list is on its way', async () => {
    await loaded(room('a'));
    realtime.on('chat:posted').next(message(6));
    const member = { userId: 'other', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.on('room:changed').next({ roomId: 'a', change: { type: 'member_changed', member } });
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
    void list.load();
    await settle();
    expect(first().lastMessage).toMatchObject({ authorName: 'bob' });
    // What an answer says after the connection was lost is newer than what was heard before.
    answer(room('a', { lastMessage: { ...lastMessage, authorName: 'bobby' } }));
    realtime.connected.next();
    await settle();
    expect(first().lastMessage).toMatchObject({ authorName: 'bobby' });
  });

  it('does not count the user’s own message as unread', async () => {
    await loaded(room('a'));
    realtime.on('chat:posted').next(message(6, { authorId: 'me' }));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
  });

  it('does not count a call that the user was in', async () => {
    await loaded(room('a'));
    const people = [{ userId: 'me', name: 'me' }];
    realtime.on('chat:posted').next(message(6, { content: { type: 'call', callId: 'c', durationMs: 1, people } }));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
  });

  it('does not count a call that the user declined, unless there is something before it', async () => {
    const callees = [{ userId: 'me', name: 'me', status: 'declined' as const }];
    const declined = (seq: number) => message(seq, { content: { type: 'ring', callId: 'c', callees } });
    await loaded(room('a'));
    realtime.on('chat:posted').next(declined(6));
    expect(first()).toMatchObject({ unread: 0, readSeq: 6 });
    realtime.on('chat:posted').next(message(7));
    realtime.on('chat:posted').next(declined(8));
    expect(first()).toMatchObject({ unread: 2, readSeq: 6 });
  });

  it('follows what the user has read on another device, not what others have', async () => {
    await loaded(room('a', { lastSeq: 9, readSeq: 5, unread: 4 }));
    realtime.on('chat:read').next({ roomId: 'a', userId: 'other', seq: 9 });
    expect(first().unread).toBe(4);
    realtime.on('chat:read').next({ roomId: 'a', userId: 'me', seq: 8 });
    realtime.on('chat:read').next({ roomId: 'a', userId: 'me', seq: 6 });
    expect(first()).toMatchObject({ unread: 1, readSeq: 8 });
  });

  it('shows a change of the last message only', async () => {
    await loaded(room('a'));
    realtime.on('chat:posted').next(message(6));
    realtime.on('chat:changed').next(message(5, { revision: 1, content: { type: 'text', text: 'older' } }));
    expect(first().lastMessage?.text).toBe('text 6');
    realtime.on('chat:changed').next(message(6, { revision: 2, content: { type: 'deleted' } }));
    expect(first().lastMessage?.text).toBeNull();
  });

  it('calls a direct room as its other member is called now', async () => {
    await loaded(room('a', { kind: 'direct', name: 'vera' }));
    const tell = (change: RoomChange): void => realtime.on('room:changed').next({ roomId: 'a', change });
    const member = { role: 'member', joinedAt: '2026-01-01T00:00:00.000Z' } as const;
    tell({ type: 'member_changed', member: { ...member, userId: 'me', name: 'myself' } });
    expect(first().name).toBe('vera');
    tell({ type: 'member_changed', member: { ...member, userId: 'u3', name: 'vera.k' } });
    expect(first().name).toBe('vera.k');
  });

  it('follows names, roles, members, and rooms that are gone', async () => {
    await loaded(room('a'), room('b'));
    const tell = (change: object, roomId = 'a'): void => realtime.on('room:changed').next({ roomId, change });
    tell({ type: 'updated', name: 'Kitchen', visibility: 'public' });
    tell({ type: 'member_joined', member: { userId: 'u3' } });
    tell({ type: 'member_changed', member: { userId: 'me', role: 'moderator' } });
    expect(list.rooms().find(({ id }) => id === 'a')).toMatchObject({
      name: 'Kitchen',
      visibility: 'public',
      memberCount: 3,
      role: 'moderator',
    });
    tell({ type: 'member_changed', member: { userId: 'u3', name: 'Vera', role: 'member' } });
    expect(list.rooms().find(({ id }) => id === 'a')).toMatchObject({ name: 'Kitchen', role: 'moderator' });
    tell({ type: 'member_left', userId: 'me' });
    tell({ type: 'deleted' }, 'b');
    expect(list.rooms()).toEqual([]);
    expect(loads).toBe(1);
  });

  it('asks for the list when the user has come into a room elsewhere', async () => {
    await loaded(room('a'));
    answer(room('a'), room('new'));
    realtime.on('room:changed').next({ roomId: 'new', change: { type: 'member_joined', member: { userId: 'me' } } });
    await settle();
    expect(list.rooms()).toHaveLength(2);
  });

  it('counts who is in a call by version, and asks again after a gap', async () => {
    await loaded(room('a'));
    const tell = (event: CallChangedEvent): void => realtime.on('call:changed').next(event);
    tell(call(1, { type: 'joined', participant }));
    tell(call(2, { type: 'joined', participant }));
    tell(call(2, { type: 'joined', participant }));
    tell(call(3, { type: 'left', participantId: 'p', reason: 'left' }));
    expect(first().callSize).toBe(1);
    answer(room('a', { callSize: 4 }));
    tell(call(7, { type: 'updated', participant }));
    await settle();
    expect(first().callSize).toBe(4);
    tell(call(8, { type: 'ended' }));
    expect(first().callSize).toBe(0);
  });

  it('asks again when the socket is up and keeps a message that came meanwhile', async () => {
    await loaded(room('a'));
    let arrive: (rooms: RoomDto[]) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (arrive = resolve)));
    realtime.connected.next();
    realtime.on('chat:posted').next(message(6));
    arrive([room('a')]);
    await settle();
    expect(first()).toMatchObject({ lastSeq: 6, unread: 1 });
    expect(loads).toBe(2);
  });

  it('says when the list cannot be had, and keeps an old one rather than none', async () => {
    const offline = (): Promise<never> => Promise.reject(new ApiError('offline', ''));
    answers.push(offline);
    await settle();
    expect(list.state()).toBe('error');
    answer(room('a'));
    await list.load();
    expect(list.state()).toBe('ready');
    answers.push(offline);
    await list.load();
    expect([list.state(), list.rooms().length]).toEqual(['ready', 1]);
  });
});
