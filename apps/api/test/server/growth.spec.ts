import { randomUUID } from 'node:crypto';
import { Realtime } from '../../src/platform/realtime/realtime';
import { befriend, contactsOf } from '../support/contacts';
import { newRoom, newUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
afterEach(() => jest.restoreAllMocks());

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, make));

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
