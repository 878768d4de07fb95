import type { MessageDto, RoomDto } from '@webcall/contracts';
import type { RingCallee } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { CallJournal } from '../../src/calls/records/call-journal';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import { befriend, directRoom } from '../support/contacts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';

/** Anna's server and Boris's server, with the usual limits and without. */
interface Servers {
  near: TestApp;
  far: TestApp;
  unlimited: { near: TestApp; far: TestApp };
}

const MOST = LIMITS_BY_NAME['ring:pair'].limit;

const sockets: TestSocket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

async function connect({ rest }: Pick<TestUser, 'rest'>, { url }: TestApp): Promise<TestSocket> {
  const socket = await TestSocket.connect(url, rest.token);
  sockets.push(socket);
  return socket;
}

/** Anna and Boris, who are contacts, in their room; Anna is in its call. */
async function beginDirect({ near, far }: { near: TestApp; far: TestApp }) {
  const [anna, boris] = [await newUser(near, 'anna'), await newUser(near, 'boris')];
  await befriend(anna, boris);
  const { id: roomId } = await directRoom(anna, boris);
  const [a, b] = [await connect(anna, near), await connect(boris, far)];
  await a.ask('call:join', { roomId });
  const ring = (id: string = randomUUID()) => a.send('ring:start', { roomId, id, userIds: [boris.id] });
  /** Rings and cancels; resolves when Boris has the entry with the number of missed calls. */
  const miss = async (times: number): Promise<void> => {
    const id = randomUUID();
    expect((await ring(id)).ok).toBe(true);
    await a.ask('ring:cancel', { roomId, ringId: id });
    const entryEvents = () => [...b.events('chat:posted'), ...b.events('chat:changed')];
    await b.until(() => entryEvents().some((message) => timesOf(message) === times && !seen.has(message)));
    for (const message of entryEvents()) seen.add(message);
  };
  const seen = new Set<MessageDto>();
  const entries = async (): Promise<MessageDto[]> =>
    (await boris.rest.request('GET /rooms/:roomId/messages', { roomId })).body.messages;
  const room = async (user: TestUser): Promise<RoomDto> =>
    (await user.rest.request('GET /rooms/:roomId', { roomId })).body;
  return { anna, boris, roomId, a, b, ring, miss, entries, room };
}

function calleeOf({ content }: MessageDto): RingCallee | undefined {
  return content.type === 'ring' ? content.callees[0] : undefined;
}

function timesOf(message: MessageDto): number | undefined {
  const callee = calleeOf(message);
  return callee && (callee.times ?? 1);
}

