import type { MessagesDto, MessagesQueryDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { storm } from '../support/faults/storm';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let boris: TestUser;
let roomId: string;
let [a, b]: TestSocket[] = [];

beforeAll(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});

beforeEach(async () => {
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris);
  [a, b] = await Promise.all([anna, boris].map((user) => server.connect(user)));
});

const post = (socket: TestSocket, text: string, id: string = randomUUID()) =>
  socket.ask('chat:send', { roomId, id, text });
const history = async (query: MessagesQueryDto = {}): Promise<MessagesDto> =>
  (await boris.rest.request('GET /rooms/:roomId/messages', { roomId, query })).body;
const texts = ({ messages }: MessagesDto) =>
  messages.map(({ content }) => (content.type === 'text' ? content.text : content.type));

describe('posting', () => {
  it('numbers messages, broadcasts them, and marks them as read for their author', async () => {
    const id = randomUUID();
    expect(await post(a!, 'Hello', id)).toEqual({ ok: true, seq: 1 });
    expect(await post(a!, 'Anybody there?')).toMatchObject({ seq: 2 });
    const message = await b!.event('chat:posted');
    expect(message).toEqual({
      id,
      roomId,
      seq: 1,
      revision: 0,
      authorId: anna.id,
      authorName: anna.username,
      sentAt: expect.any(String),
      editedAt: null,
      content: { type: 'text', text: 'Hello' },
    });
    await a!.event('chat:posted', ({ seq }) => seq === 2);
    expect((await anna.rest.request('GET /rooms/:roomId', { roomId })).body).toMatchObject({
      lastSeq: 2,
      readSeq: 2,
      unread: 0,
    });
    expect((await boris.rest.request('GET /rooms/:roomId', { roomId })).body).toMatchObject({
      lastSeq: 2,
      readSeq: 0,
      unread: 2,
    });
  });

  it('stores a repeated id once, even concurrently, and broadcasts it again', async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(a!, 'Once', id)));
    expect(new Set(answers.map(({ seq }) => seq))).toEqual(new Set([1]));
    expect(await post(a!, 'Once more')).toMatchObject({ seq: 2 });
    await b!.until(() => b!.events('chat:posted').filter((message) => message.id === id).length === 10);
    expect(texts(await history())).toEqual(['Once', 'Once more']);
  });

  it('refuses an id of somebody else, and one of another room', async () => {
    const id = randomUUID();
    await post(a!, 'Mine', id);
    expect(await b!.refusal('chat:send', { roomId, id, text: 'No, mine' })).toBe('id_taken');
    const elsewhere = (await newRoom(anna)).id;
    expect(await a!.refusal('chat:send', { roomId: elsewhere, id, text: 'Mine' })).toBe('id_taken');
    expect((await anna.rest.request('GET /rooms/:roomId', { roomId: elsewhere })).body.lastSeq).toBe(0);
  });

  it.each([
    ['an empty text', ''],
    ['a blank text', ' \n '],
    ['a text that is too long', 'x'.repeat(4001)],
    ['a text with a NUL', 'a\0b'],
  ])('refuses %s', async (_, text) => {
    expect(await a!.refusal('chat:send', { roomId, id: randomUUID(), text })).toBe('invalid_input');
  });

  it('keeps any other text as it is, and accepts ids regardless of case', async () => {
    const text = `👩‍👩‍👧 ${'я'.repeat(3000)} <b>'";--\\`;
    const id = randomUUID().toUpperCase();
    await a!.ask('chat:send', { roomId: roomId.toUpperCase(), id, text });
    await a!.ask('chat:send', { roomId, id: id.toLowerCase(), text });
    expect(texts(await history())).toEqual([text]);
  });
});

describe('changing', () => {
  let id: string;
  beforeEach(async () => {
    id = randomUUID();
    await post(a!, 'See you at nine', id);
  });

  it('replaces the text of an own message and counts the revision', async () => {
    expect(await a!.ask('chat:edit', { roomId, id, text: 'See you at eight' })).toMatchObject({ revision: 1 });
    expect(await b!.event('chat:changed')).toMatchObject({
      id,
      seq: 1,
      revision: 1,
      editedAt: expect.any(String),
      content: { type: 'text', text: 'See you at eight' },
    });
    expect(await b!.refusal('chat:edit', { roomId, id, text: 'Never' })).toBe('forbidden');
    expect(await a!.refusal('chat:edit', { roomId, id: randomUUID(), text: 'Never' })).toBe('message_not_found');
  });

  it('removes the content of a deleted message for good', async () => {
    expect(await a!.ask('chat:delete', { roomId, id })).toMatchObject({ revision: 1 });
    expect(await b!.event('chat:changed')).toMatchObject({ id, content: { type: 'deleted' }, editedAt: null });
    expect(await a!.ask('chat:delete', { roomId, id })).toMatchObject({ revision: 1 });
    expect(await a!.refusal('chat:edit', { roomId, id, text: 'Back' })).toBe('message_not_found');
    expect(JSON.stringify(await server.db.query('SELECT * FROM messages WHERE id = $1', [id]))).not.toContain('nine');
  });

  it('lets only moderators delete messages of others', async () => {
    await post(b!, 'Rubbish', (id = randomUUID()));
    await a!.ask('chat:delete', { roomId, id });
    await post(a!, 'Wisdom', (id = randomUUID()));
    expect(await b!.refusal('chat:delete', { roomId, id })).toBe('forbidden');
  });

  it('refuses a message of another room', async () => {
    const elsewhere = (await newRoom(anna)).id;
    expect(await a!.refusal('chat:delete', { roomId: elsewhere, id })).toBe('message_not_found');
    expect(await a!.refusal('chat:edit', { roomId: elsewhere, id, text: 'x' })).toBe('message_not_found');
  });
});

