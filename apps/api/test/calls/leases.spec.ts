import type * as Contracts from '@webcall/contracts';
import type { MessageContent } from '@webcall/domain';
import type * as Domain from '@webcall/domain';
import Redis from 'ioredis';
import { randomUUID } from 'node:crypto';
import type * as CallTimes from '../../src/calls/records/call-times';
import { eventually } from '../support/faults/recovery';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';

// Durations are much shorter than usual, to keep these tests fast. What happens before they are over is tested in the
// specs next to the source, which do not depend on the speed of the machine.
jest.mock('@webcall/contracts', () => ({
  ...jest.requireActual<object>('@webcall/contracts'),
  ...({ SEAT_LEASE_DURATION_MS: 450 } satisfies Partial<Record<keyof typeof Contracts, number>>),
}));
jest.mock('@webcall/domain', () => ({
  ...jest.requireActual<object>('@webcall/domain'),
  ...({ RING_DURATION_MS: 300 } satisfies Partial<Record<keyof typeof Domain, number>>),
}));
jest.mock('../../src/calls/records/call-times', () => ({
  ...jest.requireActual<object>('../../src/calls/records/call-times'),
  ...({ RING_RETRY_MS: 600 } satisfies Partial<Record<keyof typeof CallTimes, number>>),
}));

/** Anna's server and Boris's server. */
interface Servers {
  near: TestApp;
  far: TestApp;
}

const sockets: TestSocket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

async function connect({ rest }: TestUser, { url }: TestApp): Promise<TestSocket> {
  const socket = await TestSocket.connect(url, rest.token);
  sockets.push(socket);
  return socket;
}

/** A room of Anna's with Boris; Anna is in its call. */
async function begin({ near, far }: Servers) {
  const [anna, boris] = await Promise.all([newUser(near, 'anna'), newUser(near, 'boris')]);
  const { id: roomId } = await newRoom(anna);
  await bringIn(anna, roomId, boris);
  const [a, b] = await Promise.all([connect(anna, near), connect(boris, far)]);
  const seat = await a.ask('call:join', { roomId });
  return { anna, boris, roomId, a, b, seat };
}

/** The same with the door at `lobby`, where Boris knocks. */
async function beginWithKnock(servers: Servers) {
  const begun = await begin(servers);
  const { anna, roomId, a, b } = begun;
  await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'lobby' } });
  await b.ask('knock:start', { roomId });
  await a.event('call:changed', ({ change }) => change.type === 'knocked');
  return begun;
}

function ends(servers: () => Servers): void {
  it('a seat whose socket is lost, and the call when it was the last seat, with its rows', async () => {
    const { roomId, a, b, seat } = await begin(servers());
    a.cut();
    const left = await b.event('call:changed', ({ change }) => change.type === 'left');
    expect(left.change).toEqual({ type: 'left', participantId: seat.participantId, reason: 'lost' });
    await b.event('call:changed', ({ change }) => change.type === 'ended');
    expect((await b.ask('call:get', { roomId })).call).toBeNull();
    // The rows are written after the live state.
    await eventually(async () => {
      const rows = await servers().near.db.query(
        `SELECT FROM calls c JOIN call_participants p ON p.call_id = c.id
         WHERE c.id = $1 AND c.ended_at IS NOT NULL AND p.left_at IS NOT NULL`,
        [seat.callId],
      );
      expect(rows).toHaveLength(1);
    });
  });

  it('a ring that nobody answers, with an entry in the room', async () => {
    const { anna, boris, roomId, a, b } = await begin(servers());
    const id = randomUUID();
    await a.ask('ring:start', { roomId, id, userIds: [boris.id] });
    await a.event('ring:changed', ({ ring }) => ring.status === 'missed');
    const { content, ...message } = (await a.event('chat:posted')) as { content: MessageContent };
    expect(message).toMatchObject({ authorId: anna.id, authorName: anna.username, seq: 1 });
    expect(content).toMatchObject({
      type: 'ring',
      callees: [{ userId: boris.id, name: boris.username, status: 'missed' }],
    });
    const rows = await servers().near.db.query('SELECT status, ended_at IS NOT NULL AS over FROM rings WHERE id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ status: 'missed', over: true }]);
    // It is unread for everybody but the caller.
    expect((await anna.rest.request('GET /rooms/:roomId', { roomId })).body).toMatchObject({
      unread: 0,
      lastMessage: { type: 'ring', callees: [{ userId: boris.id, status: 'missed' }] },
    });
    expect((await boris.rest.request('GET /rooms/:roomId', { roomId })).body.unread).toBe(1);
    expect(await b.refusal('ring:accept', { roomId, ringId: id })).toBe('ring_over');
  });
}

describe('what ends by itself, in memory', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  ends(() => ({ near: app, far: app }));
});

describeWithRedis('what ends by itself, at two servers on one Redis', () => {
  let redis: TestRedis;
  let servers: Servers;
  let store: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    const near = await startApp({ redis: redis.url });
    servers = { near, far: await startApp({ redis: redis.url, database: near.db }) };
    store = new Redis(redis.url);
  });
  afterAll(async () => {
    store.disconnect();
    await servers.far.close();
    await servers.near.close();
    await redis.stop();
  });
  ends(() => servers);

  it('a knock of a replica that died, when its lease has run out', async () => {
    const { roomId, boris, a } = await beginWithKnock(servers);
    // A knock with a lease that nobody renews, as a killed replica leaves it.
    const key = `webcall:live:calls:of:${roomId}`;
    const live = JSON.parse((await store.get(key))!);
    const ghost = { id: randomUUID(), userId: boris.id, name: 'ghost' };
    live.call.knocks.push(ghost);
    await store.set(key, JSON.stringify(live));
    const member = `${ghost.id} nobody`;
    await store.zadd(`webcall:leases:knocks:of:${roomId}`, Date.now() + 300, member);
    await store.zadd('webcall:leases:knocks:due', Date.now() + 300, JSON.stringify([roomId, member]));
    const { change } = await a.event('call:changed', (event) => event.change.type === 'unknocked');
    expect(change).toMatchObject({ knockId: ghost.id, outcome: 'gone' });
    expect((await a.ask('call:get', { roomId })).call?.knocks).toHaveLength(1);
  });

  it('a knock whose call the store has lost, and the knocking user is notified', async () => {
    const { roomId, b } = await beginWithKnock(servers);
    await store.del(`webcall:live:calls:of:${roomId}`);
    expect(await b.event('knock:answered')).toEqual({ roomId, outcome: 'gone' });
  });

  it('a seat that Redis has forgotten: its device comes back and takes a new one', async () => {
    const { anna, roomId, a, seat } = await begin(servers);
    const closed = a.closed();
    await store.flushall();
    expect(await closed).toBe('transport close');
    const back = await connect(anna, servers.near);
    const { participantId, resumeKey } = seat;
    expect(await back.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
    expect(await back.ask('call:join', { roomId })).toMatchObject({ version: 1, participants: [] });
  });
});
