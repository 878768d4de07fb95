import { setTimeout as delay } from 'node:timers/promises';
import { nobodyLeft, nothingLost, recovers } from '../support/couple';
import { newDatabase, type TestDatabase } from '../support/database';
import { atMost } from '../support/faults/goals';
import { FragileRedis } from '../support/faults/outages';
import { printRecovery } from '../support/faults/recovery';
import { describeWithRedis } from '../support/redis';
import { type Couple, Replicas } from '../support/replicas';

/** How long Redis is down; the long time exceeds a lease, so that some have expired when it is back. */
const AWAY = 10_000;
const AWAY_LONG = 17_000;

describeWithRedis('two processes whose Redis', () => {
  let database: TestDatabase;
  let redis: FragileRedis;
  let replicas: Replicas;
  let couple: Couple;

  beforeAll(async () => {
    [database, redis] = await Promise.all([newDatabase(), FragileRedis.start()]);
    replicas = await Replicas.start({ database: database.url, redis: redis.url });
  });
  afterAll(async () => {
    await replicas.stop();
    await Promise.all([database.drop(), redis.end()]);
  });
  beforeEach(async () => {
    couple = await replicas.call();
    replicas.talk(couple);
  });

  /** Expects that commands that need Redis are refused soon while it is down. */
  const refusesSoon = async (): Promise<void> => {
    const before = performance.now();
    expect(await couple.a.refusal('call:update', { media: { camera: true } })).toBe('unavailable');
    expect(performance.now() - before).toBeLessThan(atMost(6000));
  };
  /** Expects that messages of each reach the other again. */
  const feedsGoOn = async (): Promise<void> => {
    const { a, b, talkers } = couple;
    const posted = [a, b].map((socket) => socket.events('chat:posted').length);
    await Promise.all(
      [a, b].map((socket, i) => socket.until(() => socket.events('chat:posted').length > posted[i]! + 20)),
    );
    for (const talker of talkers) expect([...talker.refusals].filter((code) => code !== 'unavailable')).toEqual([]);
  };

  it.each([
    ['is away for 10 s', AWAY],
    ['is away for longer than a lease', AWAY_LONG],
  ])('%s, and keeps its data', async (what, away) => {
    await redis.stop({ keep: true });
    const back = delay(away);
    await refusesSoon();
    await back;
    await redis.start();
    await recovers(`Redis ${what}`, couple);
    await feedsGoOn();
    // Seats whose leases expired while Redis was down would be freed by now.
    await delay(3000);
    const { call } = await couple.a.ask('call:get', { roomId: couple.roomId });
    expect(call!.participants.map(({ id, connected }) => [id, connected])).toEqual(
      [couple.seatA, couple.seatB].map(({ participantId }) => [participantId, true]),
    );
    nobodyLeft(couple);
    await nothingLost(couple, database);
  });

  it('is down while a member is removed from the room: they are out of its call when it is back', async () => {
    const { roomId, anna, boris, a, b, seatB, talkers } = couple;
    await Promise.all(talkers.map((talker) => talker.stop()));
    await redis.stop({ keep: true });
    expect(
      (await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id })).status,
    ).toBe(204);
    await redis.start();
    const left = { type: 'left', participantId: seatB.participantId, reason: 'removed' };
    await Promise.all([a, b].map((socket) => socket.event('call:changed', ({ change }) => change.type === 'left')));
    for (const socket of [a, b]) expect(socket.events('call:changed').at(-1)?.change).toEqual(left);
    expect(await b.refusal('call:update', { media: {} })).toBe('not_in_call');
  });

  it('hangs for 8 s', async () => {
    redis.freeze(true);
    const back = delay(8000);
    await refusesSoon();
    await back;
    redis.freeze(false);
    await recovers('Redis hangs for 8 s', couple);
    await feedsGoOn();
    nobodyLeft(couple);
    await nothingLost(couple, database);
  });

  it('comes back empty: devices lose their connection, reconnect and take new seats', async () => {
    const { roomId, anna, boris, a, b } = couple;
    await Promise.all(couple.talkers.map((talker) => talker.stop()));
    const closed = Promise.all([a.closed(), b.closed()]);
    await redis.stop({ keep: false });
    await delay(AWAY);
    const start = performance.now();
    await redis.start();
    expect(await closed).toEqual(['transport close', 'transport close']);
    couple = {
      ...couple,
      a: await replicas.connect(anna, replicas.one),
      b: await replicas.connect(boris, replicas.two),
      talkers: [],
    };
    const { participantId, resumeKey } = couple.seatA;
    expect(await couple.a.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
    couple.seatA = await couple.a.ask('call:join', { roomId });
    couple.seatB = await couple.b.ask('call:join', { roomId });
    printRecovery('both have a seat again after Redis came back empty', performance.now() - start);
    expect(performance.now() - start).toBeLessThan(atMost(5000));
    expect(couple.seatB.participants).toMatchObject([{ id: couple.seatA.participantId }]);
    replicas.talk(couple);
    await recovers('Redis comes back empty', couple);
    await feedsGoOn();
    await nothingLost(couple, database);
  });
});
