import type { RoomDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { befriend, contactsOf, directRoom } from '../support/contacts';
import { TestSocket } from '../support/sockets';
import { newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;
let anna: TestUser;
let boris: TestUser;

beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  await befriend(anna, boris);
});

const roomsOf = async (user: TestUser): Promise<RoomDto[]> => (await user.rest.request('GET /rooms')).body.rooms;
const say = (socket: TestSocket, roomId: string, text = 'Hello') =>
  socket.ask('chat:send', { roomId, id: randomUUID(), text });
const openAgain = async () => {
  await anna.rest.request('POST /contacts', { body: { userId: boris.id } });
  await boris.rest.request('POST /contacts', { body: { userId: anna.id } });
};

describe('the room of two contacts', () => {
  it('is created when one of them opens it, and each sees it under the name of the other', async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const room = await directRoom(anna, boris);
    expect(room).toMatchObject({
      kind: 'direct',
      name: boris.username,
      peerId: boris.id,
      visibility: 'private',
      closed: false,
      door: 'open',
      doNotDisturb: false,
      role: 'member',
      memberCount: 2,
      unread: 0,
    });
    for (const socket of [a, b]) {
      await socket.event('contact:changed', ({ contact }) => contact.roomId === room.id);
      await socket.event('room:changed', ({ change }) => change.type === 'member_joined');
    }
    expect(await roomsOf(boris)).toMatchObject([{ id: room.id, name: anna.username, peerId: anna.id, role: 'member' }]);
    expect(await directRoom(boris, anna)).toMatchObject({ id: room.id, name: anna.username });
    expect((await contactsOf(anna))[boris.id]?.roomId).toBe(room.id);
  });

  it('is created once, even by concurrent requests', async () => {
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? directRoom(anna, boris) : directRoom(boris, anna))),
    );
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await roomsOf(anna)).toHaveLength(1);
    const pair = [anna.id, boris.id].sort().join(':');
    const again = `INSERT INTO rooms (kind, name, visibility, direct_pair) VALUES ('direct', '', 'private', $1)`;
    await expect(server.db.query(again, [pair])).rejects.toThrow('rooms_direct_pair_key');
    const open = `UPDATE rooms SET visibility = 'public' WHERE direct_pair = $1`;
    await expect(server.db.query(open, [pair])).rejects.toThrow('rooms_direct_private');
  });

  it('is refused to users who are not contacts', async () => {
    const clara = await newUser(server, 'clara');
    const open = async (other: string) =>
      (await clara.rest.request('POST /contacts/:userId/room', { userId: other })).body.error.code;
    expect(await open(anna.id)).toBe('contact_not_found');
    await clara.rest.request('POST /contacts', { body: { userId: anna.id } });
    expect(await open(anna.id)).toBe('contact_not_found');
    expect(await open(clara.id)).toBe('contact_not_found');
    expect(await open('nobody')).toBe('contact_not_found');
  });

  it('takes messages and calls, and is listed by its last activity', async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const group = await newRoom(anna);
    const { id: roomId } = await directRoom(anna, boris);
    await say(a, group.id);
    expect((await roomsOf(anna)).map(({ id }) => id)).toEqual([group.id, roomId]);
    await say(b, roomId, 'Are you there?');
    expect(await a.event('chat:posted', (message) => message.roomId === roomId)).toMatchObject({ seq: 1 });
    expect(await roomsOf(anna)).toMatchObject([
      { id: roomId, unread: 1, lastMessage: { text: 'Are you there?', authorName: boris.username } },
      { id: group.id, unread: 0 },
    ]);
    expect(await roomsOf(boris)).toMatchObject([{ id: roomId, unread: 0 }]);
    await a.ask('chat:read', { roomId, seq: 1 });
    expect((await roomsOf(anna))[0]).toMatchObject({ id: roomId, unread: 0 });
    await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    expect((await roomsOf(anna))[0]).toMatchObject({ id: roomId, callSize: 2 });
  });

  it('refuses everything that is only for groups', async () => {
    const { id } = await directRoom(anna, boris);
    const refused = [
      anna.rest.request('PATCH /rooms/:roomId', { roomId: id, body: { name: 'Ours' } }),
      anna.rest.request('PATCH /rooms/:roomId', { roomId: id, body: { visibility: 'public' } }),
      anna.rest.request('PATCH /rooms/:roomId', { roomId: id, body: { door: 'locked' } }),
      anna.rest.request('DELETE /rooms/:roomId', { roomId: id }),
      anna.rest.request('POST /rooms/:roomId/leave', { roomId: id }),
      anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
        roomId: id,
        userId: boris.id,
        body: { role: 'moderator' },
      }),
      anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: id, userId: boris.id }),
      anna.rest.request('GET /rooms/:roomId/invitations', { roomId: id }),
      anna.rest.request('POST /rooms/:roomId/invitations', { roomId: id, body: { role: 'member' } }),
    ];
    for (const { status, body } of await Promise.all(refused)) {
      expect([status, body?.error?.code]).toEqual([403, 'forbidden']);
    }
    const clara = await newUser(server, 'clara');
    expect((await clara.rest.request('POST /rooms/:roomId/join', { roomId: id })).body.error.code).toBe(
      'room_not_found',
    );
    expect((await clara.rest.request('GET /rooms/public')).body.rooms).not.toContainEqual(
      expect.objectContaining({ id }),
    );
    expect((await anna.rest.request('GET /rooms/:roomId/members', { roomId: id })).body.members).toHaveLength(2);
  });
});