function rules(servers: () => Servers): void {
  describe('ringing one who does not answer', () => {
    it('is refused after three times a minute, with the time to wait, from every device', async () => {
      const { near, far } = servers();
      const { anna, boris, roomId, a, ring } = await beginDirect({ near, far });
      const phone = await anna.rest.request('POST /auth/login', {
        body: { email: anna.email, password: anna.password },
      });
      const other = await TestSocket.connect(far.url, phone.body.accessToken);
      sockets.push(other);
      await other.ask('call:join', { roomId });
      for (let i = 0; i < MOST; i++) {
        const id = randomUUID();
        expect((await ring(id)).ok).toBe(true);
        // A repeated id is the same ring.
        expect((await ring(id)).ok).toBe(true);
        await a.ask('ring:cancel', { roomId, ringId: id });
      }
      const refused = await ring();
      if (refused.ok) throw new Error('one ring too many was not refused');
      const { code, details } = refused.error;
      expect(code).toBe('too_many_requests');
      const retryAfterSeconds = Number(details?.['retryAfterSeconds']);
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(retryAfterSeconds).toBeLessThanOrEqual(LIMITS_BY_NAME['ring:pair'].seconds);
      expect(await other.refusal('ring:start', { roomId, userIds: [boris.id] })).toBe('too_many_requests');
      expect(await other.refusal('ring:start', { roomId })).toBe('too_many_requests');
    });

    it('counts for the pair in all rooms, not for other callees, and not the other way round', async () => {
      const { near, far } = servers();
      const { anna, boris, roomId, a, b, ring } = await beginDirect({ near, far });
      const clara = await newUser(near, 'clara');
      const { id: group } = await newRoom(anna);
      await bringIn(anna, group, boris);
      await bringIn(anna, group, clara);
      for (let i = 0; i < MOST; i++) {
        const id = randomUUID();
        await ring(id);
        await a.ask('ring:cancel', { roomId, ringId: id });
      }
      await a.ask('call:leave', {});
      await a.ask('call:join', { roomId: group });
      expect(await a.refusal('ring:start', { roomId: group, userIds: [boris.id] })).toBe('too_many_requests');
      const { rings } = await a.ask('ring:start', { roomId: group, userIds: [boris.id, clara.id] });
      expect(rings.map(({ calleeId, status }) => [calleeId, status])).toEqual([[clara.id, 'ringing']]);
      const { call } = await a.ask('call:get', { roomId: group });
      expect(call!.rings.map(({ calleeId }) => calleeId)).toEqual([clara.id]);
      await b.ask('call:join', { roomId });
      expect((await b.ask('ring:start', { roomId, userIds: [anna.id] })).rings).toHaveLength(1);
    });

    it('is refused just as soon when the callee’s devices stay silent, which hides a block', async () => {
      const { near, far } = servers();
      const [anna, boris, clara] = [await newUser(near), await newUser(near), await newUser(near)];
      const { id: roomId } = await newRoom(anna);
      await bringIn(anna, roomId, boris);
      await bringIn(anna, roomId, clara);
      await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
      const a = await connect(anna, near);
      await connect(boris, far);
      await a.ask('call:join', { roomId });
      const outcomes = async (user: TestUser): Promise<boolean[]> => {
        const all: boolean[] = [];
        for (let i = 0; i < MOST + 2; i++) {
          const id = randomUUID();
          const { ok } = await a.send('ring:start', { roomId, id, userIds: [user.id] });
          all.push(ok);
          if (ok) await a.ask('ring:cancel', { roomId, ringId: id });
        }
        return all;
      };
      const open = await outcomes(clara);
      expect(open).toEqual([true, true, true, false, false]);
      expect(await outcomes(boris)).toEqual(open);
    });
  });

  describe('consecutive calls that the callee misses', () => {
    it('are counted in one entry, which counts as one unread message', async () => {
      const { anna, boris, b, miss, entries, room } = await beginDirect(servers().unlimited);
      for (const times of [1, 2, 3]) await miss(times);
      const all = await entries();
      expect(all.map((message) => calleeOf(message))).toEqual([
        { userId: boris.id, name: boris.username, status: 'cancelled', times: 3 },
      ]);
      expect(all[0]).toMatchObject({ seq: 1, authorId: anna.id, revision: 2 });
      expect(b.events('chat:posted')).toHaveLength(1);
      expect(await room(boris)).toMatchObject({ unread: 1, lastMessage: { callees: [{ times: 3 }] } });
      expect(await room(anna)).toMatchObject({ unread: 0 });
    });

    it('get a new entry once the previous one has been read', async () => {
      const { boris, roomId, b, miss, entries, room } = await beginDirect(servers().unlimited);
      await miss(1);
      await b.ask('chat:read', { roomId, seq: 1 });
      await miss(1);
      expect((await room(boris)).unread).toBe(1);
      await miss(2);
      expect((await entries()).map(timesOf)).toEqual([1, 2]);
    });

    it('get separate entries when there is a message between them', async () => {
      const { roomId, a, miss, entries } = await beginDirect(servers().unlimited);
      await miss(1);
      await miss(2);
      await a.ask('chat:send', { roomId, id: randomUUID(), text: 'Where are you?' });
      await miss(1);
      expect((await entries()).map(timesOf)).toEqual([2, undefined, 1]);
    });

    it('do not include declined calls, or calls in the other direction', async () => {
      const { anna, roomId, a, b, ring, miss, entries } = await beginDirect(servers().unlimited);
      await miss(1);
      const id = randomUUID();
      await ring(id);
      await b.ask('ring:decline', { roomId, ringId: id });
      await b.event('chat:posted', (message) => calleeOf(message)?.status === 'declined');
      await miss(1);
      await a.ask('call:leave', {});
      await b.ask('call:join', { roomId });
      const back = randomUUID();
      await b.ask('ring:start', { roomId, id: back, userIds: [anna.id] });
      await b.ask('ring:cancel', { roomId, ringId: back });
      await a.event('chat:posted', (message) => calleeOf(message)?.userId === anna.id);
      expect((await entries()).map((message) => [calleeOf(message)?.status, timesOf(message)])).toEqual([
        ['cancelled', 1],
        ['declined', 1],
        ['cancelled', 1],
        ['cancelled', 1],
      ]);
    });

    it('are counted once each, even if several replicas write the same ring', async () => {
      const { near, far } = servers().unlimited;
      const { anna, boris, roomId, miss, entries } = await beginDirect({ near, far });
      for (const times of [1, 2, 3]) await miss(times);
      const rows = await near.db.query<{ ringId: string; callId: string }>(
        'SELECT id AS "ringId", call_id AS "callId" FROM rings WHERE callee_id = $1',
        [boris.id],
      );
      const before = await entries();
      const again = [near, far, near].flatMap(({ app }) =>
        rows.map(({ ringId, callId }) =>
          app.get(CallJournal, { strict: false }).recordForgottenRings({
            roomId,
            callId,
            ringId,
            callerId: anna.id,
            rings: [{ calleeId: boris.id, status: 'missed' }],
            at: Date.now(),
          }),
        ),
      );
      expect(again).toHaveLength(9);
      await Promise.all(again);
      expect(await entries()).toEqual(before);
    });

    it('are counted once each, even when several causes end them at the same moment', async () => {
      const { unlimited } = servers();
      const { roomId, a, b, ring, entries } = await beginDirect(unlimited);
      // The caller cancels and leaves, and the call ends, all at once: each of these writes the outcome of the ring.
      for (let i = 0; i < 4; i++) {
        const id = randomUUID();
        await ring(id);
        await Promise.all([a.send('ring:cancel', { roomId, ringId: id }), a.send('call:leave', {})]);
        await a.ask('call:join', { roomId });
      }
      const entryEvents = () => [...b.events('chat:posted'), ...b.events('chat:changed')];
      await b.until(() => entryEvents().some((message) => timesOf(message) === 4));
      expect((await entries()).map(timesOf)).toEqual([4]);
    });
  });
}

