import type { PublicRoomDto, RoomDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { rest } from '../support/rest';
import { bringIn, newGuest, newRoom, newUser, rolesIn } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

const messageIn = (roomId: string, userId: string, seq: number) =>
  server.db.query(
    `WITH room AS (UPDATE rooms SET last_seq = $3, active_at = now() WHERE id = $1)
     INSERT INTO messages (id, room_id, seq, author_id, content) VALUES (gen_random_uuid(), $1, $3, $2, $4)`,
    [roomId, userId, seq, JSON.stringify({ type: 'text', text: `message ${seq}` })],
  );

describe('a room', () => {
  it('is owned by its creator', async () => {
    const anna = await newUser(server, 'anna');
    const { status, body } = await anna.rest.post('/rooms', { name: '  Kitchen table ', visibility: 'private' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'group',
      name: 'Kitchen table',
      peerId: null,
      closed: false,
      door: 'open',
      doNotDisturb: false,
      visibility: 'private',
      role: 'owner',
      memberCount: 1,
      lastSeq: 0,
      revision: 0,
      readSeq: 0,
      unread: 0,
      lastMessage: null,
      activeAt: expect.any(String),
      callSize: 0,
      createdAt: expect.any(String),
    });
    expect((await anna.rest.get(`/rooms/${body.id}`)).body).toEqual(body);
  });

  it('is listed for its members, the latest activity first, with the last message and the unread count', async () => {
    const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
    const [first, second] = [await newRoom(anna), await newRoom(anna)];
    await messageIn(first.id, anna.id, 1);
    await bringIn(anna, first.id, boris);
    await messageIn(first.id, anna.id, 2);
    const { rooms } = (await anna.rest.get('/rooms')).body;
    expect(rooms.map((room: RoomDto) => room.id)).toEqual([first.id, second.id]);
    expect(rooms[0]).toMatchObject({
      lastSeq: 2,
      unread: 2,
      memberCount: 2,
      lastMessage: { authorId: anna.id, authorName: anna.username, text: 'message 2', sentAt: expect.any(String) },
    });
    // Messages from before somebody joined do not count as unread.
    expect((await boris.rest.get('/rooms')).body.rooms[0]).toMatchObject({ role: 'member', readSeq: 1, unread: 1 });
  });

  it('is invisible to others when it is private, and visible when it is public', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const [hidden, open] = [await newRoom(anna, 'private'), await newRoom(anna, 'public')];
    for (const path of [
      `/rooms/${hidden.id}`,
      `/rooms/${randomUUID()}`,
      '/rooms/nonsense',
      `/rooms/${hidden.id}/members`,
    ]) {
      const { status, body } = await boris.rest.get(path);
      expect([status, body.error.code]).toEqual([404, 'room_not_found']);
    }
    expect((await boris.rest.post(`/rooms/${hidden.id}/join`)).status).toBe(404);
    const { status, body } = await boris.rest.get(`/rooms/${open.id}`);
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      code: 'forbidden',
      details: { room: { id: open.id, name: open.name, memberCount: 1, joined: false } },
    });
  });

  it('is renamed, made public, made private and deleted', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    const path = `/rooms/${room.id}`;
    expect((await anna.rest.patch(path, { name: ' Dinner ' })).body).toMatchObject({
      name: 'Dinner',
      visibility: 'private',
    });
    expect((await anna.rest.patch(path, { visibility: 'public' })).body).toMatchObject({ visibility: 'public' });
    expect((await boris.rest.patch(path, { name: 'Mine' })).status).toBe(403);
    expect((await anna.rest.patch(path, {})).status).toBe(400);
    expect((await anna.rest.patch(path, { name: '   ' })).status).toBe(400);
    await messageIn(room.id, boris.id, 1);
    expect((await boris.rest.delete(path)).status).toBe(403);
    expect((await anna.rest.delete(path)).status).toBe(204);
    expect((await boris.rest.get(path)).status).toBe(404);
    expect(await server.db.query('SELECT FROM messages WHERE room_id = $1', [room.id])).toHaveLength(0);
  });

  it('is joined when it is public, and only once by repeated requests', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna, 'public');
    const answers = await Promise.all([1, 2, 3].map(() => boris.rest.post(`/rooms/${room.id}/join`)));
    for (const { status, body } of answers) expect([status, body.role, body.memberCount]).toEqual([200, 'member', 2]);
    expect((await anna.rest.post(`/rooms/${room.id}/join`)).body.role).toBe('owner');
  });
});

