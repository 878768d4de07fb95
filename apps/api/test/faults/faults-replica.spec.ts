import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { nobodyLeft } from '../support/couple';
import { newDatabase, type TestDatabase } from '../support/database';
import { atMost } from '../support/faults/goals';
import { printRecovery } from '../support/faults/recovery';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { Replicas } from '../support/replicas';
import { bringIn, newUser } from '../support/test-app';

describeWithRedis('when the process is killed that holds both sockets of a call', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let replicas: Replicas;

  beforeAll(async () => {
    [database, redis] = await Promise.all([newDatabase(), startRedis()]);
    replicas = await Replicas.start({ database: database.url, redis: redis.url });
  });
  afterAll(async () => {
    await replicas.stop();
    await Promise.all([database.drop(), redis.stop()]);
  });

  it('both resume their seats at the other, with the same links', async () => {
    const couple = await replicas.call(true);
    const { roomId, anna, boris, seatA, seatB } = couple;
    const watcher = await newUser(replicas.two, 'clara');
    await bringIn(anna, roomId, watcher);
    const w = await replicas.connect(watcher, replicas.two);
    const start = performance.now();
    await replicas.one.kill();
    const back = await Promise.all(
      [
        { user: anna, seat: seatA },
        { user: boris, seat: seatB },
      ].map(async ({ user, seat: { participantId, resumeKey } }) => {
        const socket = await replicas.connect(user, replicas.two);
        const resumed = await socket.ask('call:resume', { roomId, participantId, resumeKey });
        expect(resumed.participantId).toBe(participantId);
        return socket;
      }),
    );
    const [a, b] = back as [(typeof back)[0], (typeof back)[0]];
    await a.ask('signal:send', { to: seatB.participantId, id: randomUUID(), candidate: { candidate: '' } });
    await b.ask('signal:send', { to: seatA.participantId, id: randomUUID(), candidate: { candidate: '' } });
    printRecovery('both seats taken again after kill -9 of their replica', performance.now() - start);
    expect(performance.now() - start).toBeLessThan(atMost(5000));
    const { call } = await w.ask('call:get', { roomId });
    // The incarnation is the same, so their links, and with them audio and video, never stopped.
    expect(call!.participants.map(({ id, connected, incarnation }) => [id, connected, incarnation])).toEqual(
      [seatA, seatB].map(({ participantId }) => [participantId, true, 0]),
    );
    // By then the leases that the killed process renewed would have expired without their new holders.
    await delay(17_000 - (performance.now() - start));
    nobodyLeft({ ...couple, a: w, b: w });
  });
});
