import { setTimeout as delay } from 'node:timers/promises';
import { nobodyLeft, nothingLost, recovers } from '../support/couple';
import { newDatabase, type TestDatabase } from '../support/database';
import { FragilePostgres } from '../support/faults/outages';
import { eventually } from '../support/faults/recovery';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { type Couple, Replicas } from '../support/replicas';
import { newUser } from '../support/test-app';

describeWithRedis('two processes whose PostgreSQL', () => {
  let postgres: FragilePostgres;
  let database: TestDatabase;
  let redis: TestRedis;
  let replicas: Replicas;
  let couple: Couple;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([FragilePostgres.start(), startRedis()]);
    database = await newDatabase(postgres.url);
    replicas = await Replicas.start({ database: database.url, redis: redis.url });
  });
  afterAll(async () => {
    await replicas.stop();
    await Promise.all([postgres.end(), redis.stop()]);
  });

  it.each([
    ['restarts in order', 'fast'],
    ['crashes and recovers', 'immediate'],
  ] as const)('%s: what was acknowledged is there, and the call goes on', async (what, how) => {
    couple = await replicas.call();
    const { a, b, seatA, seatB, talkers } = couple;
    replicas.talk(couple);
    await Promise.all([a, b].map((socket) => socket.until(() => socket.events('chat:posted').length > 40)));
    await postgres.stop(how);
    // The running call needs no database.
    await a.ask('signal:send', { to: seatB.participantId, candidate: { candidate: '' } });
    await b.ask('signal:send', { to: seatA.participantId, candidate: { candidate: '' } });
    expect(await a.refusal('room:open', { roomId: couple.roomId })).toBe('unavailable');
    await postgres.start();
    await recovers(`PostgreSQL ${what}`, couple);
    const posted = [a, b].map((socket) => socket.events('chat:posted').length);
    await Promise.all(
      [a, b].map((socket, i) => socket.until(() => socket.events('chat:posted').length > posted[i]! + 20)),
    );
    for (const talker of talkers) expect([...talker.refusals].filter((code) => code !== 'unavailable')).toEqual([]);
    nobodyLeft(couple);
    await nothingLost(couple, database);
  });

  it('ends its connections repeatedly under load: affected requests are refused, and both go on', async () => {
    const users = await Promise.all([replicas.one, replicas.two].map((server) => newUser(server)));
    const [answers, end] = [new Set<number>(), performance.now() + 6000];
    const ask = async (i: number): Promise<void> => {
      const { rest } = users[i % users.length]!;
      while (performance.now() < end) answers.add((await rest.request('GET /rooms')).status);
    };
    const asking = Promise.all(Array.from({ length: 24 }, (_, i) => ask(i)));
    const ending = (async (): Promise<void> => {
      for (; performance.now() < end; await delay(50)) {
        await database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'webcall'`,
        );
      }
    })();
    await Promise.all([asking, ending]);
    expect([...answers].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    for (const { rest } of users) expect((await eventually(() => rest.request('GET /rooms'))).status).toBe(200);
  });
});
