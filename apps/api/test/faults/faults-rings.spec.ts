import type { MessageDto } from '@webcall/contracts';
import { RING_DURATION_MS } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { newDatabase, type TestDatabase } from '../support/database';
import { printRecovery } from '../support/faults/recovery';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { Replicas } from '../support/replicas';
import { bringIn, newUser } from '../support/test-app';

describeWithRedis('when the process is killed at which both sockets of a ring are', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let replicas: Replicas;

  beforeEach(async () => {
    [database, redis] = await Promise.all([newDatabase(), startRedis()]);
    replicas = await Replicas.start({ database: database.url, redis: redis.url });
  });
  afterEach(async () => {
    await replicas.stop();
    await Promise.all([database.drop(), redis.stop()]);
  });

  /** Anna, in a call with Boris, rings Clara, whose device rings. All but Boris are at the process that is killed. */
  const killed = async () => {
    const { roomId, anna, a, b, seatA } = await replicas.call();
    const clara = await newUser(replicas.one, 'clara');
    await bringIn(anna, roomId, clara);
    const c = await replicas.connect(clara, replicas.one);
    const ref = { roomId, ringId: randomUUID() };
    await a.ask('ring:start', { roomId, id: ref.ringId, userIds: [clara.id] });
    const begun = performance.now();
    await c.ask('ring:reach', ref);
    await replicas.one.kill();
    const back = await replicas.connect(anna, replicas.two);
    await back.ask('call:resume', { roomId, participantId: seatA.participantId, resumeKey: seatA.resumeKey });
    return { ref, clara, a: back, b, begun };
  };

  it('it goes on at the other process, and is answered there', async () => {
    const { ref, clara, a } = await killed();
    const start = performance.now();
    const c = await replicas.connect(clara, replicas.two);
    expect((await c.ask('ring:list', {})).rings).toMatchObject([{ id: ref.ringId, status: 'ringing' }]);
    await c.ask('ring:reach', ref);
    printRecovery('a ring heard again after kill -9 of the replica', performance.now() - start);
    expect((await a.ask('ring:list', {})).rings).toMatchObject([{ id: ref.ringId, devices: 1 }]);
    await c.ask('ring:accept', ref);
    expect((await a.event('ring:changed', ({ ring }) => ring.status === 'accepted')).ring.id).toBe(ref.ringId);
    expect((await c.ask('call:join', { roomId: ref.roomId })).participants).toHaveLength(2);
  });

  it('it loses its device, expires on time, and gets one entry', async () => {
    const { ref, clara, a, b, begun } = await killed();
    await a.event('ring:changed', ({ ring }) => ring.status === 'ringing' && ring.devices === 0);
    await a.until(
      () => a.events('ring:changed').some(({ ring }) => ring.status === 'missed'),
      'the end',
      RING_DURATION_MS + 10_000,
    );
    const late = performance.now() - begun - RING_DURATION_MS;
    printRecovery('a ring ended after its time by the replica that is left', late);
    expect(late).toBeGreaterThan(-1000);
    const callees = [{ userId: clara.id, name: clara.username, status: 'missed' }];
    const { content } = await b.event('chat:posted', ({ content }: MessageDto) => content.type === 'ring');
    expect(content).toMatchObject({ type: 'ring', callees });
    expect(b.events('chat:posted')).toHaveLength(1);
    expect((await b.ask('call:get', { roomId: ref.roomId })).call?.participants).toHaveLength(2);
    const rows = await database.query('SELECT status FROM rings WHERE ended_at IS NOT NULL');
    expect(rows).toEqual([{ status: 'missed' }]);
  });
});
