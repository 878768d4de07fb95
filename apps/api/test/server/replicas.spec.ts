import type { CallJoinedDto, Presence } from '@webcall/contracts';
import Redis from 'ioredis';
import { randomUUID } from 'node:crypto';
import { befriend, contactsOf } from '../support/contacts';
import { newDatabase, type TestDatabase } from '../support/database';
import { type ServerProcess, startProcess } from '../support/faults/processes';
import { storm } from '../support/faults/storm';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, REGISTRATION_CODE, type TestUser } from '../support/test-app';

/** Two processes of the built API, on one PostgreSQL and one Redis. */
describeWithRedis('two processes', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let one: ServerProcess;
  let two: ServerProcess;
  let anna: TestUser;
  let boris: TestUser;
  let roomId: string;
  let a: TestSocket;
  let b: TestSocket;
  const sockets: TestSocket[] = [];

  const start = (): Promise<ServerProcess> =>
    startProcess({
      APP_ENV: 'test',
      BCRYPT_COST: '4',
      THROTTLE_SCALE: '1000',
      JWT_SECRET: 'signs-the-tokens-of-integration-tests-1',
      REGISTRATION_SECRET: REGISTRATION_CODE,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
    });
  const connect = async (user: TestUser, { url }: ServerProcess): Promise<TestSocket> => {
    const socket = await TestSocket.connect(url, user.rest.token);
    sockets.push(socket);
    return socket;
  };
  const acknowledge = (socket: TestSocket) => socket.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
  const resume = (socket: TestSocket, { participantId, resumeKey }: CallJoinedDto) =>
    socket.ask('call:resume', { roomId, participantId, resumeKey });

  beforeAll(async () => {
    [database, redis] = await Promise.all([newDatabase(), startRedis()]);
    // Both start at once on an empty database: the migrations run once.
    [one, two] = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await Promise.all([database.drop(), redis.stop()]);
  });
  beforeEach(async () => {
    [anna, boris] = await Promise.all([newUser(one, 'anna'), newUser(two, 'boris')]);
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, boris);
    [a, b] = await Promise.all([connect(anna, one), connect(boris, two)]);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

  it('chat with each other', async () => {
    const id = randomUUID();
    await a.ask('chat:send', { roomId, id, text: 'Hello over there' });
    expect(await b.event('chat:posted')).toMatchObject({ id, seq: 1, authorName: anna.username });
    const elsewhere = await connect(boris, one);
    await b.ask('chat:read', { roomId, seq: 1 });
    expect(await elsewhere.event('chat:read')).toEqual({ roomId, userId: boris.id, seq: 1 });
    await a.ask('chat:edit', { roomId, id, text: 'Hello' });
    await b.event('chat:changed', ({ content }) => content.type === 'text' && content.text === 'Hello');
  });

  it('deliver 1,000 messages of 4 clients to all, once and in one order, while clients switch servers', async () => {
    const { read, texts, cuts } = await storm(one, [one.url, two.url], 1000);
    expect(cuts).toBeGreaterThan(10);
    for (const messages of read) {
      expect(messages.map(({ seq }) => seq)).toEqual(texts.map((_, i) => i + 1));
      expect(messages.map(({ id }) => id)).toEqual(read[0]!.map(({ id }) => id));
    }
    expect(read[0]!.map(({ content }) => (content.type === 'text' ? content.text : '')).sort()).toEqual(texts.sort());
  });

  it('leave alone a call that a newer release has changed', async () => {
    await a.ask('call:join', { roomId });
    const store = new Redis(redis.url);
    const key = `webcall:live:calls:of:${roomId}`;
    const newer = JSON.stringify({ ...JSON.parse((await store.get(key))!), formatVersion: 1000 });
    await store.set(key, newer);
    expect(await a.refusal('call:update', { media: { camera: true } })).toBe('unavailable');
    expect(await b.refusal('call:join', { roomId })).toBe('unavailable');
    await b.ask('chat:send', { roomId, id: randomUUID(), text: 'Can you hear me?' });
    expect(await store.get(key)).toBe(newer);
    store.disconnect();
  });

  it('see who connects and disconnects at the other', async () => {
    const clara = await newUser(one, 'clara');
    await befriend(anna, clara);
    const about = (presence: Presence) =>
      a.event('presence:changed', (e) => e.userId === clara.id && e.presence === presence);
    const c = await connect(clara, two);
    await about('online');
    expect((await contactsOf(anna))[clara.id]?.presence).toBe('online');
    c.close();
    await about('offline');
    expect((await contactsOf(anna))[clara.id]?.presence).toBe('offline');
  });

  it('end sessions and memberships for sockets at the other', async () => {
    const clara = await newUser(one, 'clara');
    await bringIn(anna, roomId, clara);
    const c = await connect(clara, two);
    await a.ask('chat:send', { roomId, id: randomUUID(), text: 'In' });
    await c.event('chat:posted');
    await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: clara.id });
    await c.event('room:changed', ({ change }) => change.type === 'member_left');
    await a.ask('chat:send', { roomId, id: randomUUID(), text: 'Out' });
    await b.event('chat:posted', ({ seq }) => seq === 2);
    expect(c.events('chat:posted')).toHaveLength(1);
    const closed = c.closed();
    await clara.rest.request('POST /auth/logout');
    expect(await c.event('session:ended')).toEqual({ code: 'session_ended' });
    await closed;
  });

  it('share one call: changes in order, signals both ways, and a seat that moves with its device', async () => {
    const [first, second] = await Promise.all([a, b].map((socket) => socket.ask('call:join', { roomId })));
    expect(first!.callId).toBe(second!.callId);
    [a, b].forEach(acknowledge);
    const signals = Array.from({ length: 20 }, (_, i) => ({
      id: randomUUID(),
      candidate: { candidate: `candidate:${i}` },
    }));
    for (const signal of signals) {
      await Promise.all([
        a.ask('signal:send', { to: second!.participantId, ...signal }),
        b.ask('signal:send', { to: first!.participantId, ...signal }),
      ]);
    }
    expect(a.events('signal:received').map(({ from }) => from)).toEqual(signals.map(() => second!.participantId));
    expect(b.events('signal:received').map(({ candidate }) => candidate!.candidate)).toEqual(
      signals.map(({ candidate }) => candidate.candidate),
    );
    await Promise.all(
      [a, b, a, b, a, b].map((socket, i) => socket.ask('call:update', { media: { camera: i % 2 === 0 } })),
    );
    for (const socket of [a, b]) {
      await socket.event('call:changed', ({ version }) => version === 8);
      expect(socket.events('call:changed').map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }

    a.cut();
    await b.event('call:changed', ({ version }) => version === 9);
    expect(await b.refusal('signal:send', { to: first!.participantId, ...signals[0] })).toBe('participant_away');
    a = await connect(anna, two);
    acknowledge(a);
    expect(await resume(a, first!)).toMatchObject({ participantId: first!.participantId, version: 10 });
    await b.ask('signal:send', { to: first!.participantId, ...signals[0] });
    expect(a.events('signal:received')).toHaveLength(1);

    const back = await connect(anna, one);
    acknowledge(back);
    await resume(back, first!);
    expect(await a.event('call:changed', ({ version }) => version === 11)).toMatchObject({
      change: { type: 'left', participantId: first!.participantId, reason: 'moved' },
    });
    await b.ask('signal:send', { to: first!.participantId, ...signals[0] });
    expect(back.events('signal:received')).toHaveLength(1);
    expect(a.events('signal:received')).toHaveLength(1);
  });

  it('let clients continue at the other when one is shut down', async () => {
    await befriend(anna, boris);
    const seat = await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    const closed = a.closed();
    await one.stop();
    expect(await closed).toMatch(/transport/);
    await b.event('call:changed', ({ change }) => change.type === 'updated' && !change.participant.connected);
    // The seat is kept, and so is the presence that contacts see.
    expect((await contactsOf(boris))[anna.id]?.presence).toBe('in_call');
    a = await connect(anna, two);
    expect(await resume(a, seat)).toMatchObject({ participantId: seat.participantId });
    one = await start();
  });

  it('keep a call when one is killed: a device that comes back keeps its seat, others lose it', async () => {
    const clara = await newUser(two, 'clara');
    await bringIn(anna, roomId, clara);
    for (const user of [anna, clara]) await befriend(boris, user);
    const c = await connect(clara, one);
    const [seat, lost] = [await a.ask('call:join', { roomId }), await c.ask('call:join', { roomId })];
    await b.ask('call:join', { roomId });
    await one.kill();
    a = await connect(anna, two);
    acknowledge(a);
    expect(await resume(a, seat)).toMatchObject({ participantId: seat.participantId, participants: { length: 2 } });
    await b.ask('signal:send', { to: seat.participantId, candidate: { candidate: '' } });
    expect(await b.event('call:changed', ({ change }) => change.type === 'left')).toMatchObject({
      change: { participantId: lost.participantId, reason: 'lost' },
    });
    await b.event('presence:changed', ({ userId, presence }) => userId === clara.id && presence === 'offline');
    const contacts = await contactsOf(boris);
    expect([anna, clara].map(({ id }) => contacts[id]?.presence)).toEqual(['in_call', 'offline']);
    const { call } = await b.ask('call:get', { roomId });
    expect(call!.participants.map(({ userId, connected }) => [userId, connected])).toEqual([
      [anna.id, true],
      [boris.id, true],
    ]);
    one = await start();
  });
});