describe('the call in a direct room ends for both', () => {
  const begin = async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const { id: roomId } = await directRoom(anna, boris);
    await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    return { a, b, roomId };
  };

  it.each<[string, (socket: TestSocket) => Promise<unknown>]>([
    ['hangs up', (a) => a.ask('call:leave', {})],
    ['signs out', () => anna.rest.request('POST /auth/logout')],
    [
      'goes to the call of another room',
      async (a) => a.ask('call:join', { roomId: (await newRoom(anna)).id, takeOver: true }),
    ],
  ])('when one of them %s', async (_, step) => {
    const { a, b, roomId } = await begin();
    await step(a);
    await b.event('call:changed', (event) => event.roomId === roomId && event.change.type === 'ended');
    expect((await b.ask('call:get', { roomId })).call).toBeNull();
  });
});

describe('a direct room is closed', () => {
  it.each([
    ['one removes the other', () => anna.rest.request('DELETE /contacts/:userId', { userId: boris.id })],
    ['one blocks the other', () => anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id })],
    ['one is blocked by the other', () => boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id })],
  ])('when %s', async (_, step) => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const { id: roomId } = await directRoom(anna, boris);
    await say(a, roomId);
    const message = (await a.event('chat:posted')).id;
    await step();
    for (const [socket, name] of [
      [a, boris.username],
      [b, anna.username],
    ] as const) {
      const { change } = await socket.event('room:changed', (event) => event.change.type === 'updated');
      expect(change).toEqual({ type: 'updated', name, visibility: 'private', door: 'open', closed: true });
      expect(await socket.refusal('chat:send', { roomId, id: randomUUID(), text: 'No' })).toBe('not_contacts');
      expect(await socket.refusal('chat:type', { roomId })).toBe('not_contacts');
      expect(await socket.refusal('call:join', { roomId })).toBe('not_contacts');
      expect((await socket.ask('room:open', { roomId })).room).toMatchObject({ closed: true, name });
      await socket.ask('chat:read', { roomId, seq: 1 });
    }
    expect(await a.refusal('chat:edit', { roomId, id: message, text: 'No' })).toBe('not_contacts');
    expect((await anna.rest.request('GET /rooms/:roomId/messages', { roomId })).body.messages).toHaveLength(1);
    expect((await anna.rest.request('POST /contacts/:userId/room', { userId: boris.id })).body.error.code).toBe(
      'contact_not_found',
    );
  });

  it('and notifies the other of nothing but deleted messages', async () => {
    const [a, a2, b] = [await connect(anna), await connect(anna), await connect(boris)];
    const { id: roomId } = await directRoom(anna, boris);
    await say(a, roomId, 'Mine');
    await say(b, roomId, 'Yours');
    const { id } = await a.event('chat:posted', ({ seq }) => seq === 1);
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    // The read position still reaches the reader's own devices.
    expect(await a.ask('chat:read', { roomId, seq: 2 })).toMatchObject({ seq: 2 });
    for (const socket of [a, a2]) {
      expect(await socket.event('chat:read')).toEqual({ roomId, userId: anna.id, seq: 2 });
    }
    expect((await roomsOf(anna))[0]).toMatchObject({ id: roomId, unread: 0 });
    expect(await a.refusal('chat:type', { roomId })).toBe('not_contacts');
    await a.ask('chat:delete', { roomId, id });
    await b.event('chat:changed', (message) => message.id === id && message.content.type === 'deleted');
    expect([...b.events('chat:read'), ...b.events('chat:typed')]).toEqual([]);
  });

  it('and its running call ends', async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const { id: roomId } = await directRoom(anna, boris);
    await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    for (const socket of [a, b]) await socket.event('call:changed', ({ change }) => change.type === 'ended');
    expect((await a.ask('call:get', { roomId })).call).toBeNull();
  });

  it('until the two are contacts again', async () => {
    const a = await connect(anna);
    const { id: roomId } = await directRoom(anna, boris);
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    await anna.rest.request('DELETE /contacts/:userId/block', { userId: boris.id });
    expect(await a.refusal('chat:send', { roomId, id: randomUUID(), text: 'No' })).toBe('not_contacts');
    await openAgain();
    await a.event('room:changed', ({ change }) => change.type === 'updated' && !change.closed);
    await say(a, roomId);
    expect((await directRoom(boris, anna)).id).toBe(roomId);
  });

  it('exactly when the two are not contacts, even after concurrent requests', async () => {
    const { id: roomId } = await directRoom(anna, boris);
    const steps = Array.from({ length: 40 }, (_, i) => {
      const [who, other] = i % 2 ? [anna, boris] : [boris, anna];
      return i % 3
        ? who.rest.request('POST /contacts', { body: { userId: other.id } })
        : who.rest.request('DELETE /contacts/:userId', { userId: other.id });
    });
    const opened = Array.from({ length: 10 }, () =>
      anna.rest.request('POST /contacts/:userId/room', { userId: boris.id }),
    );
    const answers = await Promise.all([...steps, ...opened]);
    for (const { status } of answers) expect([200, 201, 204, 404]).toContain(status);
    const [row] = await server.db.query<{ closed: boolean; contacts: boolean }>(
      `SELECT r.closed, c.status = 'contacts' AS contacts FROM rooms r, contacts c
       WHERE r.id = $1 AND $2 IN (c.first_id, c.second_id)`,
      [roomId, anna.id],
    );
    expect(row?.closed).toBe(!row?.contacts);
  });
});

