/** Signals relayed, end to end acknowledged: how many a second, and how much processor time each takes the server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from './figures.mjs';
import { command, connect, newRoom, newUser } from './people.mjs';
import { processorTime, startApi, startRelay } from './servers.mjs';

const PAIRS = 20;

/** What the processor time is measured at: all servers at once, so that whatever else the machine does meets all. */
const PER_SECOND = 600;
/** Counted rather than timed; first those that warm the code up. */
const WARM_UP = 6000;
const COUNTED = 12_000;

/** What the throughput is measured at: in turns, a few at a time, for the same reason. */
const IN_FLIGHT = 80;
const TURNS = 21;
const IN_A_TURN = 1000;

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

async function pairOfRelay(server) {
  const ids = [randomUUID(), randomUUID()];
  return { ids, sockets: await Promise.all(ids.map((id) => connect(server, { id }))) };
}

/** @returns functions that each relay one signal, on to the next pair and the other direction each time */
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

/** The same signals to all servers at the same time. @returns the microseconds of processor time for each, by server */
async function atOnce(servers) {
  let sent = 0;
  const waiting = new Set();
  const sendUntil = async (count) => {
    for (const start = performance.now(), before = sent; sent < count; await pause(5)) {
      for (; sent < Math.min(count, before + ((performance.now() - start) / 1000) * PER_SECOND); sent++) {
        for (const { relay } of servers) {
          const one = relay().finally(() => waiting.delete(one));
          waiting.add(one);
        }
      }
    }
    await Promise.all(waiting);
  };
  await sendUntil(WARM_UP);
  const before = servers.map(({ pid }) => processorTime(pid));
  await sendUntil(WARM_UP + COUNTED);
  return servers.map(({ pid }, i) => ((processorTime(pid) - before[i]) / COUNTED) * 1e6);
}

/** @returns the signals a second that each server relays when it has as many as it takes */
async function fullSpeed(servers) {
  const speeds = servers.map(() => []);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [i, { relay }] of servers.entries()) {
      let left = IN_A_TURN;
      const start = performance.now();
      const talk = async () => {
        while (left-- > 0) await relay();
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, talk));
      speeds[i].push(IN_A_TURN / ((performance.now() - start) / 1000));
    }
  }
  return speeds.map(median);
}

async function withPairs(server, newPair) {
  const pairs = [];
  for (let i = 0; i < PAIRS; i++) pairs.push(await newPair(server));
  const close = async () => {
    for (const { sockets } of pairs) for (const socket of sockets) socket.close();
    await server.stop();
  };
  return { pid: server.pid, relay: relayOf(pairs), close };
}

/** @returns for the bare relay and ours, without Redis and with: signals a second, and processor time of one in µs */
export async function measureSignals({ postgres, redis, rounds }) {
  const servers = [
    await withPairs(await startRelay(), pairOfRelay),
    await withPairs(await startApi({ postgres }), pairOfApi),
    await withPairs(await startApi({ postgres, redis }), pairOfApi),
  ];
  try {
    const times = [];
    for (let i = 0; i < rounds; i++) times.push(await atOnce(servers));
    const speeds = [];
    for (let i = 0; i < rounds; i++) speeds.push(await fullSpeed(servers));
    const [bare, memory, withRedis] = servers.map((_, i) => ({
      microseconds: median(times.map((round) => round[i])),
      perSecond: median(speeds.map((round) => round[i])),
    }));
    return { bare, memory, redis: withRedis };
  } finally {
    for (const { close } of servers) await close();
  }
}
