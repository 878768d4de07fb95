/** How many signals a second are relayed and acknowledged end to end, and the server's processor time for each. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { counted, median } from './figures.mjs';
import { command, connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { processorTime, startApi, startRelay, startWsRelay } from './servers.mjs';
import { connectWs } from './bare/ws-client.mjs';

const PAIRS = 20;

/** The servers take turns with equally many signals; the first turn of each warms it up. */
const TURNS = 10;
const IN_A_TURN = counted(1000);
/** How many signals are on their way at once when the throughput is measured. */
const IN_FLIGHT = 80;
/** How many signals a second are sent when the processor time is measured. */
const PER_SECOND = 600;

/** A candidate like those of browsers. */
const candidate = {
  candidate:
    'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'EsAw',
};

/** @returns two sockets in one call, with their participant ids */
async function pairOfApi(server) {
  const users = [await newUser(server), await newUser(server)];
  const roomId = await newRoom(server, users);
  const sockets = await Promise.all(users.map(({ token }) => connect(server, { token })));
  const seats = [];
  for (const socket of sockets) seats.push(await command(socket, 'call:join', { roomId }));
  return { sockets, ids: seats.map(({ participantId }) => participantId) };
}

const pairOf = (connectOne) => async (server) => {
  const ids = [randomUUID(), randomUUID()];
  return { ids, sockets: await Promise.all(ids.map((id) => connectOne(server, { id }))) };
};

/** @returns a function that relays one signal; each call uses the next pair and direction */
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

/** Sends signals at a steady pace. @returns the server's processor time for each, in µs */
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

/** Sends as many signals as the server can relay. @returns how many a second */
async function fullSpeed({ relay }) {
  let left = IN_A_TURN;
  const start = performance.now();
  const sender = async () => {
    while (left-- > 0) await relay();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  return IN_A_TURN / ((performance.now() - start) / 1000);
}

/** Measures one server after the other, in all turns. @returns the values of each without its first turn */
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

/** Compares our server, without and with Redis, with the relay on Socket.IO and the one on plain web sockets. */
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
      // The kernel counts in hundredths of a second, so the mean of many turns is more exact than their median.
      times.push((await inTurns(servers, steadily)).map(mean));
    }
    return figures(times, speeds);
  } finally {
    for (const { close } of servers) await close();
  }
}

function figures(times, speeds) {
  const compare = (all, ours, bare) => all.map((round) => ({ ours: round[ours], bare: round[bare] }));
  const [time, speed] = ['Processor time of one relayed signal', 'Signals relayed a second'];
  return [
    { what: time, unit: 'µs', rounds: compare(times, 0, 1), goal: { most: 2 } },
    { what: speed, rounds: compare(speeds, 0, 1), goal: { least: 0.67 } },
    { what: `${time}, with Redis`, unit: 'µs', rounds: compare(times, 2, 1), goal: { most: 2 } },
    { what: `${speed}, with Redis`, rounds: compare(speeds, 2, 1) },
    { what: `${time}, beside web sockets alone`, unit: 'µs', rounds: compare(times, 0, 3) },
  ];
}
