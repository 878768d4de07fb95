/** What long lists cost: many rooms, contacts and messages, each beside a few. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { counted, median } from './figures.mjs';
import { command, connect, newRoom, newUser, timeOfGet } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { addContacts, addMembers, addMessages, addPeople, addRooms, settle } from './seeds.mjs';
import { processorTime, startApi } from './servers.mjs';

const ROOMS = { many: counted(5000), few: 50, people: 20 };
const CONTACTS = { many: counted(1000), few: 10, connected: 10 };
const MESSAGES = { many: counted(1_000_000), few: 1000 };
const MEMBERS = { many: counted(10_000), few: 10 };
const REQUESTS = 30;
const FLIPS = counted(200);

/** @returns the time in the middle of many, without the first one */
async function medianTime(measure) {
  await measure();
  const times = [];
  for (let i = 0; i < REQUESTS; i++) times.push(await measure());
  return median(times);
}

/** A user with so many contacts, some of whom are connected, and a function that measures a change of presence. */
async function personWithContacts(server, count) {
  const user = await newUser(server);
  const connected = [];
  for (let i = 0; i < CONTACTS.connected; i++) connected.push(await newUser(server));
  const others = await addPeople(server, count - connected.length);
  await addContacts(server, user, [...connected, ...others]);
  const [socket, ...sockets] = await Promise.all([user, ...connected].map(({ token }) => connect(server, { token })));
  /** @returns the server's processor time for a change, in ms */
  const measureFlip = async () => {
    const before = processorTime(server.pid);
    for (let i = 0; i < FLIPS; i++) {
      const told = sockets.map((each) => once(each, 'presence:changed'));
      await command(socket, 'presence:set', { away: i % 2 === 0 });
      await Promise.all(told);
    }
    return ((processorTime(server.pid) - before) / FLIPS) * 1000;
  };
  return { user, measureFlip };
}

async function personWithRooms(server, count) {
  const user = await newUser(server);
  await addRooms(server, user, await addPeople(server, ROOMS.people - 1), count);
  return user;
}

/** A room with so many messages, and functions that measure a page in its middle, and one more message. */
async function roomWithMessages(server, count) {
  const [user, other] = [await newUser(server), await newUser(server)];
  const roomId = await newRoom(server, [user]);
  await addMembers(server, roomId, [other]);
  await addMessages(server, roomId, user, count);
  const socket = await connect(server, { token: user.token });
  const send = async () => {
    const start = performance.now();
    await command(socket, 'chat:send', { roomId, id: randomUUID(), text: 'One more' });
    return performance.now() - start;
  };
  const read = () => timeOfGet(server, user, `/rooms/${roomId}/messages?before=${Math.ceil(count / 2)}&limit=100`);
  return { read, send };
}

/** A room with so many members, and a function that measures a call of two of them, until its entry is there. */
async function roomWithMembers(server, count) {
  const users = [await newUser(server), await newUser(server)];
  const roomId = await newRoom(server, users);
  await addMembers(server, roomId, await addPeople(server, count - users.length));
  const sockets = await Promise.all(users.map(({ token }) => connect(server, { token })));
  const call = async () => {
    const start = performance.now();
    const entry = once(sockets[0], 'chat:posted');
    for (const socket of sockets) await command(socket, 'call:join', { roomId });
    for (const socket of sockets) await command(socket, 'call:leave', {});
    await entry;
    return performance.now() - start;
  };
  return { call };
}

/** Measures the many first and then the few, as ours and as what stands beside it. */
const beside = async (many, few) => ({ ours: await many(), bare: await few() });

export async function measureLongLists({ postgres, redis, rounds }) {
  const server = await startApi({ postgres, redis });
  const all = { rooms: [], contacts: [], flips: [], pages: [], messages: [], calls: [] };
  try {
    const rooms = { many: await personWithRooms(server, ROOMS.many), few: await personWithRooms(server, ROOMS.few) };
    const contacts = {
      many: await personWithContacts(server, CONTACTS.many),
      few: await personWithContacts(server, CONTACTS.few),
    };
    const messages = {
      many: await roomWithMessages(server, MESSAGES.many),
      few: await roomWithMessages(server, MESSAGES.few),
    };
    const crowds = {
      many: await roomWithMembers(server, MEMBERS.many),
      few: await roomWithMembers(server, MEMBERS.few),
    };
    await settle(server);
    const first = (user, list) => () => medianTime(() => timeOfGet(server, user, `/${list}?limit=100`));
    for (let i = 0; i <= rounds; i++) {
      await quietRound();
      all.rooms.push(await beside(first(rooms.many, 'rooms'), first(rooms.few, 'rooms')));
      all.contacts.push(await beside(first(contacts.many.user, 'contacts'), first(contacts.few.user, 'contacts')));
      all.flips.push(await beside(contacts.many.measureFlip, contacts.few.measureFlip));
      all.pages.push(
        await beside(
          () => medianTime(messages.many.read),
          () => medianTime(messages.few.read),
        ),
      );
      all.messages.push(
        await beside(
          () => medianTime(messages.many.send),
          () => medianTime(messages.few.send),
        ),
      );
      all.calls.push(
        await beside(
          () => medianTime(crowds.many.call),
          () => medianTime(crowds.few.call),
        ),
      );
    }
  } finally {
    await server.stop();
  }
  const form = { unit: 'ms', digits: 1 };
  return [
    {
      what: 'First 100 of 5,000 rooms, beside all of 50',
      ...form,
      rounds: all.rooms.slice(1),
      goal: { most: 20, unit: 'ms' },
    },
    { what: 'First 100 of 1,000 contacts, beside all of 10', ...form, rounds: all.contacts.slice(1) },
    {
      what: 'Processor time of a change of presence with 1,000 contacts, beside 10; 10 are connected',
      ...form,
      rounds: all.flips.slice(1),
    },
    { what: 'Page of 100 in the middle of 1,000,000 messages, beside 1,000', ...form, rounds: all.pages.slice(1) },
    { what: 'One message after 1,000,000, beside 1,000', ...form, rounds: all.messages.slice(1) },
    {
      what: 'A call with its entry in a room of 10,000 people, beside 10',
      ...form,
      rounds: all.calls.slice(1),
      goal: { most: 1.3 },
    },
  ];
}
