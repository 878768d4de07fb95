/** What an idle connection costs the server's memory, in bytes, beside the bare relays. */
import { randomUUID } from 'node:crypto';
import { counted } from './figures.mjs';
import { connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { startApi, startRelay, startWsRelay } from './servers.mjs';
import { connectWs } from './bare/ws-client.mjs';

/** Connections that are there before the first look: what a process has put by at its start is used up by then. */
const BEFORE = counted(1000);
const MORE = counted(1000);
const AT_ONCE = 20;
/** Sockets of one user; the server lets so many in. */
const PER_USER = 50;

async function crowd(server, nextAuth, count, come) {
  const sockets = [];
  while (sockets.length < count) {
    const auths = Array.from({ length: AT_ONCE }, nextAuth);
    sockets.push(...(await Promise.all(auths.map((auth) => come(server, auth)))));
  }
  return sockets;
}

async function measure(server, nextAuth, come = connect) {
  try {
    const first = await crowd(server, nextAuth, BEFORE, come);
    const before = await server.memory();
    const more = await crowd(server, nextAuth, MORE, come);
    const bytes = (await server.memory()) - before;
    const lost = [...first, ...more].filter((socket) => !socket.connected).length;
    if (lost > 0) throw new Error(`${lost} idle connections were lost`);
    for (const socket of [...first, ...more]) socket.close();
    return bytes / MORE;
  } finally {
    await server.stop();
  }
}

/** Users who are in three rooms each, as idle tabs are. */
async function ofApi(settings) {
  const server = await startApi(settings);
  const users = [];
  for (let i = 0; i < (BEFORE + MORE) / PER_USER; i++) users.push(await newUser(server));
  for (let i = 0; i < 3; i++) await newRoom(server, users);
  let next = 0;
  return measure(server, () => ({ token: users[next++ % users.length].token }));
}

/** The same number of sockets, in as many rooms each: shared ones, as those of the users are. */
async function ofRelay() {
  const rooms = Array.from({ length: 3 }, () => randomUUID());
  return measure(await startRelay(), () => ({ id: randomUUID(), rooms }));
}

const ofWsRelay = async () => measure(await startWsRelay(), () => ({ id: randomUUID() }), connectWs);

export async function measureMemory({ postgres, redis, rounds }) {
  const all = [];
  for (let i = 0; i < rounds; i++) {
    await quietRound();
    const [memory, relay] = [await ofApi({ postgres }), await ofRelay()];
    all.push({ memory, relay, redis: await ofApi({ postgres, redis }), ws: await ofWsRelay() });
  }
  const beside = (ours, bare) => all.map((round) => ({ ours: round[ours] / 1024, bare: round[bare] / 1024 }));
  const [what, form] = ['Memory of an idle connection', { unit: 'kB', digits: 1 }];
  return [
    { what, ...form, rounds: beside('memory', 'relay'), goal: { most: 2 } },
    { what: `${what}, with Redis`, ...form, rounds: beside('redis', 'relay'), goal: { most: 2 } },
    { what: `${what}, beside web sockets alone`, ...form, rounds: beside('memory', 'ws') },
  ];
}
