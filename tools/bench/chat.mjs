/** How many messages a second are stored, sent to all members and acknowledged, compared with a bare chat. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { STORE } from './bare/bare-store.mjs';
import { counted, median } from './figures.mjs';
import { command, connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { startApi, startBareChat } from './servers.mjs';

const ROOMS = 30;
const MEMBERS = 3;
/** How many messages are on their way at once, on each side. */
const WRITERS = 60;
/** How many connections to the database the bare chat has: as many as the server. */
const CONNECTIONS = 20;
/** The sides take turns, so that other load on the machine affects all; the first turn of each warms it up. */
const TURNS = 10;
const IN_A_TURN = counted(1000);

const text = 'See you at eight, at the usual place; bring the papers and something to eat.';

/** Writes with all writers at once, until all messages are written and received. @returns how many a second */
async function turn({ write, received }) {
  let left = IN_A_TURN;
  const expected = received() + IN_A_TURN * MEMBERS;
  const start = performance.now();
  const writer = async (number) => {
    while (left-- > 0) await write(number);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
  while (received() < expected) await pause(1);
  return IN_A_TURN / ((performance.now() - start) / 1000);
}

/** @returns for each side how many messages a second it writes */
async function inTurns(sides) {
  const rates = sides.map(() => []);
  for (let i = 0; i <= TURNS; i++) for (const [k, side] of sides.entries()) rates[k].push(await turn(side));
  return rates.map(([, ...warm]) => median(warm));
}

/** Connects the same people to one of the servers, each with a socket that receives the messages of the room. */
async function connectPeople(server, rooms, authOf) {
  let count = 0;
  const all = [];
  for (const room of rooms) {
    const sockets = await Promise.all(room.users.map((user) => connect(server, authOf(user, room))));
    for (const socket of sockets) socket.on('chat:posted', () => count++);
    all.push({ ...room, sockets });
  }
  const write = (number) => {
    const { id, sockets } = all[number % ROOMS];
    return command(sockets[number % MEMBERS], 'chat:send', { roomId: id, id: randomUUID(), text });
  };
  const leave = () => {
    for (const { sockets } of all) for (const socket of sockets) socket.close();
  };
  return { write, received: () => count, leave };
}

/** The statement of the bare chat alone, prepared and pipelined as there. */
function storeOnly(clients, rooms) {
  let count = 0;
  const write = async (number) => {
    const { id, users } = rooms[number % ROOMS];
    const author = users[number % MEMBERS].id;
    const client = clients[(number % ROOMS) % clients.length];
    await client.query({ ...STORE, values: [id, randomUUID(), author, JSON.stringify({ type: 'text', text })] });
    count += MEMBERS;
  };
  return { write, received: () => count };
}

/** Both sides use one database and the same rooms; with Redis, both send events through the same adapter. */
async function round({ postgres, redis }) {
  const server = await startApi({ postgres, redis });
  const bareServer = await startBareChat({ database: server.database, redis, connections: CONNECTIONS });
  const clients = Array.from(
    { length: CONNECTIONS },
    () => new pg.Client({ connectionString: server.database, pipeline: true }),
  );
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const { rows } = await clients[0].query(
      `SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') = 'on' AS durable`,
    );
    if (!rows[0].durable) throw new Error('this PostgreSQL does not write to disk at each commit');
    const rooms = [];
    for (let i = 0; i < ROOMS; i++) {
      const users = [];
      for (let k = 0; k < MEMBERS; k++) users.push(await newUser(server));
      rooms.push({ id: await newRoom(server, users), users });
    }
    const ours = await connectPeople(server, rooms, ({ token }) => ({ token }));
    const bareAuth = ({ id, username }, room) => ({ id, name: username, room: room.id });
    const bare = await connectPeople(bareServer, rooms, bareAuth);
    const alone = redis ? [] : [storeOnly(clients, rooms)];
    await quietRound();
    const rates = await inTurns([ours, bare, ...alone]);
    ours.leave();
    bare.leave();
    return rates;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await Promise.all([server.stop(), bareServer.stop()]);
  }
}

export async function measureChat({ postgres, redis, rounds }) {
  const [memory, withRedis] = [[], []];
  for (let i = 0; i < rounds; i++) {
    memory.push(await round({ postgres }));
    withRedis.push(await round({ postgres, redis }));
  }
  const compare = (all, k) => all.map((rates) => ({ ours: rates[0], bare: rates[k] }));
  const what = 'Messages stored and told a second';
  return [
    { what, rounds: compare(memory, 1), goal: { least: 0.5 } },
    { what: `${what}, with Redis`, rounds: compare(withRedis, 1), goal: { least: 0.5 } },
    { what: `${what}, beside SQL alone`, rounds: compare(memory, 2) },
  ];
}