describe('reading', () => {
  it('moves the read position only forward, and not beyond the newest message', async () => {
    for (const text of ['1', '2', '3']) await post(a!, text);
    expect(await b!.ask('chat:read', { roomId, seq: 2 })).toMatchObject({ seq: 2 });
    expect(await b!.event('chat:read')).toEqual({ roomId, userId: boris.id, seq: 2 });
    expect(await b!.ask('chat:read', { roomId, seq: 1 })).toMatchObject({ seq: 2 });
    expect(await b!.ask('chat:read', { roomId, seq: Number.MAX_SAFE_INTEGER })).toMatchObject({ seq: 3 });
    await b!.event('chat:read', ({ seq }) => seq === 3);
    expect(b!.events('chat:read')).toHaveLength(2);
    expect((await boris.rest.request('GET /rooms/:roomId', { roomId })).body).toMatchObject({ readSeq: 3, unread: 0 });
  });

  it('pages both ways, 100 at most', async () => {
    await server.db.query(
      `INSERT INTO messages (id, room_id, seq, author_id, content)
       SELECT gen_random_uuid(), $1, n, $2, jsonb_build_object('type', 'text', 'text', n::text)
       FROM generate_series(1, 230) n`,
      [roomId, anna.id],
    );
    await server.db.query('UPDATE rooms SET last_seq = 230, revision = 5 WHERE id = $1', [roomId]);
    const numbers = async (query?: MessagesQueryDto) => (await history(query)).messages.map(({ seq }) => seq);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    expect(await numbers()).toEqual(range(181, 230));
    expect(await numbers({ before: 181, limit: 100 })).toEqual(range(81, 180));
    expect(await numbers({ before: 3 })).toEqual([1, 2]);
    expect(await numbers({ after: 0, limit: 2 })).toEqual([1, 2]);
    expect(await numbers({ after: 228 })).toEqual([229, 230]);
    expect(await numbers({ after: Number.MAX_SAFE_INTEGER })).toEqual([]);
    expect(await history({ after: 229 })).toMatchObject({ lastSeq: 230, revision: 5 });
  });

  it('lists the changes since a revision', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    for (const id of ids) await post(a!, 'before', id);
    await a!.ask('chat:edit', { roomId, id: ids[2], text: 'after' });
    await a!.ask('chat:delete', { roomId, id: ids[0] });
    const seqs = async (after: number, limit = 50) => {
      const request = { roomId, query: { after, limit } };
      const { body } = await boris.rest.request('GET /rooms/:roomId/messages/changes', request);
      return body.messages.map(({ seq, revision }) => [seq, revision]);
    };
    expect(await seqs(0)).toEqual([
      [1, 2],
      [3, 1],
    ]);
    expect(await seqs(0, 1)).toEqual([[3, 1]]);
    expect(await seqs(1)).toEqual([[1, 2]]);
    expect(await seqs(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it.each(['?after=1&before=5', '?limit=101', '?limit=0', '?after=-1', '?before=x', '?after=1.5', '/changes'])(
    'refuses %s',
    async (query) => {
      const { body } = await boris.rest.send('GET', `/api/v1/rooms/${roomId}/messages${query}`);
      expect(body.error.code).toBe('invalid_input');
    },
  );

  it('keeps the messages of a deleted account', async () => {
    const leaving = await newUser(server);
    await bringIn(anna, roomId, leaving);
    const c = await TestSocket.connect(server.url, leaving.rest.token);
    await post(c, 'Farewell');
    await leaving.rest.request('DELETE /auth/me', { body: { password: leaving.password } });
    const [message] = (await history()).messages;
    expect(message).toMatchObject({ authorId: null, authorName: null, content: { text: 'Farewell' } });
  });
});

it('notifies the other members of who is typing', async () => {
  await a!.ask('chat:type', { roomId });
  expect(await b!.event('chat:typed')).toEqual({ roomId, userId: anna.id, name: anna.username, typing: true });
  await a!.ask('chat:type', { roomId, typing: false });
  await b!.event('chat:typed', ({ typing }) => !typing);
  expect(a!.events('chat:typed')).toEqual([]);
});

it('sends nothing to users outside the room, or to former members', async () => {
  const outsider = await newUser(server);
  const c = await TestSocket.connect(server.url, outsider.rest.token);
  expect(await c.refusal('chat:send', { roomId, id: randomUUID(), text: 'Let me in' })).toBe('room_not_found');
  await boris.rest.request('POST /rooms/:roomId/leave', { roomId });
  await a!.event('room:changed', ({ change }) => change.type === 'member_left');
  await post(a!, 'Between us');
  await a!.event('chat:posted');
  // All earlier events have arrived before this one.
  await Promise.all([b, c].map((socket) => socket!.refusal('room:open', { roomId })));
  expect([...b!.events('chat:posted'), ...c.events('chat:posted')]).toEqual([]);
  c.close();
});

it('delivers 1,000 messages of 4 clients to all, once and in one order, although connections break', async () => {
  const { read, texts: sent, cuts, roomId: stormy, owner } = await storm(server, [server.url], 1000);
  expect(cuts).toBeGreaterThan(10);
  const stored = await server.db.query<{ id: string; seq: number }>(
    'SELECT id, seq FROM messages WHERE room_id = $1 ORDER BY seq',
    [stormy],
  );
  expect(stored.map(({ seq }) => seq)).toEqual(sent.map((_, i) => i + 1));
  for (const messages of read) expect(messages.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
  expect(texts({ messages: read[0]! } as MessagesDto).sort()).toEqual(sent.sort());
  expect((await owner.rest.request('GET /rooms/:roomId', { roomId: stormy })).body.lastSeq).toBe(1000);
});
