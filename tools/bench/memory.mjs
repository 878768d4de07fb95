/** How much of the server's memory an idle connection takes, in bytes, compared with the bare relays. */
import { randomUUID } from 'node:crypto';
import { counted } from './figures.mjs';
import { connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { startApi, startRelay, startWsRelay } from './servers.mjs';
import { connectWs } from './bare/ws-client.mjs';

/** Connections before the first measurement: by then memory that a process reserves at its start is used up. */
const BEFORE = counted(1000);
const MORE = counted(1000);
const AT_ONCE = 20;
/** Sockets of one user; the server allows that many. */
const PER_USER = 50;

async function connectMany(server, nextAuth, count, connectOne) {
  const sockets = [];
  while (sockets.length < count) {
    const auths = Array.from({ length: AT_ONCE }, nextAuth);
    sockets.push(...(await Promise.all(auths.map((auth) => connectOne(server, auth)))));
  }
  return sockets;
}

async function measure(server, nextAuth, connectOne = connect) {
  try {
    const first = await connectMany(server, nextAuth, BEFORE, connectOne);
    const before = await server.memory();
    const more = await connectMany(server, nextAuth, MORE, connectOne);
    const bytes = (await server.memory()) - before;
    const lost = [...first, ...more].filter((socket) => !socket.connected).length;
    if (lost > 0) throw new Error(`${lost} idle connections were lost`);
    for (const socket of [...first, ...more]) socket.close();
    return bytes / MORE;
  } finally {
    await server.stop();
  }
}

/** Users who are in three rooms each, like idle tabs. */
async function measureApi(settings) {
  const server = await startApi(settings);
  const users = [];
  for (let i = 0; i < (BEFORE + MORE) / PER_USER; i++) users.push(await newUser(server));
  for (let i = 0; i < 3; i++) await newRoom(server, users);
  let next = 0;
  return measure(server, () => ({ token: users[next++ % users.length].token }));
}

/** The same number of sockets, in as many shared rooms each. */
async function measureRelay() {
  const rooms = Array.from({ length: 3 }, () => randomUUID());
  return measure(await startRelay(), () => ({ id: randomUUID(), rooms }));
}

const measureWsRelay = async () => measure(await startWsRelay(), () => ({ id: randomUUID() }), connectWs);

export async function measureMemory({ postgres, redis, rounds }) {
  const all = [];
  for (let i = 0; i < rounds; i++) {
    await quietRound();
    const [memory, relay] = [await measureApi({ postgres }), await measureRelay()];
    all.push({ memory, relay, redis: await measureApi({ postgres, redis }), ws: await measureWsRelay() });
  }
  const compare = (ours, bare) => all.map((round) => ({ ours: round[ours] / 1024, bare: round[bare] / 1024 }));
  const [what, form] = ['Memory of an idle connection', { unit: 'kB', digits: 1 }];
  return [
    { what, ...form, rounds: compare('memory', 'relay'), goal: { most: 2 } },
    { what: `${what}, with Redis`, ...form, rounds: compare('redis', 'relay'), goal: { most: 2 } },
    { what: `${what}, beside web sockets alone`, ...form, rounds: compare('memory', 'ws') },
  ];
}
