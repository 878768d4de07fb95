import { rest, type RestResponse } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { bringIn, newCode, newGuest, newRoom, newUser, rolesIn, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let boris: TestUser;
let roomId: string;

beforeAll(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});

const remove = (user: TestUser) =>
  anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: user.id });
const join = (user: TestUser, code: string) => user.rest.request('POST /invitations/:code/join', { code });
const codeOf = async (answer: Promise<RestResponse>) => {
  const { status, body } = await answer;
  return body?.error?.code ?? status;
};

describe('a user who is removed from a room', () => {
  it('cannot come back in any way until a moderator allows it', async () => {
    roomId = (await newRoom(anna, 'public')).id;
    const codes = [await newCode(anna, roomId), await newCode(anna, roomId, { role: 'moderator', maxUses: 1 })];
    await boris.rest.request('POST /rooms/:roomId/join', { roomId });
    await remove(boris);
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe('removed_from_room');
    for (const code of codes) expect(await codeOf(join(boris, code))).toBe('removed_from_room');
    const newest = await newCode(anna, roomId, { role: 'guest' });
    expect(await codeOf(join(boris, newest))).toBe('removed_from_room');
    // The attempts counted no uses.
    expect(
      (await anna.rest.request('GET /rooms/:roomId/invitations', { roomId })).body.invitations.map(({ uses }) => uses),
    ).toEqual([0, 0, 0]);
    const { removals } = (await anna.rest.request('GET /rooms/:roomId/removals', { roomId })).body;
    expect(removals).toEqual([
      { userId: boris.id, name: boris.username, removedBy: anna.username, removedAt: expect.any(String) },
    ]);
    expect(
      (await anna.rest.request('DELETE /rooms/:roomId/removals/:userId', { roomId, userId: boris.id })).status,
    ).toBe(204);
    expect((await anna.rest.request('GET /rooms/:roomId/removals', { roomId })).body.removals).toEqual([]);
    expect(
      await codeOf(anna.rest.request('DELETE /rooms/:roomId/removals/:userId', { roomId, userId: boris.id })),
    ).toBe('removal_not_found');
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe(200);
  });

  it('differs from one who leaves, who can come back', async () => {
    roomId = (await newRoom(anna, 'public')).id;
    await boris.rest.request('POST /rooms/:roomId/join', { roomId });
    await boris.rest.request('POST /rooms/:roomId/leave', { roomId });
    expect((await anna.rest.request('GET /rooms/:roomId/removals', { roomId })).body.removals).toEqual([]);
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe(200);
  });

  it('learns nothing about a private room', async () => {
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, boris);
    await remove(boris);
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe('room_not_found');
    expect(await codeOf(boris.rest.request('GET /rooms/:roomId/removals', { roomId }))).toBe('room_not_found');
  });

  it('is out in the end, even with concurrent attempts to join', async () => {
    roomId = (await newRoom(anna, 'public')).id;
    await boris.rest.request('POST /rooms/:roomId/join', { roomId });
    const code = await newCode(anna, roomId);
    const tries = Array.from({ length: 20 }, (_, i) =>
      i % 2 ? boris.rest.request('POST /rooms/:roomId/join', { roomId }) : join(boris, code),
    );
    const removed = remove(boris);
    await Promise.all([...tries, removed]);
    expect((await removed).status).toBe(204);
    expect(Object.keys(await rolesIn(anna, roomId))).toEqual([anna.id]);
  });

  it('is deleted if they are a guest, and the link lets in new guests', async () => {
    roomId = (await newRoom(anna)).id;
    const guest = await newGuest(anna, roomId);
    await remove(guest);
    expect((await anna.rest.request('GET /rooms/:roomId/removals', { roomId })).body.removals).toEqual([]);
    expect(await server.db.query('SELECT FROM users WHERE id = $1', [guest.id])).toEqual([]);
    expect((await newGuest(anna, roomId)).id).not.toBe(guest.id);
  });

  it('loses their seat and access to the call', async () => {
    roomId = (await newRoom(anna, 'public')).id;
    await boris.rest.request('POST /rooms/:roomId/join', { roomId });
    const [a, b] = await Promise.all([anna, boris].map((user) => TestSocket.connect(server.url, user.rest.token)));
    await a!.ask('call:join', { roomId });
    await b!.ask('call:join', { roomId });
    await remove(boris);
    await b!.event('call:changed', ({ change }) => change.type === 'left' && change.reason === 'removed');
    expect(await b!.refusal('call:join', { roomId })).toBe('forbidden');
    for (const socket of [a, b]) socket!.close();
  });
});

it('a user who joins many times at once becomes a member once', async () => {
  roomId = (await newRoom(anna, 'public')).id;
  const code = await newCode(anna, roomId);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      i % 2 ? boris.rest.request('POST /rooms/:roomId/join', { roomId }) : join(boris, code),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

describe('a locked room', () => {
  it('lets nobody join in any way, and keeps its members', async () => {
    roomId = (await newRoom(anna, 'public')).id;
    const [code, forGuests] = [await newCode(anna, roomId), await newCode(anna, roomId, { role: 'guest' })];
    const clara = await newUser(server);
    await clara.rest.request('POST /rooms/:roomId/join', { roomId });
    await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'locked' } });
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe('room_locked');
    expect(await codeOf(join(boris, code))).toBe('room_locked');
    expect(
      await codeOf(
        rest(server.url).request('POST /invitations/:code/guest', { code: forGuests, body: { name: 'Vanya' } }),
      ),
    ).toBe('room_locked');
    expect(await server.db.query(`SELECT FROM users WHERE username = 'Vanya'`)).toEqual([]);
    expect(await codeOf(clara.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe(200);
    expect(await codeOf(join(clara, code))).toBe(200);
    await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'open' } });
    expect(await codeOf(boris.rest.request('POST /rooms/:roomId/join', { roomId }))).toBe(200);
  });

  it('is locked by moderators, and all members are notified', async () => {
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, boris);
    const b = await TestSocket.connect(server.url, boris.rest.token);
    expect(await codeOf(boris.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'locked' } }))).toBe(
      'forbidden',
    );
    expect(await codeOf(anna.rest.send('PATCH', `/api/v1/rooms/${roomId}`, { door: 'ajar' }))).toBe('invalid_input');
    expect((await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'locked' } })).body).toMatchObject({
      door: 'locked',
    });
    expect((await b.event('room:changed')).change).toMatchObject({ type: 'updated', door: 'locked' });
    b.close();
  });
});
