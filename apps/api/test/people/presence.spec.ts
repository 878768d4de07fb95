import type { PresenceDto } from '@webcall/contracts';
import { isDeepStrictEqual } from 'node:util';
import { befriend, contactsOf, directRoom } from '../support/contacts';
import { newDatabase } from '../support/database';
import { describeWithRedis, startRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';

interface Servers {
  /** Anna's server. */
  one: TestApp;
  /** Boris's server. */
  two: TestApp;
  stop: () => Promise<void>;
}

/**
 * Whether presences came in their order and the last one is the current one. Two servers may broadcast at once, and then
 * an earlier one may come once more before it.
 */
function isReceivedAs(expected: readonly string[], received: readonly string[], mayRepeatEarlier: boolean): boolean {
  let seen = 0;
  for (const presence of received) {
    if (presence === expected[seen]) seen++;
    else if (!mayRepeatEarlier || !expected.slice(0, seen).includes(presence)) return false;
  }
  return seen === expected.length && received.at(-1) === expected.at(-1);
}

/** Declares the tests of presence between contacts, for one server or two. */
function presence(start: () => Promise<Servers>): void {
  let servers: Servers;
  let anna: TestUser;
  let boris: TestUser;
  let a: TestSocket;
  const sockets: TestSocket[] = [];

  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers.stop());
  beforeEach(async () => {
    [anna, boris] = await Promise.all([newUser(servers.one, 'anna'), newUser(servers.two, 'boris')]);
    await befriend(anna, boris);
    a = await connect(anna, servers.one);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

  const connect = async (user: TestUser, { url }: TestApp = servers.two): Promise<TestSocket> => {
    const socket = await TestSocket.connect(url, user.rest.token);
    sockets.push(socket);
    return socket;
  };
  /** The presences of Boris that were sent to Anna, without repeats. */
  const received = (): string[] =>
    a
      .events('presence:changed')
      .filter(({ userId }) => userId === boris.id)
      .map((event) => event.presence)
      .filter((value, i, all) => value !== all[i - 1]);
  const receives = (...presences: string[]) =>
    a.until(
      () => isReceivedAs(presences, received(), servers.one !== servers.two),
      `[${presences.join()}], not [${received().join()}],`,
    );
  const loadedPresence = async () => (await contactsOf(anna))[boris.id]?.presence;

  it('is online while at least one device is connected', async () => {
    expect(await loadedPresence()).toBe('offline');
    const [first] = [await connect(boris)];
    await receives('online');
    const second = await connect(boris, servers.one);
    expect(await loadedPresence()).toBe('online');
    first.close();
    await second.ask('presence:set', { away: false });
    expect(await loadedPresence()).toBe('online');
    second.close();
    await receives('online', 'offline');
    expect(await loadedPresence()).toBe('offline');
  });

  it('is away when all devices are away', async () => {
    const first = await connect(boris);
    const second = await connect(boris, servers.one);
    await receives('online');
    await first.ask('presence:set', { away: true });
    expect(await loadedPresence()).toBe('online');
    await second.ask('presence:set', { away: true });
    await receives('online', 'away');
    expect(await loadedPresence()).toBe('away');
    await first.ask('presence:set', { away: false });
    await receives('online', 'away', 'online');
    // The device in use disconnects; the other one is still away.
    first.close();
    await receives('online', 'away', 'online', 'away');
    const third = await connect(boris);
    await receives('online', 'away', 'online', 'away', 'online');
    await third.ask('presence:set', { away: true });
    await receives('online', 'away', 'online', 'away', 'online', 'away');
    for (const socket of [second, third]) socket.close();
    await receives('online', 'away', 'online', 'away', 'online', 'away', 'offline');
  });

  it('is in a call while the user has a seat', async () => {
    const first = await connect(boris);
    const second = await connect(boris, servers.one);
    const rooms = [(await newRoom(boris)).id, (await directRoom(boris, anna)).id] as const;
    await receives('online');
    await first.ask('call:join', { roomId: rooms[0] });
    await receives('online', 'in_call');
    await second.ask('call:join', { roomId: rooms[1] });
    await first.ask('call:leave', {});
    expect(await loadedPresence()).toBe('in_call');
    await second.ask('presence:set', { away: true });
    expect(await loadedPresence()).toBe('in_call');
    await second.ask('call:leave', {});
    await receives('online', 'in_call', 'online');
  });

  it('stays in a call when the page is reloaded', async () => {
    const first = await connect(boris);
    const { id: roomId } = await newRoom(boris);
    await receives('online');
    const { participantId, resumeKey } = await first.ask('call:join', { roomId });
    await receives('online', 'in_call');
    first.close();
    const back = await connect(boris, servers.one);
    await back.ask('call:resume', { roomId, participantId, resumeKey, fresh: true });
    expect(await loadedPresence()).toBe('in_call');
    await back.ask('call:leave', {});
    await receives('online', 'in_call', 'online');
  });

  it('is no longer in a call that ended with its room', async () => {
    const b = await connect(boris);
    const { id: roomId } = await newRoom(boris);
    await receives('online');
    await b.ask('call:join', { roomId });
    await receives('online', 'in_call');
    await boris.rest.request('DELETE /rooms/:roomId', { roomId });
    await receives('online', 'in_call', 'online');
  });

  it('includes when a user was last online, if they share it', async () => {
    const lastSeen = async () => (await contactsOf(anna))[boris.id]?.lastSeenAt;
    const visit = async () => {
      const b = await connect(boris);
      await a.until(() => received().at(-1) === 'online');
      b.close();
      await a.until(() => received().at(-1) === 'offline');
    };
    await visit();
    expect(await lastSeen()).toBeNull();
    await boris.rest.request('PATCH /preferences', { body: { shareLastSeen: true } });
    // A time that was not shared was not stored.
    expect(await lastSeen()).toBeNull();
    const before = new Date().toISOString();
    await visit();
    // An earlier broadcast may say that he is offline before the time is stored.
    const { lastSeenAt } = await a.event('presence:changed', (event) => (event.lastSeenAt ?? '') >= before);
    expect(await lastSeen()).toBe(lastSeenAt);
    const b = await connect(boris);
    expect(await lastSeen()).toBeNull();
    await a.until(() => received().at(-1) === 'online');
    b.close();
    await a.until(() => received().at(-1) === 'offline');

    await boris.rest.request('PATCH /preferences', { body: { shareLastSeen: false } });
    const hidden: PresenceDto = { userId: boris.id, presence: 'offline', lastSeenAt: null };
    await a.until(() => isDeepStrictEqual(a.events('presence:changed').at(-1), hidden), 'the hidden time');
    expect(await lastSeen()).toBeNull();
    const [stored] = await servers.one.db.query('SELECT last_seen_at FROM users WHERE id = $1', [boris.id]);
    expect(stored).toEqual({ last_seen_at: null });
  });

  it('is sent to contacts only: not to room members, open requests, blocked users or former contacts', async () => {
    const others = await Promise.all(
      ['mate', 'asks', 'asked', 'blocked', 'former', 'blocks'].map((name) => newUser(servers.one, name)),
    );
    const [mate, asks, wasAsked, blocked, former, blocks] = others as [TestUser, ...TestUser[]] & TestUser[];
    const { id: roomId } = await newRoom(boris);
    for (const user of [mate, blocked, former, blocks]) await bringIn(boris, roomId, user!);
    await asks!.rest.request('POST /contacts', { body: { userId: boris.id } });
    await boris.rest.request('POST /contacts', { body: { userId: wasAsked!.id } });
    await befriend(boris, blocked!);
    await befriend(boris, former!);
    await befriend(boris, blocks!);
    await boris.rest.request('PUT /contacts/:userId/block', { userId: blocked!.id });
    await boris.rest.request('DELETE /contacts/:userId', { userId: former!.id });
    await blocks!.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    const listeners = await Promise.all(others.map((user) => connect(user, servers.one)));

    const b = await connect(boris);
    await receives('online');
    await b.ask('call:join', { roomId });
    await receives('online', 'in_call');
    await b.ask('call:leave', {});
    await receives('online', 'in_call', 'online');
    await b.ask('presence:set', { away: true });
    await receives('online', 'in_call', 'online', 'away');
    await boris.rest.request('PATCH /preferences', { body: { shareLastSeen: true } });
    b.close();
    await receives('online', 'in_call', 'online', 'away', 'offline');

    for (const [i, socket] of listeners.entries()) {
      // Earlier events have arrived before the answer.
      await socket.send('call:get', { roomId });
      expect(socket.events('presence:changed')).toEqual([]);
      const seen = (await contactsOf(others[i]!))[boris.id];
      expect([seen?.presence ?? null, seen?.lastSeenAt ?? null]).toEqual([null, null]);
    }
  });

  it('is no longer sent to a former contact', async () => {
    await anna.rest.request('DELETE /contacts/:userId', { userId: boris.id });
    await connect(boris);
    const clara = await newUser(servers.one, 'clara');
    await befriend(anna, clara);
    await connect(clara);
    await a.event('presence:changed', ({ userId }) => userId === clara.id);
    expect(received()).toEqual([]);
    expect(await loadedPresence()).toBeUndefined();
  });

  it('is correct in the end, however fast a user connects and disconnects', async () => {
    for (let round = 0; round < 5; round++) {
      const visits = await Promise.all([connect(boris), connect(boris, servers.one), connect(boris)]);
      for (const socket of visits) socket.close();
    }
    const b = await connect(boris);
    await b.ask('presence:set', { away: true });
    await a.until(() => received().at(-1) === 'away');
    b.close();
    await a.until(() => received().at(-1) === 'offline');
  });
}

describe('at one server', () => {
  presence(async () => {
    const one = await startApp();
    return { one, two: one, stop: () => one.close() };
  });
});

describeWithRedis('at two servers', () => {
  presence(async () => {
    const [database, redis] = await Promise.all([newDatabase(), startRedis()]);
    const one = await startApp({ database, redis: redis.url });
    const two = await startApp({ database, redis: redis.url });
    return {
      one,
      two,
      stop: async () => {
        await Promise.all([one.close(), two.close()]);
        await Promise.all([database.drop(), redis.stop()]);
      },
    };
  });
});
