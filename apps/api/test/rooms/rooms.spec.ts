import type { BrowseRoomsDto, ChangeRoleDto, ChangeRoomDto, PublicRoomDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { HeldRow } from '../support/faults/held-row';
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
    const { status, body } = await anna.rest.request('POST /rooms', {
      body: { name: '  Kitchen table ', visibility: 'private' },
    });
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
      memberChanges: 1,
      lastSeq: 0,
      revision: 0,
      readSeq: 0,
      unread: 0,
      lastMessage: null,
      activeAt: expect.any(String),
      callSize: 0,
      createdAt: expect.any(String),
    });
    expect((await anna.rest.request('GET /rooms/:roomId', { roomId: body.id })).body).toEqual(body);
  });

  it('is listed for its members, the latest activity first, with the last message and the unread count', async () => {
    const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
    const [first, second] = [await newRoom(anna), await newRoom(anna)];
    await messageIn(first.id, anna.id, 1);
    await bringIn(anna, first.id, boris);
    await messageIn(first.id, anna.id, 2);
    const { rooms } = (await anna.rest.request('GET /rooms')).body;
    expect(rooms.map((room) => room.id)).toEqual([first.id, second.id]);
    expect(rooms[0]).toMatchObject({
      lastSeq: 2,
      unread: 2,
      memberCount: 2,
      lastMessage: { authorId: anna.id, authorName: anna.username, text: 'message 2', sentAt: expect.any(String) },
    });
    // Messages from before somebody joined do not count as unread.
    expect((await boris.rest.request('GET /rooms')).body.rooms[0]).toMatchObject({
      role: 'member',
      readSeq: 1,
      unread: 1,
    });
  });

  it('is invisible to others when it is private, and visible when it is public', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const [hidden, open] = [await newRoom(anna, 'private'), await newRoom(anna, 'public')];
    for (const request of [
      boris.rest.request('GET /rooms/:roomId', { roomId: hidden.id }),
      boris.rest.request('GET /rooms/:roomId', { roomId: randomUUID() }),
      boris.rest.request('GET /rooms/:roomId', { roomId: 'nonsense' }),
      boris.rest.request('GET /rooms/:roomId/members', { roomId: hidden.id }),
    ]) {
      const { status, body } = await request;
      expect([status, body.error.code]).toEqual([404, 'room_not_found']);
    }
    expect((await boris.rest.request('POST /rooms/:roomId/join', { roomId: hidden.id })).status).toBe(404);
    const { status, body } = await boris.rest.request('GET /rooms/:roomId', { roomId: open.id });
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
    const roomId = room.id;
    const change = (user: typeof anna, body: ChangeRoomDto) =>
      user.rest.request('PATCH /rooms/:roomId', { roomId, body });
    expect((await change(anna, { name: ' Dinner ' })).body).toMatchObject({ name: 'Dinner', visibility: 'private' });
    expect((await change(anna, { visibility: 'public' })).body).toMatchObject({ visibility: 'public' });
    expect((await change(boris, { name: 'Mine' })).status).toBe(403);
    expect((await change(anna, {})).status).toBe(400);
    expect((await change(anna, { name: '   ' })).status).toBe(400);
    await messageIn(roomId, boris.id, 1);
    expect((await boris.rest.request('DELETE /rooms/:roomId', { roomId })).status).toBe(403);
    expect((await anna.rest.request('DELETE /rooms/:roomId', { roomId })).status).toBe(204);
    expect((await boris.rest.request('GET /rooms/:roomId', { roomId })).status).toBe(404);
    expect(await server.db.query('SELECT FROM messages WHERE room_id = $1', [room.id])).toHaveLength(0);
  });

  it('is joined when it is public, and only once by repeated requests', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna, 'public');
    const answers = await Promise.all(
      [1, 2, 3].map(() => boris.rest.request('POST /rooms/:roomId/join', { roomId: room.id })),
    );
    for (const { status, body } of answers) expect([status, body.role, body.memberCount]).toEqual([200, 'member', 2]);
    expect((await anna.rest.request('POST /rooms/:roomId/join', { roomId: room.id })).body.role).toBe('owner');
  });
});

describe('decisions about a room', () => {
  it('are made under its lock: nobody joins it by the address who comes after it was hidden', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const { id: roomId } = await newRoom(anna, 'public');
    const held = await HeldRow.hold(server.db, 'rooms', roomId);
    await held.query(`UPDATE rooms SET visibility = 'private' WHERE id = $1`, [roomId]);
    const [joined] = await held.release('COMMIT', () => boris.rest.request('POST /rooms/:roomId/join', { roomId }));
    expect([joined.status, joined.body.error.code]).toEqual([404, 'room_not_found']);
    expect(Object.keys(await rolesIn(anna, roomId))).toEqual([anna.id]);
  });

  it('are made under its lock: an owner who has just become a member no longer shows it to everybody', async () => {
    const anna = await newUser(server);
    const { id: roomId } = await newRoom(anna);
    const held = await HeldRow.hold(server.db, 'rooms', roomId);
    await held.query(`UPDATE members SET role = 'member' WHERE room_id = $1`, [roomId]);
    const change: ChangeRoomDto = { visibility: 'public' };
    const [changed] = await held.release('COMMIT', () =>
      anna.rest.request('PATCH /rooms/:roomId', { roomId, body: change }),
    );
    expect([changed.status, changed.body.error.code]).toEqual([403, 'forbidden']);
  });
});