describe('browsing', () => {
  it('pages through the public rooms by name, without a gap or a repeat', async () => {
    const anna = await newUser(server);
    const mark = randomUUID().slice(0, 8);
    for (const name of ['b', 'B', 'a', 'd', 'c', 'C']) {
      await anna.rest.post('/rooms', { name: `${mark} ${name}`, visibility: 'public' });
    }
    await anna.rest.post('/rooms', { name: `${mark} hidden`, visibility: 'private' });
    const boris = await newUser(server);
    const seen: PublicRoomDto[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ search: mark.toUpperCase(), limit: '2', ...(cursor && { cursor }) });
      const { body } = await boris.rest.get(`/rooms/public?${query.toString()}`);
      seen.push(...body.rooms);
      cursor = body.next;
    } while (cursor);
    expect(seen.map((room) => room.name.toLowerCase())).toEqual(
      ['a', 'b', 'b', 'c', 'c', 'd'].map((n) => `${mark} ${n}`),
    );
    expect(new Set(seen.map((room) => room.id)).size).toBe(6);
    expect(seen.every((room) => !room.joined && room.memberCount === 1)).toBe(true);
  });

  it('searches for literal text, wildcards included', async () => {
    const anna = await newUser(server);
    const mark = randomUUID().slice(0, 8);
    await anna.rest.post('/rooms', { name: `${mark} 100% sure_thing`, visibility: 'public' });
    const found = async (search: string) =>
      (await anna.rest.get(`/rooms/public?${new URLSearchParams({ search }).toString()}`)).body.rooms.length;
    expect(await found(`${mark} 100%`)).toBe(1);
    expect(await found(`${mark}%sure`)).toBe(0);
    expect(await found(`${mark} 100% sure_`)).toBe(1);
  });

  it.each(['nonsense', Buffer.from('["a","b"]').toString('base64url'), Buffer.from('7').toString('base64url')])(
    'refuses a cursor that is not one: %s',
    async (cursor) => {
      const anna = await newUser(server);
      expect((await anna.rest.get(`/rooms/public?cursor=${cursor}`)).body.error.code).toBe('invalid_input');
    },
  );
});

describe('members', () => {
  it('are listed by role with their names', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    await bringIn(anna, room.id, clara, 'moderator');
    const { members } = (await boris.rest.get(`/rooms/${room.id}/members`)).body;
    expect(members).toEqual(
      [
        [anna, 'owner'],
        [clara, 'moderator'],
        [boris, 'member'],
      ].map(([user, role]) => ({
        userId: (user as typeof anna).id,
        name: (user as typeof anna).username,
        role,
        joinedAt: expect.any(String),
      })),
    );
  });

  it('get other roles from the owner alone, who becomes a moderator by handing the room over', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    await bringIn(anna, room.id, clara);
    const guest = await newGuest(anna, room.id);
    const member = (id: string) => `/rooms/${room.id}/members/${id}`;
    expect((await anna.rest.patch(member(boris.id), { role: 'moderator' })).body.role).toBe('moderator');
    expect((await boris.rest.patch(member(clara.id), { role: 'moderator' })).status).toBe(403);
    expect((await anna.rest.patch(member(guest.id), { role: 'member' })).status).toBe(403);
    expect((await anna.rest.patch(member(anna.id), { role: 'member' })).status).toBe(403);
    expect((await anna.rest.patch(member(randomUUID()), { role: 'member' })).body.error.code).toBe('member_not_found');
    expect((await anna.rest.patch(member('nonsense'), { role: 'member' })).body.error.code).toBe('member_not_found');
    expect((await anna.rest.patch(member(boris.id), { role: 'guest' })).status).toBe(400);
    expect((await anna.rest.patch(member(boris.id), { role: 'owner' })).body.role).toBe('owner');
    expect(await rolesIn(clara, room.id)).toEqual({
      [anna.id]: 'moderator',
      [boris.id]: 'owner',
      [clara.id]: 'member',
      [guest.id]: 'guest',
    });
  });

  it('keep exactly one owner when ownership is given to two at once', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    await bringIn(anna, room.id, clara);
    const answers = await Promise.all(
      [boris, clara].map((user) => anna.rest.patch(`/rooms/${room.id}/members/${user.id}`, { role: 'owner' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(Object.values(await rolesIn(anna, room.id)).filter((role) => role === 'owner')).toHaveLength(1);
  });

  it('are removed by members of a higher role', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await bringIn(anna, room.id, clara);
    const remove = (by: typeof anna, id: string) => by.rest.delete(`/rooms/${room.id}/members/${id}`);
    expect((await remove(clara, boris.id)).status).toBe(403);
    expect((await remove(boris, anna.id)).status).toBe(403);
    expect((await remove(boris, boris.id)).status).toBe(403);
    expect((await remove(boris, clara.id)).status).toBe(204);
    expect((await remove(boris, clara.id)).body.error.code).toBe('member_not_found');
    expect((await clara.rest.get(`/rooms/${room.id}`)).status).toBe(404);
  });
});

