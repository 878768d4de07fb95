import { befriend, directRoom } from '../support/contacts';
import { describeRings } from '../support/ringing';
import type { TestSocket } from '../support/sockets';
import { bringIn, newRoom, type TestUser } from '../support/test-app';

/** Renames a user and returns the new name; their sockets stay open. */
const rename = async (user: TestUser): Promise<string> => {
  const username = `new-${user.username}`;
  const { status } = await user.rest.request('PATCH /auth/me', { body: { username, currentPassword: user.password } });
  if (status !== 200) throw new Error(`renaming was answered with ${status}`);
  return username;
};

const seatNamed = (socket: TestSocket, name: string) =>
  socket.event('call:changed', ({ change }) => change.type === 'updated' && change.participant.name === name);

describeRings('a new name', (it) => {
  it('shows in a running call, at all servers, and to later participants', async ({ roomId, anna, a, b, c, call }) => {
    await b.ask('call:join', { roomId });
    const name = await rename(anna);
    for (const socket of [a, b, c]) await seatNamed(socket, name);
    expect((await call(c))?.participants.map((p) => p.name)).toContain(name);
    const { participants } = await c.ask('call:join', { roomId });
    expect(participants.map((p) => p.name)).toContain(name);
  });

  it('shows in a ring, on both sides, and the ring goes on', async (scene) => {
    const { anna, boris, a, b, ring, told, answer, status } = scene;
    await ring(a, boris);
    const [caller, callee] = [await rename(anna), await rename(boris)];
    for (const socket of [a, b]) {
      await told(socket, ({ callerName, calleeName }) => callerName === caller && calleeName === callee);
    }
    const { rings } = await b.ask('ring:list', {});
    expect(rings).toMatchObject([{ callerName: caller, calleeName: callee, status: 'ringing' }]);
    expect(await answer(b, 'ring:accept')).toMatchObject({ callerName: caller, calleeName: callee });
    await status(a, 'accepted');
  });

  it('is the name of a direct room that rings', async ({ servers, anna, boris, connect }) => {
    await befriend(anna, boris);
    const { id: roomId } = await directRoom(anna, boris);
    const [a, b] = [await connect(anna, servers.near), await connect(boris, servers.far)];
    await a.ask('call:join', { roomId });
    await a.ask('ring:start', { roomId, userIds: [boris.id] });
    const name = await rename(anna);
    await b.event('ring:changed', ({ ring }) => ring.roomId === roomId && ring.roomName === name);
  });

  it('is used for new rings, seats and typing over a socket from before', async (scene) => {
    const { roomId, boris, clara, a, b, c, ring, told } = scene;
    const [writer, caller] = [await rename(boris), await rename(clara)];
    await b.ask('chat:type', { roomId });
    expect((await a.event('chat:typed', ({ userId }) => userId === boris.id)).name).toBe(writer);
    expect((await c.ask('call:join', { roomId })).self.name).toBe(caller);
    await ring(c, boris);
    await told(b, ({ callerName, calleeName }) => callerName === caller && calleeName === writer);
  });

  it('is used for knocks, removed users and moderators who ask for a microphone', async (scene) => {
    const { roomId, anna, boris, clara, a, b, c } = scene;
    const { participantId } = await b.ask('call:join', { roomId });
    const asks = await rename(anna);
    await a.ask('call:allow', { roomId, kinds: ['microphone'], participantId, ask: true });
    expect((await b.event('call:asked')).by).toBe(asks);

    await a.ask('call:remove', { roomId, participantId });
    const out = await rename(boris);
    const isBarred = (name: string) =>
      a.event('call:changed', ({ change }) => change.type === 'barred' && change.barred.some((x) => x.name === name));
    await isBarred(out);

    await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'lobby' } });
    const knocks = (name: string) =>
      a.event('call:changed', ({ change }) => change.type === 'knocked' && change.knock.name === name);
    const early = await rename(clara);
    await c.ask('knock:start', { roomId });
    await knocks(early);
    clara.username = early;
    await knocks(await rename(clara));
  });

  it('shows in the lists of others, and in earlier messages and entries', async (scene) => {
    const { roomId, anna, boris, a, b, c, ring, answer, entry } = scene;
    await befriend(anna, boris);
    const { id: directId } = await directRoom(anna, boris);
    await ring(a, boris);
    await answer(b, 'ring:decline');
    await entry(a, 'ring');
    await b.ask('chat:send', { roomId, id: crypto.randomUUID(), text: 'Later' });
    const name = await rename(boris);
    for (const socket of [a, c]) {
      const changed = await socket.event('room:changed', (event) => {
        return event.roomId === roomId && event.change.type === 'member_changed' && event.change.member.name === name;
      });
      expect(changed.change).toMatchObject({ member: { userId: boris.id } });
    }
    await a.event('contact:changed', ({ contact }) => contact.userId === boris.id && contact.name === name);
    const { rooms } = (await anna.rest.request('GET /rooms')).body;
    const listed = (id: string) => rooms.find((room) => room.id === id)!;
    expect(listed(directId).name).toBe(name);
    expect(listed(roomId).lastMessage?.authorName).toBe(name);
    const { body } = await anna.rest.request('GET /rooms/:roomId/messages', { roomId });
    expect(body.messages).toMatchObject([
      { content: { type: 'ring', callees: [{ userId: boris.id, name, status: 'declined' }] } },
      { authorName: name },
    ]);
  });

  it('is the last one in the end, even after changes while the user joins a call', async (scene) => {
    const { roomId, boris, a, b } = scene;
    const names = Array.from({ length: 5 }, (_, i) => `${boris.username}-${i}`);
    const change = async (): Promise<void> => {
      for (const username of names)
        await boris.rest.request('PATCH /auth/me', { body: { username, currentPassword: boris.password } });
    };
    await Promise.all([change(), b.ask('call:join', { roomId })]);
    const last = names.at(-1) as string;
    await a.until(() => {
      const updates = a
        .events('call:changed')
        .flatMap(({ change }) => ('participant' in change ? [change.participant] : []));
      return updates.filter(({ userId }) => userId === boris.id).at(-1)?.name === last;
    });
  });

  it('shows in rooms that others join later', async ({ anna, boris, b }) => {
    const name = await rename(boris);
    const { id } = await newRoom(anna);
    await bringIn(anna, id, boris);
    await b.event('room:changed', ({ roomId, change }) => {
      return roomId === id && change.type === 'member_joined' && change.member.name === name;
    });
  });
});
