import type { CommandAck } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newDatabase, type TestDatabase } from '../support/database';
import { atMost } from '../support/faults/goals';
import { eventually } from '../support/faults/recovery';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { type Couple, Replicas } from '../support/replicas';
import type { TestSocket } from '../support/sockets';

const METRICS_TOKEN = 'reads-the-metrics-of-a-test';
const PER_SECOND = 1000;
const FLOOD = 6000;

/** Limits for the latency of others: several times the idle time, as this machine also runs the client and stores. */
const SLOWER = 10;
const ALWAYS_FINE = 100;

describeWithRedis('a client that sends 1,000 commands a second', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let replicas: Replicas;
  let couple: Couple;

  beforeAll(async () => {
    [database, redis] = await Promise.all([newDatabase(), startRedis()]);
    replicas = await Replicas.start({
      database: database.url,
      redis: redis.url,
      env: { THROTTLE_SCALE: '1', METRICS_TOKEN },
    });
    couple = await replicas.call(true);
  });
  afterAll(async () => {
    await replicas.stop();
    await Promise.all([database.drop(), redis.stop()]);
  });

  /** Sends commands of every kind, some of them invalid. */
  const flood = async (socket: TestSocket, ms: number): Promise<Record<string, number>> => {
    const { roomId, seatB } = couple;
    const outcomes: Record<string, number> = {};
    const count = (ack: CommandAck<object>): void => {
      const outcome = ack.ok ? 'ok' : ack.error.code;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    };
    const commands: [string, () => unknown][] = [
      ['chat:send', () => ({ roomId, id: randomUUID(), text: 'Again' })],
      ['call:get', () => ({ roomId })],
      ['room:open', () => ({ roomId })],
      ['chat:type', () => ({ roomId })],
      ['chat:send', () => ({ roomId: 'nonsense', text: 'x'.repeat(5000) })],
      ['no:command', () => ({})],
      ['signal:send', () => ({ to: seatB.participantId, candidate: { candidate: '' } })],
      ['call:update', () => ({ media: { camera: true } })],
    ];
    const start = performance.now();
    let sent = 0;
    while (performance.now() - start < ms) {
      for (; sent < ((performance.now() - start) / 1000) * PER_SECOND; sent++) {
        const [command, payload] = commands[sent % commands.length]!;
        socket.raw.emit(command, payload(), count);
      }
      await delay(5);
    }
    return { sent, ...outcomes };
  };

  /** @returns the median and the 95th percentile of the response time of another client's commands, in ms */
  const latency = async (ms: number): Promise<{ median: number; p95: number }> => {
    const { b, roomId } = couple;
    const times: number[] = [];
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const start = performance.now();
      const command =
        times.length % 2 ? b.ask('call:get', { roomId }) : b.ask('chat:send', { roomId, id: randomUUID(), text: 'Hi' });
      await command;
      times.push(performance.now() - start);
      await delay(70);
    }
    times.sort((x, y) => x - y);
    return { median: times[Math.floor(times.length / 2)]!, p95: times[Math.floor(times.length * 0.95)]! };
  };
  /** The memory of the flooded process, in MB. */
  const memory = async (): Promise<number> => {
    const answer = await fetch(`${replicas.one.url}/metrics`, {
      headers: { Authorization: `Bearer ${METRICS_TOKEN}` },
    });
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await answer.text())?.[1]) / 2 ** 20;
  };

  it('is refused, delays nobody and fills no memory', async () => {
    await latency(1000);
    const idle = await latency(5000);
    await flood(couple.a, FLOOD);
    const before = await memory();
    const [outcomes, busy] = await Promise.all([flood(couple.a, FLOOD), latency(FLOOD)]);
    const grown = (await memory()) - before;
    const text = `median ${idle.median.toFixed(1)} ms idle, ${busy.median.toFixed(1)} ms meanwhile; p95 ${idle.p95.toFixed(1)} and ${busy.p95.toFixed(1)} ms; ${grown.toFixed(0)} MB more`;
    process.stdout.write(`flood: ${text}; ${JSON.stringify(outcomes)}\n`);
    expect(outcomes['sent']).toBeGreaterThan(0.9 * PER_SECOND * (FLOOD / 1000));
    expect(outcomes['too_many_requests']).toBeGreaterThan(0.3 * outcomes['sent']!);
    expect(Object.keys(outcomes).sort()).toEqual(
      ['invalid_input', 'ok', 'sent', 'too_many_requests', 'unknown_command'].sort(),
    );
    expect(busy.median).toBeLessThan(atMost(Math.max(SLOWER * idle.median, ALWAYS_FINE)));
    expect(busy.p95).toBeLessThan(atMost(Math.max(SLOWER * idle.p95, ALWAYS_FINE)));
    expect(grown).toBeLessThan(80);
    expect(couple.b.raw.connected).toBe(true);
  });

  it('cannot open more sockets than the quota, even all at once, while others can connect', async () => {
    const { anna, boris } = couple;
    // The default of QUOTA_SOCKETS.
    const most = 50;
    const came = await Promise.allSettled(
      Array.from({ length: most + 10 }, () => replicas.connect(anna, replicas.one)),
    );
    // One socket was open before.
    expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(most - 1);
    for (const one of came) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ data: { code: 'quota_reached' } });
    }
    await replicas.connect(boris, replicas.one);
    couple.a.close();
    expect(await eventually(() => replicas.connect(anna, replicas.one))).toBeDefined();
  });
});
