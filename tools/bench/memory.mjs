/** What an idle connection costs the server's memory, in bytes, beside the bare relay. */
import { randomUUID } from 'node:crypto';
import { median } from './figures.mjs';
import { connect, newRoom, newUser } from './people.mjs';
import { startApi, startRelay } from './servers.mjs';

/** Connections that are there before the first look: what a process has put by at its start is used up by then. */
const BEFORE = 1000;
const MORE = 1000;
const AT_ONCE = 20;
/** Sockets of one user; the server lets so many in. */
const PER_USER = 50;

async function crowd(server, nextAuth, count) {
  const sockets = [];
  while (sockets.length < count) {
    const auths = Array.from({ length: AT_ONCE }, nextAuth);
    sockets.push(...(await Promise.all(auths.map((auth) => connect(server, auth)))));
  }
  return sockets;
}

async function measure(server, nextAuth) {
  try {
    const first = await crowd(server, nextAuth, BEFORE);
    const before = await server.memory();
    const more = await crowd(server, nextAuth, MORE);
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

export async function measureMemory({ postgres, redis, rounds }) {
  const results = { bare: [], memory: [], redis: [] };
  for (let i = 0; i < rounds; i++) {
    results.bare.push(await measure(await startRelay(), () => ({ id: randomUUID() })));
    results.memory.push(await ofApi({ postgres }));
    results.redis.push(await ofApi({ postgres, redis }));
  }
  return { bare: median(results.bare), memory: median(results.memory), redis: median(results.redis) };
}