describe('leaving', () => {
  it('passes the room on to the moderator, else the member, who joined first', async () => {
    const users = [await newUser(server), await newUser(server), await newUser(server), await newUser(server)];
    const [anna, boris, clara, dmitri] = users as [
      (typeof users)[0],
      (typeof users)[0],
      (typeof users)[0],
      (typeof users)[0],
    ];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    await bringIn(anna, room.id, clara, 'moderator');
    await bringIn(anna, room.id, dmitri);
    const leave = (user: typeof anna) => user.rest.post(`/rooms/${room.id}/leave`);
    expect((await leave(anna)).status).toBe(204);
    expect((await leave(anna)).status).toBe(404);
    expect(await rolesIn(boris, room.id)).toMatchObject({ [clara.id]: 'owner', [boris.id]: 'member' });
    await leave(clara);
    expect(await rolesIn(dmitri, room.id)).toEqual({ [boris.id]: 'owner', [dmitri.id]: 'member' });
  });

  it('ends the room when only guests would stay, and deletes the guests', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const guest = await newGuest(anna, room.id);
    await anna.rest.post(`/rooms/${room.id}/leave`);
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [room.id])).toHaveLength(0);
    expect((await guest.rest.get('/auth/me')).body.error.code).toBe('session_ended');
  });

  it('leaves an owner when owner and successor leave at once', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await bringIn(anna, room.id, clara);
    await Promise.all([anna, boris].map((user) => user.rest.post(`/rooms/${room.id}/leave`)));
    expect(await rolesIn(clara, room.id)).toEqual({ [clara.id]: 'owner' });
  });
});

describe('deleting an account', () => {
  it('passes rooms on, ends those without a successor, and keeps messages without the name', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const [passed, ended, joined] = [await newRoom(anna), await newRoom(anna), await newRoom(boris)];
    await bringIn(anna, passed.id, boris);
    await bringIn(boris, joined.id, anna);
    await messageIn(passed.id, anna.id, 1);
    expect((await anna.rest.delete('/auth/me', { password: anna.password })).status).toBe(204);
    expect(await rolesIn(boris, passed.id)).toEqual({ [boris.id]: 'owner' });
    expect(await rolesIn(boris, joined.id)).toEqual({ [boris.id]: 'owner' });
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [ended.id])).toHaveLength(0);
    const { body } = await boris.rest.get(`/rooms/${passed.id}`);
    expect(body.lastMessage).toMatchObject({ authorId: null, authorName: null, text: 'message 1' });
  });
});

it('shows nothing to clients that are not signed in', async () => {
  expect((await rest(server.url).get('/rooms')).body.error.code).toBe('unauthorized');
});