describe('rings that are repeated, in memory', () => {
  let servers: Servers;
  beforeAll(async () => {
    const near = await startApp({ env: { THROTTLE_SCALE: '1' } });
    const unlimited = await startApp({ database: near.db });
    servers = { near, far: near, unlimited: { near: unlimited, far: unlimited } };
  });
  afterAll(async () => {
    await servers.unlimited.near.close();
    await servers.near.close();
  });
  rules(() => servers);
});

describeWithRedis('rings that are repeated, at two servers on one Redis', () => {
  let stores: [TestRedis, TestRedis];
  let servers: Servers;
  beforeAll(async () => {
    stores = await Promise.all([startRedis(), startRedis()]);
    const [redis, other] = stores.map(({ url }) => url) as [string, string];
    const env = { THROTTLE_SCALE: '1' };
    const near = await startApp({ redis, env });
    const far = await startApp({ redis, database: near.db, env });
    const unlimited = {
      near: await startApp({ redis: other, database: near.db }),
      far: await startApp({ redis: other, database: near.db }),
    };
    servers = { near, far, unlimited };
  });
  afterAll(async () => {
    const { near, far, unlimited } = servers;
    for (const app of [unlimited.far, unlimited.near, far, near]) await app.close();
    await Promise.all(stores.map((store) => store.stop()));
  });
  rules(() => servers);
});
