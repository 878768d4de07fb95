import type { RoomChange } from '@webcall/contracts';
import { TestSocket } from '../support/sockets';
import { bringIn, newGuest, newRoom, newUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;

const changeEvent = (socket: TestSocket, roomId: string, type: RoomChange['type']) =>
  socket.event('room:changed', (event) => event.roomId === roomId && event.change.type === type);

it('a new member and the existing members are notified of each other', async () => {
  const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
  const [hers, his] = [await connect(anna), await connect(boris)];
  const room = await newRoom(anna, 'public');
  await boris.rest.request('POST /rooms/:roomId/join', { roomId: room.id });
  for (const socket of [hers, his]) {
    const member = { userId: boris.id, name: boris.username, role: 'member' };
    const { change } = await socket.event('room:changed', (e) => JSON.stringify(e.change).includes(boris.id));
    expect(change).toMatchObject({ type: 'member_joined', member });
  }
  await anna.rest.request('PATCH /rooms/:roomId', { roomId: room.id, body: { name: 'Balcony' } });
  expect((await changeEvent(his, room.id, 'updated')).change).toEqual({
    type: 'updated',
    name: 'Balcony',
    visibility: 'public',
    door: 'open',
    closed: false,
  });
});

it('a role change is announced, and both changes when a room is handed over', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const room = await newRoom(anna);
  await bringIn(anna, room.id, boris);
  const his = await connect(boris);
  await anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
    roomId: room.id,
    userId: boris.id,
    body: { role: 'owner' },
  });
  const roles = () =>
    his
      .events('room:changed')
      .flatMap(({ change }) => (change.type === 'member_changed' ? [[change.member.userId, change.member.role]] : []));
  await his.until(() => roles().length === 2);
  expect(roles()).toEqual(
    expect.arrayContaining([
      [anna.id, 'moderator'],
      [boris.id, 'owner'],
    ]),
  );
});

it('a removed member gets their removal as the last event of the room', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const room = await newRoom(anna);
  await bringIn(anna, room.id, boris);
  const [hers, his] = [await connect(anna), await connect(boris)];
  await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.id, userId: boris.id });
  expect((await changeEvent(his, room.id, 'member_left')).change).toEqual({
    type: 'member_left',
    userId: boris.id,
    memberCount: 1,
    memberChanges: 3,
  });
  await anna.rest.request('PATCH /rooms/:roomId', { roomId: room.id, body: { name: 'Balcony' } });
  await changeEvent(hers, room.id, 'updated');
  const answer = await his.refusal('room:open', { roomId: room.id });
  expect(answer).toBe('room_not_found');
  expect(his.events('room:changed').some(({ change }) => change.type === 'updated')).toBe(false);
});

it('a deleted room is announced to all members, and its guests are signed out', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const room = await newRoom(anna);
  await bringIn(anna, room.id, boris);
  const guest = await newGuest(anna, room.id);
  const [his, theirs] = [await connect(boris), await connect(guest)];
  await anna.rest.request('DELETE /rooms/:roomId', { roomId: room.id });
  await changeEvent(his, room.id, 'deleted');
  await changeEvent(theirs, room.id, 'deleted');
  expect(await theirs.event('session:ended')).toEqual({ code: 'session_ended' });
  await theirs.closed();
  expect(his.raw.connected).toBe(true);
});

it('ending a session closes its sockets at once, and no others', async () => {
  const anna = await newUser(server);
  const other = await newUser(server);
  const { body } = await other.rest.request('POST /auth/login', {
    body: { email: anna.email, password: anna.password },
  });
  const [here, there] = [await connect(anna), await connect(anna, body.accessToken)];
  await anna.rest.request('POST /auth/password', {
    body: { currentPassword: anna.password, newPassword: 'staple of the sea' },
  });
  expect(await there.event('session:ended')).toEqual({ code: 'session_ended' });
  await there.closed();
  expect(here.raw.connected).toBe(true);
});

it('a deleted account leaves its rooms, and its sockets are closed', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const room = await newRoom(anna);
  await bringIn(anna, room.id, boris);
  const [hers, his] = [await connect(anna), await connect(boris)];
  await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } });
  expect((await changeEvent(his, room.id, 'member_changed')).change).toMatchObject({
    member: { userId: boris.id, role: 'owner' },
  });
  expect((await changeEvent(his, room.id, 'member_left')).change).toMatchObject({ userId: anna.id, memberCount: 1 });
  await hers.event('session:ended');
  await hers.closed();
});
