import type { CallHistoryDto, PageQueryDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let boris: TestUser;
let clara: TestUser;
let roomId: string;
let roomName: string;

beforeEach(async () => {
  [anna, boris, clara] = (await Promise.all(['anna', 'boris', 'clara'].map((name) => newUser(server, name)))) as [
    TestUser,
    TestUser,
    TestUser,
  ];
  ({ id: roomId, name: roomName } = await newRoom(anna));
  await bringIn(anna, roomId, boris);
  await bringIn(anna, roomId, clara);
});

interface Past {
  /** The first participant starts the call. */
  came?: TestUser[];
  rung?: [TestUser, 'accepted' | 'declined' | 'cancelled' | 'missed' | 'ringing'][];
  in?: string;
  /** How many minutes ago it began. It lasted one minute; participants joined at intervals of ten seconds. */
  ago: number;
  running?: boolean;
}

/** Writes the rows of a past call. */
async function past({ came = [anna], rung = [], in: room = roomId, ago, running = false }: Past): Promise<string> {
  const id = randomUUID();
  await server.db.query(
    `INSERT INTO calls (id, room_id, started_by, started_at, ended_at)
     SELECT $1, $2, $3, t, CASE WHEN NOT $5 THEN t + interval '1 minute' END
     FROM (SELECT now() - $4 * interval '1 minute' AS t) AS began`,
    [id, room, came[0]?.id, ago, running],
  );
  for (const [i, { id: userId }] of came.entries()) {
    await server.db.query(
      `INSERT INTO call_participants (id, call_id, user_id, joined_at)
       SELECT gen_random_uuid(), id, $2, started_at + $3 * interval '10 seconds' FROM calls WHERE id = $1`,
      [id, userId, i],
    );
  }
  for (const [{ id: userId }, status] of rung) {
    await server.db.query(
      `INSERT INTO rings (id, call_id, caller_id, callee_id, status) VALUES (gen_random_uuid(), $1, $2, $3, $4)`,
      [id, came[0]?.id, userId, status],
    );
  }
  return id;
}

const history = async (user: TestUser, query: PageQueryDto = {}): Promise<CallHistoryDto> =>
  (await user.rest.request('GET /calls', { query })).body;
const parts = async (user: TestUser) => (await history(user)).calls.map(({ callId, part }) => [callId, part]);

it('shows each user their own part in past calls, the latest first', async () => {
  const both = await past({ came: [anna, boris], rung: [[clara, 'declined']], ago: 30 });
  const missed = await past({ rung: [[boris, 'missed']], ago: 20 });
  const cancelled = await past({ came: [clara], rung: [[boris, 'cancelled']], ago: 10 });
  expect(await parts(anna)).toEqual([
    [missed, 'started'],
    [both, 'started'],
  ]);
  expect(await parts(boris)).toEqual([
    [cancelled, 'missed'],
    [missed, 'missed'],
    [both, 'joined'],
  ]);
  expect(await parts(clara)).toEqual([
    [cancelled, 'started'],
    [both, 'declined'],
  ]);
  expect((await history(boris)).calls[2]).toEqual({
    callId: both,
    roomId,
    roomName,
    kind: 'group',
    peerId: null,
    part: 'joined',
    rung: false,
    answer: null,
    startedAt: expect.any(String),
    endedAt: expect.any(String),
    durationMs: 50_000,
    people: [anna.username],
  });
});

it('shows a direct call with the other user and their answer', async () => {
  const pair = [anna.id, boris.id].sort().join(' ');
  const [row] = await server.db.query<{ id: string }>(
    `INSERT INTO rooms (kind, name, visibility, direct_pair) VALUES ('direct', '', 'private', $1) RETURNING id`,
    [pair],
  );
  const direct = row!.id;
  await server.db.query(`INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, 'member'), ($1, $3, 'member')`, [
    direct,
    anna.id,
    boris.id,
  ]);
  await past({ in: direct, rung: [[boris, 'missed']], ago: 5 });
  const common = { kind: 'direct', answer: 'missed' };
  expect((await history(anna)).calls).toMatchObject([
    { ...common, part: 'started', roomName: boris.username, peerId: boris.id, people: [] },
  ]);
  expect((await history(boris)).calls).toMatchObject([
    { ...common, part: 'missed', roomName: anna.username, peerId: anna.id, people: [anna.username] },
  ]);
});

it('shows a running call, but not one that is still ringing for the user', async () => {
  const id = await past({ came: [anna, clara], rung: [[boris, 'ringing']], ago: 1, running: true });
  const [call] = (await history(anna)).calls;
  expect(call).toMatchObject({ callId: id, endedAt: null });
  expect(call?.durationMs).toBeGreaterThanOrEqual(50_000);
  expect(call?.durationMs).toBeLessThan(60_000);
  expect(await parts(boris)).toEqual([]);
});

it('omits the calls of rooms that the user has left', async () => {
  await past({ came: [anna, boris], ago: 3 });
  await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id });
  expect(await parts(boris)).toEqual([]);
  expect(await parts(anna)).toHaveLength(1);
});

it('comes in pages without gaps or repeats, also when calls began in the same moment', async () => {
  const ids = await Promise.all([9, 8, 7, 6, 5].map((ago) => past({ ago })));
  await server.db.query('UPDATE calls SET started_at = now() WHERE id = ANY ($1)', [ids.slice(1, 4)]);
  const read: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { calls, next } = await history(anna, { limit: 2, cursor });
    expect(calls.length).toBeLessThanOrEqual(2);
    read.push(...calls.map(({ callId }) => callId));
    if (next === null) break;
    cursor = next;
  }
  expect(read).toHaveLength(5);
  expect(new Set(read)).toEqual(new Set(ids));
});

it.each([
  'x',
  Buffer.from('["x", "y"]').toString('base64url'),
  Buffer.from(`["now", "${randomUUID()}"]`).toString('base64url'),
])('refuses a cursor that is not its own: %s', async (cursor) => {
  expect(await anna.rest.request('GET /calls', { query: { cursor } })).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_input' } },
  });
});

it('contains calls that were made over sockets', async () => {
  const [a, b] = (await Promise.all([anna, boris].map(({ rest }) => TestSocket.connect(server.url, rest.token)))) as [
    TestSocket,
    TestSocket,
  ];
  await a.ask('call:join', { roomId });
  await a.ask('ring:start', { roomId, userIds: [boris.id, clara.id] });
  await b.ask('call:join', { roomId });
  await b.ask('call:leave', {});
  await a.ask('call:leave', {});
  expect((await history(anna)).calls).toMatchObject([{ part: 'started', people: [boris.username] }]);
  expect((await history(boris)).calls).toMatchObject([{ part: 'joined', rung: true, people: [anna.username] }]);
  expect((await history(clara)).calls).toMatchObject([{ part: 'missed', people: [anna.username, boris.username] }]);
  [a, b].forEach((socket) => socket.close());
});

it('is not unread for users who were in the call', async () => {
  const [a, b] = await Promise.all([anna, boris].map(({ rest }) => TestSocket.connect(server.url, rest.token)));
  for (const socket of [a!, b!]) await socket.ask('call:join', { roomId });
  for (const socket of [a!, b!]) await socket.ask('call:leave', {});
  await b!.event('chat:posted');
  const unread = [anna, boris, clara].map(
    async ({ rest }) => (await rest.request('GET /rooms/:roomId', { roomId })).body.unread,
  );
  expect(await Promise.all(unread)).toEqual([0, 0, 1]);
  for (const socket of [a!, b!]) socket.close();
});