describe('deleting an account', () => {
  const end = (user: TestUser) => user.rest.request('DELETE /auth/me', { body: { password: user.password } });

  it('leaves the direct room to the other user, closed and without a name', async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    const { id: roomId } = await directRoom(anna, boris);
    await say(a, roomId, 'Farewell');
    await end(anna);
    await b.event('room:changed', ({ change }) => change.type === 'member_left' && change.userId === anna.id);
    const { change } = await b.event('room:changed', (event) => event.change.type === 'updated');
    expect(change).toEqual({ type: 'updated', name: '', visibility: 'private', door: 'open', closed: true });
    expect(await roomsOf(boris)).toMatchObject([
      { id: roomId, name: '', peerId: null, closed: true, memberCount: 1, lastMessage: { text: 'Farewell' } },
    ]);
    expect(await b.refusal('chat:send', { roomId, id: randomUUID(), text: 'Hello?' })).toBe('not_contacts');
    await end(boris);
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [roomId])).toEqual([]);
  });

  it('deletes the room when both accounts are deleted at once', async () => {
    const { id: roomId } = await directRoom(anna, boris);
    const answers = await Promise.all([end(anna), end(boris)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [roomId])).toEqual([]);
  });

  it('waits for concurrent actions of the other user', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => boris.rest.request('POST /contacts/:userId/room', { userId: anna.id })),
      boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id }),
      end(anna),
    ]);
    for (const { status } of answers) expect([200, 204, 404]).toContain(status);
    expect(await contactsOf(boris)).toEqual({});
    for (const room of await roomsOf(boris)) expect(room).toMatchObject({ peerId: null, closed: true });
  });
});

describe('own settings for a room', () => {
  it('say whether its calls ring', async () => {
    const { id } = await directRoom(anna, boris);
    const [a, b] = [await connect(anna), await connect(boris)];
    const { status, body } = await anna.rest.request('PATCH /rooms/:roomId/membership', {
      roomId: id,
      body: { doNotDisturb: true },
    });
    expect((await a.event('room:changed')).change).toEqual({ type: 'membership', doNotDisturb: true });
    expect([status, body]).toEqual([200, expect.objectContaining({ id, doNotDisturb: true })]);
    expect((await roomsOf(boris))[0]).toMatchObject({ id, doNotDisturb: false });
    for (const wrong of [{}, { doNotDisturb: 'yes' }]) {
      expect((await anna.rest.send('PATCH', `/api/v1/rooms/${id}/membership`, wrong)).body.error.code).toBe(
        'invalid_input',
      );
    }
    expect(
      (await anna.rest.request('PATCH /rooms/:roomId/membership', { roomId: id, body: { doNotDisturb: false } })).body
        .doNotDisturb,
    ).toBe(false);
    await say(a, id);
    await b.event('chat:posted');
    expect(b.events('room:changed')).toEqual([]);
  });
});