describe('browsing', () => {
  it('pages through the public rooms by name, without a gap or a repeat', async () => {
    const anna = await newUser(server);
    const mark = randomUUID().slice(0, 8);
    for (const name of ['b', 'B', 'a', 'd', 'c', 'C']) {
      await anna.rest.request('POST /rooms', { body: { name: `${mark} ${name}`, visibility: 'public' } });
    }
    await anna.rest.request('POST /rooms', { body: { name: `${mark} hidden`, visibility: 'private' } });
    const boris = await newUser(server);
    const seen: PublicRoomDto[] = [];
    let cursor: string | null = '';
    do {
      const query: BrowseRoomsDto = { search: mark.toUpperCase(), limit: 2, cursor };
      const { body } = await boris.rest.request('GET /rooms/public', { query });
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
    await anna.rest.request('POST /rooms', { body: { name: `${mark} 100% sure_thing`, visibility: 'public' } });
    const found = async (search: string) =>
      (await anna.rest.request('GET /rooms/public', { query: { search } })).body.rooms.length;
    expect(await found(`${mark} 100%`)).toBe(1);
    expect(await found(`${mark}%sure`)).toBe(0);
    expect(await found(`${mark} 100% sure_`)).toBe(1);
  });

  it.each(['nonsense', Buffer.from('["a","b"]').toString('base64url'), Buffer.from('7').toString('base64url')])(
    'refuses a cursor that is not one: %s',
    async (cursor) => {
      const anna = await newUser(server);
      expect((await anna.rest.request('GET /rooms/public', { query: { cursor } })).body.error.code).toBe(
        'invalid_input',
      );
    },
  );
});

describe('members', () => {
  it('are listed by role with their names', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris);
    await bringIn(anna, room.id, clara, 'moderator');
    const { members } = (await boris.rest.request('GET /rooms/:roomId/members', { roomId: room.id })).body;
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
    const give = (role: ChangeRoleDto['role'], userId: string, by = anna) =>
      by.rest.request('PATCH /rooms/:roomId/members/:userId', { roomId: room.id, userId, body: { role } });
    expect((await give('moderator', boris.id)).body.role).toBe('moderator');
    expect((await give('moderator', clara.id, boris)).status).toBe(403);
    expect((await give('member', guest.id)).status).toBe(403);
    expect((await give('member', anna.id)).status).toBe(403);
    expect((await give('member', randomUUID())).body.error.code).toBe('member_not_found');
    expect((await give('member', 'nonsense')).body.error.code).toBe('member_not_found');
    const asGuest = await anna.rest.send('PATCH', `/api/v1/rooms/${room.id}/members/${boris.id}`, { role: 'guest' });
    expect(asGuest.status).toBe(400);
    expect((await give('owner', boris.id)).body.role).toBe('owner');
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
      [boris, clara].map((user) =>
        anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
          roomId: room.id,
          userId: user.id,
          body: { role: 'owner' },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(Object.values(await rolesIn(anna, room.id)).filter((role) => role === 'owner')).toHaveLength(1);
  });

  it('are removed by members of a higher role', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await bringIn(anna, room.id, clara);
    const remove = (by: typeof anna, id: string) =>
      by.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.id, userId: id });
    expect((await remove(clara, boris.id)).status).toBe(403);
    expect((await remove(boris, anna.id)).status).toBe(403);
    expect((await remove(boris, boris.id)).status).toBe(403);
    expect((await remove(boris, clara.id)).status).toBe(204);
    expect((await remove(boris, clara.id)).body.error.code).toBe('member_not_found');
    expect((await clara.rest.request('GET /rooms/:roomId', { roomId: room.id })).status).toBe(404);
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
    const leave = (user: typeof anna) => user.rest.request('POST /rooms/:roomId/leave', { roomId: room.id });
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
    await anna.rest.request('POST /rooms/:roomId/leave', { roomId: room.id });
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [room.id])).toHaveLength(0);
    expect((await guest.rest.request('GET /auth/me')).body.error.code).toBe('session_ended');
  });

  it('leaves an owner when owner and successor leave at once', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await bringIn(anna, room.id, clara);
    await Promise.all([anna, boris].map((user) => user.rest.request('POST /rooms/:roomId/leave', { roomId: room.id })));
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
    expect((await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } })).status).toBe(204);
    expect(await rolesIn(boris, passed.id)).toEqual({ [boris.id]: 'owner' });
    expect(await rolesIn(boris, joined.id)).toEqual({ [boris.id]: 'owner' });
    expect(await server.db.query('SELECT FROM rooms WHERE id = $1', [ended.id])).toHaveLength(0);
    const { body } = await boris.rest.request('GET /rooms/:roomId', { roomId: passed.id });
    expect(body.lastMessage).toMatchObject({ authorId: null, authorName: null, text: 'message 1' });
  });
});

it('shows nothing to clients that are not signed in', async () => {
  expect((await rest(server.url).request('GET /rooms')).body.error.code).toBe('unauthorized');
});
