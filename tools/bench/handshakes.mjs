/** What the handshake of a socket costs, and how soon all devices are back after a cut, compared with a bare server. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { counted } from './figures.mjs';
import { quietRound } from './quiet.mjs';
import { addPeople, addSessionsInRooms, settle } from './seeds.mjs';
import { processorTime, startApi, startBareHandshakes } from './servers.mjs';

const SOCKETS = counted(5000);
const AFTER_CUT = counted(10_000);
const PER_USER = 2;
/** Groups of users, each in three rooms together. */
const GROUP = 10;
/** How many handshakes are on their way at once: as many as a server sees of devices that come one after another. */
const AT_ONCE = 100;
/** The same after a cut, when all come together, as far as the queue of the network lets them. */
const AT_ONCE_AFTER_CUT = 500;

/** @returns the devices of new users, each with a token and a room */
async function addDevices(server, secret) {
  const users = await addPeople(server, Math.ceil(AFTER_CUT / PER_USER));
  const sessions = await addSessionsInRooms(server, users, { group: GROUP, perUser: PER_USER });
  await settle(server);
  return sessions.map(({ id, userId, roomId }) => ({
    roomId,
    token: signToken({ sub: userId, sid: id }, secret),
  }));
}

function signToken(claims, secret) {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, iat: now, exp: now + 3600 })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** A client of a few lines, because that of Socket.IO would cost more than the server. */
function connectDevice({ url }, { token, roomId }, asking) {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    socket.on('error', fail);
    socket.on('message', (data) => {
      const packet = String(data);
      if (packet === '2') socket.send('3');
      else if (packet.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`);
      else if (packet.startsWith('44')) fail(new Error(packet));
      else if (packet.startsWith('40') && !asking) done(socket);
      else if (packet.startsWith('40')) socket.send(`420${JSON.stringify(['room:open', { roomId }])}`);
      else if (packet.startsWith('430')) done(socket);
    });
  });
}

/** @returns the sockets of all devices */
async function connectAll(server, devices, { atOnce, asking = false }) {
  const [sockets, left] = [[], [...devices]];
  const connectOn = async () => {
    for (let device = left.pop(); device; device = left.pop())
      sockets.push(await connectDevice(server, device, asking));
  };
  await Promise.all(Array.from({ length: atOnce }, connectOn));
  return sockets;
}

/** Ends the connections like a lost network, and waits until the server has cleaned up. */
async function cut(server, sockets) {
  for (const socket of sockets) socket.terminate();
  await settled(server);
}

/** Waits until the server has done what follows in the background. */
async function settled({ pid }) {
  for (let before = -1, now = 0; now - before > 0.02; await pause(250)) [before, now] = [now, processorTime(pid)];
}

/** @returns the server's processor time of a handshake, in µs, and how long the way back takes, in ms */
async function measure(server, devices) {
  const before = processorTime(server.pid);
  const sockets = await connectAll(server, devices.slice(0, SOCKETS), { atOnce: AT_ONCE });
  await pause(250);
  const time = ((processorTime(server.pid) - before) / SOCKETS) * 1e6;
  await cut(server, sockets);
  const start = performance.now();
  const back = await connectAll(server, devices, { atOnce: AT_ONCE_AFTER_CUT, asking: true });
  const ms = performance.now() - start;
  await cut(server, back);
  return { time, ms };
}

/** The sides take turns on one database; the first turn of each warms it up. */
export async function measureHandshakes({ postgres, rounds }) {
  const secret = randomUUID() + randomUUID();
  const server = await startApi({ postgres, env: { JWT_SECRET: secret } });
  const bareServer = await startBareHandshakes({ database: server.database, secret });
  try {
    const devices = await addDevices(server, secret);
    const all = [];
    for (let i = 0; i <= rounds; i++) {
      await quietRound();
      all.push({ ours: await measure(server, devices), bare: await measure(bareServer, devices) });
    }
    const compare = (name) => all.slice(1).map(({ ours, bare }) => ({ ours: ours[name], bare: bare[name] }));
    return [
      { what: 'Processor time of a handshake', unit: 'µs', rounds: compare('time'), goal: { most: 2 } },
      {
        what: `${AFTER_CUT.toLocaleString('en-US')} sockets back after a cut, each with its first question answered`,
        unit: 'ms',
        rounds: compare('ms'),
        goal: { most: 12_000, unit: 'ms' },
      },
    ];
  } finally {
    await Promise.all([server.stop(), bareServer.stop()]);
  }
}
