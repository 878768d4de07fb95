/** Signals relayed, end to end acknowledged: how many a second, and how much processor time each takes the server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { counted, median } from './figures.mjs';
import { command, connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { processorTime, startApi, startRelay, startWsRelay } from './servers.mjs';
import { connectWs } from './bare/ws-client.mjs';

const PAIRS = 20;

/** Each server has as many in each of its turns; the first one of each warms it up. */
const TURNS = 10;
const IN_A_TURN = counted(1000);
/** What the throughput is measured at. */
const IN_FLIGHT = 80;
/** What the processor time is measured at. */
const PER_SECOND = 600;

/** Like those that browsers make. */
const candidate = {
  candidate:
    'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'EsAw',
};

/** Two sockets of a call, or of the relay. */
async function pairOfApi(server) {
  const users = [await newUser(server), await newUser(server)];
  const roomId = await newRoom(server, users);
  const sockets = await Promise.all(users.map(({ token }) => connect(server, { token })));
  const seats = [];
  for (const socket of sockets) seats.push(await command(socket, 'call:join', { roomId }));
  return { sockets, ids: seats.map(({ participantId }) => participantId) };
}

const pairOf = (come) => async (server) => {
  const ids = [randomUUID(), randomUUID()];
  return { ids, sockets: await Promise.all(ids.map((id) => come(server, { id }))) };
};

/** @returns a function that relays one signal, on to the next pair and the other direction each time */
function relayOf(pairs) {
  for (const { sockets } of pairs) for (const socket of sockets) socket.on('signal:received', (_, ack) => ack());
  const ways = pairs.flatMap(({ sockets: [a, b], ids: [ofA, ofB] }) => [
    [a, ofB],
    [b, ofA],
  ]);
  let next = 0;
  return () => {
    const [socket, to] = ways[next++ % ways.length];
    return command(socket, 'signal:send', { to, id: randomUUID(), link: to, candidate });
  };
}

/** Signals at a steady pace. @returns the microseconds of processor time that each takes the server */
async function steadily({ pid, relay }) {
  const waiting = new Set();
  const before = processorTime(pid);
  for (let start = performance.now(), sent = 0; sent < IN_A_TURN; await pause(5)) {
    for (const due = ((performance.now() - start) / 1000) * PER_SECOND; sent < Math.min(IN_A_TURN, due); sent++) {
      const one = relay().finally(() => waiting.delete(one));
      waiting.add(one);
    }
  }
  await Promise.all(waiting);
  return ((processorTime(pid) - before) / IN_A_TURN) * 1e6;
}

/** As many signals as the server takes. @returns how many a second */
async function fullSpeed({ relay }) {
  let left = IN_A_TURN;
  const start = performance.now();
  const talk = async () => {
    while (left-- > 0) await relay();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, talk));
  return IN_A_TURN / ((performance.now() - start) / 1000);
}

/** One server after the other, again and again. @returns what was measured of each, without its first turn */
async function inTurns(servers, measure) {
  const values = servers.map(() => []);
  for (let turn = 0; turn <= TURNS; turn++)
    for (const [i, server] of servers.entries()) values[i].push(await measure(server));
  return values.map(([, ...warm]) => warm);
}

const mean = (values) => values.reduce((sum, each) => sum + each) / values.length;

async function withPairs(server, newPair) {
  const pairs = [];
  for (let i = 0; i < PAIRS; i++) pairs.push(await newPair(server));
  const close = async () => {
    for (const { sockets } of pairs) for (const socket of sockets) socket.close();
    await server.stop();
  };
  return { pid: server.pid, relay: relayOf(pairs), close };
}

/** Ours, without Redis and with, beside the relay over Socket.IO, and beside that on web sockets alone. */
export async function measureSignals({ postgres, redis, rounds }) {
  const servers = [];
  try {
    servers.push(await withPairs(await startApi({ postgres }), pairOfApi));
    servers.push(await withPairs(await startRelay(), pairOf(connect)));
    servers.push(await withPairs(await startApi({ postgres, redis }), pairOfApi));
    servers.push(await withPairs(await startWsRelay(), pairOf(connectWs)));
    const [times, speeds] = [[], []];
    for (let i = 0; i < rounds; i++) {
      await quietRound();
      speeds.push((await inTurns(servers, fullSpeed)).map(median));
      // The kernel counts in hundredths of a second, so many turns together are more exact than the middle one.
      times.push((await inTurns(servers, steadily)).map(mean));
    }
    return figures(times, speeds);
  } finally {
    for (const { close } of servers) await close();
  }
}

function figures(times, speeds) {
  const beside = (all, ours, bare) => all.map((round) => ({ ours: round[ours], bare: round[bare] }));
  const [time, speed] = ['Processor time of one relayed signal', 'Signals relayed a second'];
  return [
    { what: time, unit: 'µs', rounds: beside(times, 0, 1), goal: { most: 2 } },
    { what: speed, rounds: beside(speeds, 0, 1) },
    { what: `${time}, with Redis`, unit: 'µs', rounds: beside(times, 2, 1), goal: { most: 2 } },
    { what: `${speed}, with Redis`, rounds: beside(speeds, 2, 1) },
    { what: `${time}, beside web sockets alone`, unit: 'µs', rounds: beside(times, 0, 3) },
  ];
}
