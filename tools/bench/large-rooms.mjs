/** What one message costs the server in a room where everybody is connected and reads it, compared with a bare chat. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { readPositionDelayMs } from '../../libs/domain/src/read-position.ts';
import { counted, trying } from './figures.mjs';
import { command, connect, inBatches, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { addMembers } from './seeds.mjs';
import { processorTime, startApi, startBareChat } from './servers.mjs';

const SIZES = [10, 500, 5000];
/** Of a turn; in a very large room each message is that much work. */
const messagesOf = (size) => counted(size > 1000 ? 20 : 100);
/** Time runs that many times as fast as in the room that is meant, where somebody writes every second. */
const PACE = 5;
const BETWEEN_MESSAGES = 1000 / PACE;

const text = 'See you at eight, at the usual place; bring the papers and something to eat.';

/** A device that gathers and reports what its user reads, as the web client does. */
function reader(socket, roomId, size) {
  const self = { received: 0, reported: 0 };
  let timer;
  const report = async () => {
    timer = undefined;
    const seq = self.received;
    await command(socket, 'chat:read', { roomId, seq });
    self.reported = seq;
  };
  socket.on('chat:posted', ({ seq }) => {
    self.received = seq;
    timer ??= setTimeout(report, readPositionDelayMs(size, Math.random()) / PACE);
  });
  return self;
}

/** A socket of the bare chat, which knows nothing of reading. */
function listener(socket) {
  const self = { received: 0 };
  socket.on('chat:posted', ({ seq }) => (self.received = seq));
  return self;
}

/** Connects all users to one of the servers. @returns a function that measures one turn there */
async function enter(server, roomId, users, authOf, follow) {
  const sockets = await inBatches(users, (user) => connect(server, authOf(user)));
  const messages = messagesOf(users.length);
  const devices = sockets.map((socket) => follow(socket, roomId, users.length));
  const isDone = (seq) => devices.every(({ received, reported = received }) => received >= seq && reported >= seq);
  /** @returns the server's processor time for each message, in ms, with all that follows it */
  const measure = async () => {
    const before = processorTime(server.pid);
    let last = 0;
    for (let i = 0; i < messages; i++) {
      const send = command(sockets[i % sockets.length], 'chat:send', { roomId, id: randomUUID(), text });
      last = (await Promise.all([send, pause(BETWEEN_MESSAGES)]))[0].seq;
    }
    while (!isDone(last)) await pause(10);
    return ((processorTime(server.pid) - before) / messages) * 1000;
  };
  const leave = () => {
    for (const socket of sockets) socket.close();
  };
  return { measure, leave };
}

/** Each size has servers of its own: the heartbeats of other rooms would be counted too. */
async function measureRoom(size, { postgres, rounds }) {
  const server = await startApi({ postgres });
  const bareServer = await startBareChat({ database: server.database, connections: 20 });
  try {
    const users = await inBatches(Array.from({ length: size }), () => newUser(server));
    const roomId = await newRoom(server, users.slice(0, 1));
    await addMembers(server, roomId, users.slice(1));
    const bareAuth = ({ id, username }) => ({ id, name: username, room: roomId });
    const ours = await enter(server, roomId, users, ({ token }) => ({ token }), reader);
    const bare = await enter(bareServer, roomId, users, bareAuth, listener);
    const all = [];
    for (let i = 0; i <= rounds; i++) {
      await quietRound();
      all.push({ ours: await ours.measure(), bare: await bare.measure() });
    }
    ours.leave();
    bare.leave();
    return all.slice(1);
  } finally {
    await Promise.all([server.stop(), bareServer.stop()]);
  }
}

export async function measureLargeRooms(settings) {
  const figures = [];
  for (const size of SIZES) {
    figures.push({
      what: `Processor time of one message that ${size.toLocaleString('en-US')} people receive and read`,
      unit: 'ms',
      digits: 1,
      rounds: await measureRoom(trying ? Math.min(size, 50) : size, settings),
      ...(size === 500 && { goal: { most: 20, unit: 'ms' } }),
    });
  }
  return figures;
}
