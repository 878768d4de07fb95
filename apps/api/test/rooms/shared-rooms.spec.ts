import type { RoomDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { befriend, contactsOf } from '../support/contacts';
import { HeldRow } from '../support/faults/held-row';
import { TestSocket } from '../support/sockets';
import { bringIn, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;

const roomsOf = async (user: TestUser): Promise<RoomDto[]> => (await user.rest.request('GET /rooms')).body.rooms;
const say = (socket: TestSocket, roomId: string, text = 'Hello') =>
  socket.ask('chat:send', { roomId, id: randomUUID(), text });

describe('two members of one room, who are not contacts', () => {
  let anna: TestUser;
  let boris: TestUser;
  let clara: TestUser;
  let shared: RoomDto;

  beforeEach(async () => {
    [anna, boris, clara] = await Promise.all([
      newUser(server, 'anna'),
      newUser(server, 'boris'),
      newUser(server, 'clara'),
    ]);
    shared = await newRoom(anna);
    await bringIn(anna, shared.id, clara);
  });

  const open = async (user: TestUser, other: TestUser) => {
    const { status, body } = await user.rest.request('POST /contacts/:userId/room', { userId: other.id });
    return status === 200 ? body.id : body.error.code;
  };
  const see = async (user: TestUser, other: TestUser) =>
    (await user.rest.request('GET /users/:userId', { userId: other.id })).body;
  const refused = 'contact_not_found';

  it('open one room for both, in which they write and call, and see that they may', async () => {
    const [a, c] = [await connect(anna), await connect(clara)];
    expect(await see(clara, anna)).toEqual({
      userId: anna.id,
      name: anna.username,
      relation: 'none',
      guest: false,
      writable: true,
    });
    const roomId = await open(clara, anna);
    expect(await open(anna, clara)).toBe(roomId);
    await say(c, roomId, 'Hello from the same room');
    await a.event('chat:posted', (message) => message.roomId === roomId);
    await c.ask('call:join', { roomId });
    await c.ask('ring:start', { id: randomUUID(), roomId });
    await a.event('ring:changed', ({ ring }) => ring.roomId === roomId);
    // They are no contacts by this.
    expect(await contactsOf(anna)).not.toHaveProperty(clara.id);
  });

  it('keep their room when the shared one ends, but a new one needs a shared room', async () => {
    const roomId = await open(clara, anna);
    await anna.rest.request('DELETE /rooms/:roomId', { roomId: shared.id });
    await say(await connect(clara), roomId);
    expect(await open(clara, anna)).toBe(refused);
    expect((await see(clara, anna)).writable).toBe(false);
  });

  it('get the same room as contacts, which a request, its answer and the end of it leave to them', async () => {
    const c = await connect(clara);
    const roomId = await open(clara, anna);
    await clara.rest.request('POST /contacts', { body: { userId: anna.id } });
    await say(c, roomId);
    await anna.rest.request('POST /contacts/:userId/decline', { userId: clara.id });
    await say(c, roomId);
    await befriend(clara, anna);
    expect(await open(anna, clara)).toBe(roomId);
    await anna.rest.request('DELETE /contacts/:userId', { userId: clara.id });
    expect(await c.refusal('chat:send', { roomId, id: randomUUID(), text: 'No' })).toBe('not_contacts');
    // Whoever wants to go on opens it again.
    expect(await open(clara, anna)).toBe(roomId);
    await say(c, roomId);
  });

  it('cannot while the other lets contacts alone write, in either case of a block, and as guests', async () => {
    await anna.rest.request('PATCH /preferences', { body: { writers: 'contacts' } });
    expect(await open(clara, anna)).toBe(refused);
    const asSettingSays = await see(clara, anna);
    expect(asSettingSays.writable).toBe(false);
    // The setting is about who writes to one, not about whom one writes to.
    const roomId = await open(anna, clara);
    await say(await connect(clara), roomId);

    await anna.rest.request('PATCH /preferences', { body: { writers: 'members' } });
    await anna.rest.request('PUT /contacts/:userId/block', { userId: clara.id });
    expect([await open(clara, anna), await open(anna, clara)]).toEqual([refused, refused]);
    expect(await see(clara, anna)).toEqual(asSettingSays);
    const closed = await (await connect(clara)).refusal('chat:send', { roomId, id: randomUUID(), text: 'No' });
    expect(closed).toBe('not_contacts');

    const guest = await newGuest(anna, shared.id);
    expect(await open(guest, anna)).toBe('forbidden');
    expect(await open(clara, guest)).toBe(refused);
    expect(await see(clara, guest)).toMatchObject({ guest: true, writable: false });
    expect((await see(boris, guest)).error.code).toBe('user_not_found');
  });

  it('lock no row of a guest, who is deleted under the lock of their room alone', async () => {
    const guest = await newGuest(anna, shared.id);
    const held = await HeldRow.hold(server.db, 'users', guest.id);
    // Would never be answered if it waited.
    expect(await open(clara, guest)).toBe(refused);
    await held.release('ROLLBACK');
  });

  it('never have an open room after a block, whichever of the two requests came first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const other = await newUser(server);
      await bringIn(anna, shared.id, other);
      const [first, second] = [
        () => open(other, anna),
        () => anna.rest.request('PUT /contacts/:userId/block', { userId: other.id }),
      ];
      await Promise.all(round % 2 ? [first(), second()] : [second(), first()]);
      const rooms = await roomsOf(other);
      expect(rooms.filter(({ kind, closed }) => kind === 'direct' && !closed)).toEqual([]);
    }
  });

  it('leave no open room behind when one of them deletes the account meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await newUser(server);
      await bringIn(anna, shared.id, other);
      await Promise.all([
        other.rest.request('DELETE /auth/me', { body: { password: other.password } }),
        ...Array.from({ length: 3 }, () => open(anna, other)),
      ]);
    }
    for (const room of (await roomsOf(anna)).filter(({ kind }) => kind === 'direct'))
      expect(room).toMatchObject({ peerId: null, closed: true });
  });
});
