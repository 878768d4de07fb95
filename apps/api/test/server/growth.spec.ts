import { toHttpRequest } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { declaredStatements } from '../../src/platform/database/sql-statement';
import { Realtime } from '../../src/platform/realtime/realtime';
import { befriend, contactsOf, directRoom } from '../support/contacts';
import { listDevice } from '../support/device-keys';
import { newCode, newRoom, newUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
afterEach(() => jest.restoreAllMocks());

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Runs the one declared statement that contains `part`. @returns how many rows it read from a table */
async function countRowsRead(table: string, part: string, values: unknown[]): Promise<number> {
  const found = [...declaredStatements].filter(({ sql }) => sql.includes(part));
  expect(found).toHaveLength(1);
  const [answer] = await server.db.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${found[0]!.sql}`,
    values,
  );
  const rowsOf = ({ Plans = [], ...node }: PlanNode): number =>
    Plans.reduce((sum, plan) => sum + rowsOf(plan), 0) +
    (node['Relation Name'] === table
      ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      : 0);
  return rowsOf(answer!['QUERY PLAN'][0].Plan);
}

it('a message that everybody in a room reads is two events for each of them', async () => {
  const [owner, ...others] = await times(12, () => newUser(server));
  const { id: roomId } = await newRoom(owner!, 'public');
  for (const user of others) await user.rest.request('POST /rooms/:roomId/join', { roomId });
  const sockets = await Promise.all([owner!, ...others].map((user) => server.connect(user)));
  const [author, ...readers] = sockets;
  await author!.ask('chat:send', { roomId, id: randomUUID(), text: 'Hello' });
  for (const reader of readers) {
    await reader.event('chat:posted');
    await reader.ask('chat:read', { roomId, seq: 1 });
    await reader.event('chat:read');
  }
  // What came after these would have been sent before the answers.
  await Promise.all(sockets.map((socket) => socket.ask('call:get', { roomId })));
  const eventsOf = (socket: (typeof sockets)[number]) =>
    socket.told.map(({ event }) => event).filter((event) => event.startsWith('chat:'));
  expect(eventsOf(author!)).toEqual(['chat:posted']);
  for (const reader of readers) expect(eventsOf(reader)).toEqual(['chat:posted', 'chat:read']);
});

it('a presence names the contacts who are connected, and nobody else', async () => {
  const [anna, boris, ...absent] = await times(5, () => newUser(server));
  for (const user of [boris!, ...absent]) await befriend(anna!, user);
  const a = await server.connect(anna!);
  const addressed = jest.spyOn(server.app.get(Realtime), 'toDevicesOfUsers');
  await server.connect(boris!);
  await a.event('presence:changed', ({ userId }) => userId === boris!.id);
  const b = await server.connect(boris!);
  await a.ask('presence:set', { away: true });
  await b.event('presence:changed', ({ userId, presence }) => userId === anna!.id && presence === 'away');
  const named = new Set(addressed.mock.calls.flatMap(([userIds]) => userIds));
  expect(named).toEqual(new Set([anna!.id, boris!.id]));
  expect((await contactsOf(boris!))[anna!.id]?.presence).toBe('away');
});

it('a list of rooms reads the other user of direct rooms, and nobody of groups', async () => {
  const [anna, boris] = await times(2, () => newUser(server));
  await befriend(anna!, boris!);
  await directRoom(anna!, boris!);
  await times(3, () => newRoom(anna!));
  await server.db.query(
    `WITH crowd AS (INSERT INTO users (username, name_look, email, canonical_email, password_hash)
       SELECT 'crowd-' || n, gen_random_uuid(), gen_random_uuid() || '@example.org', gen_random_uuid(), 'none'
       FROM generate_series(1, 300) n RETURNING id)
     INSERT INTO members (room_id, user_id, role)
     SELECT m.room_id, crowd.id, 'member' FROM members m JOIN rooms r ON r.id = m.room_id, crowd
     WHERE m.user_id = $1 AND r.kind = 'group'`,
    [anna!.id],
  );
  await server.db.query('ANALYZE members, rooms');
  expect(await countRowsRead('members', 'ORDER BY r.active_at DESC', [anna!.id, null, null, 101])).toBeLessThan(100);
});

it('who may see a device list is found without reading what its user has written elsewhere', async () => {
  const [anna, boris] = await times(2, () => newUser(server));
  await times(2, () => newRoom(anna!));
  const { id: roomId } = await newRoom(boris!);
  await listDevice(boris!);
  await server.db.query(
    `INSERT INTO messages (id, room_id, seq, author_id, content)
     SELECT gen_random_uuid(), $1, n, $2, '{"type": "text", "text": "Hello"}' FROM generate_series(1, 3000) n`,
    [roomId, boris!.id],
  );
  await server.db.query('ANALYZE messages, members');
  expect(await countRowsRead('messages', 'sum(octet_length(', [anna!.id, [boris!.id], 1000])).toBeLessThan(10);
});

it('a device list is not compared with the devices of all lists that a user ever had', async () => {
  const anna = await newUser(server);
  const { identity, device } = await listDevice(anna);
  const former = Buffer.alloc(32);
  await server.db.query(
    `INSERT INTO identities (user_id, key, list, signature, version, replaced_at) VALUES ($1, $2, '', '', 1, now())`,
    [anna.id, former],
  );
  const many = await server.db.query<{ id: string }>(
    `INSERT INTO devices (user_id, id, identity, signing_key, ended_at)
     SELECT $1, gen_random_uuid(), $2, $2, now() FROM generate_series(1, 3000) RETURNING id`,
    [anna.id, former],
  );
  const { sql } = [...declaredStatements].find((statement) => statement.sql.includes('ended_at IS NOT NULL AS ended'))!;
  const named = many[0]!.id;
  const compared = await server.db.query<{ id: string }>(sql, [anna.id, identity.publicKey, [device.id, named]]);
  expect(compared.map(({ id }) => id).sort()).toEqual([device.id, named].sort());
});

it('a list of 100 rooms takes a tenth of its bytes, and an answer with a token is not compressed', async () => {
  const anna = await newUser(server);
  await server.db.query(
    `WITH made AS (INSERT INTO rooms (kind, name, visibility)
       SELECT 'group', 'Room ' || n, 'private' FROM generate_series(1, 100) n RETURNING id)
     INSERT INTO members (room_id, user_id, role) SELECT id, $1, 'member' FROM made`,
    [anna.id],
  );
  const bytesOf = async (encoding: string): Promise<number> => {
    const query = { limit: 100 };
    const { url } = toHttpRequest('GET /rooms', { query });
    const headers = { authorization: `Bearer ${anna.rest.token}`, 'accept-encoding': encoding };
    const [response] = (await once(get(server.url + url, { headers, agent: false }), 'response')) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    return bytes;
  };
  expect(await bytesOf('br')).toBeLessThan((await bytesOf('identity')) / 10);
  const signedIn = await anna.rest.request('POST /auth/login', {
    body: { email: anna.email, password: anna.password },
  });
  expect([signedIn.status, signedIn.headers.get('content-encoding')]).toEqual([200, null]);
});

it('a long list of invitations is not compressed, since it has their codes', async () => {
  const anna = await newUser(server);
  const { id: roomId } = await newRoom(anna);
  await times(30, () => newCode(anna, roomId));
  const { status, headers, body } = await anna.rest.request('GET /rooms/:roomId/invitations', { roomId });
  expect([status, headers.get('content-encoding')]).toEqual([200, null]);
  expect(headers.get('cache-control')).toBe('no-store, no-transform');
  expect(JSON.stringify(body).length).toBeGreaterThan(4096);
});
