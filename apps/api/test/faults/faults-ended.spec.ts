import { randomUUID } from 'node:crypto';
import { newDatabase, type TestDatabase } from '../support/database';
import { atMost } from '../support/faults/goals';
import { FragileRedis } from '../support/faults/outages';
import { eventually } from '../support/faults/recovery';
import { describeWithRedis } from '../support/redis';
import { Replicas } from '../support/replicas';
import { TestSocket } from '../support/sockets';
import { bringIn, newCode, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';

describeWithRedis('while Redis is away', () => {
  let database: TestDatabase;
  let redis: FragileRedis;
  let replicas: Replicas;

  beforeAll(async () => {
    [database, redis] = await Promise.all([newDatabase(), FragileRedis.start()]);
    replicas = await Replicas.start({ database: database.url, redis: redis.url });
  });
  afterAll(async () => {
    await replicas.stop();
    await Promise.all([database.drop(), redis.end()]);
  });

  const secondDevice = async (user: TestUser): Promise<TestSocket> => {
    const { body } = await user.rest.request('POST /auth/login', {
      body: { email: user.email, password: user.password },
    });
    const socket = await TestSocket.connect(replicas.two.url, body.accessToken);
    replicas.sockets.push(socket);
    return socket;
  };

  it('sessions that end at one replica end at the other, in every way in which sessions end', async () => {
    const names = ['out', 'changed', 'revoked', 'deleted', 'owner', 'stays'];
    const users = await Promise.all(names.map((name) => newUser(replicas.one, name)));
    const [out, changed, revoked, deleted, owner, stays] = users as [
      TestUser,
      TestUser,
      TestUser,
      TestUser,
      TestUser,
      TestUser,
    ];
    const { id: roomId } = await newRoom(owner);
    const guest = await newGuest(owner, roomId);
    const ends = {
      out: await replicas.connect(out, replicas.two),
      changed: await secondDevice(changed),
      revoked: await secondDevice(revoked),
      deleted: await replicas.connect(deleted, replicas.two),
      guest: await replicas.connect(guest, replicas.two),
    };
    const [kept, staying] = [
      await replicas.connect(changed, replicas.two),
      await replicas.connect(stays, replicas.two),
    ];
    const here = await replicas.connect(out, replicas.one);
    const { sessions } = (await revoked.rest.request('GET /auth/sessions')).body;
    await redis.stop({ keep: true });

    const before = performance.now();
    const answers = [
      await out.rest.request('POST /auth/logout'),
      await changed.rest.request('POST /auth/password', {
        body: { currentPassword: changed.password, newPassword: randomUUID() },
      }),
      await revoked.rest.request('DELETE /auth/sessions/:sessionId', {
        sessionId: sessions.find(({ current }) => !current)!.id,
      }),
      await deleted.rest.request('DELETE /auth/me', { body: { password: deleted.password } }),
      await owner.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: guest.id }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    // The replica that ends a session does not need Redis for its own sockets.
    await here.closed();
    await Promise.all(Object.values(ends).map((socket) => socket.closed()));
    expect(performance.now() - before).toBeLessThan(atMost(30_000));
    for (const socket of [here, ...Object.values(ends)]) {
      expect(socket.events('session:ended')).toEqual([{ code: 'session_ended' }]);
    }
    for (const socket of [kept, staying]) expect(socket.raw.connected).toBe(true);
    await redis.start();
  });

  it('a member removed at a replica that dies gets no more room events, and a new member does', async () => {
    const [owner, out, stays, comes] = (await Promise.all(
      ['owner', 'out', 'stays', 'comes'].map((name) => newUser(replicas.one, name)),
    )) as [TestUser, TestUser, TestUser, TestUser];
    // Redis was stopped: both replicas are connected again once each of them can create a room.
    const elsewhere = await newUser(replicas.two);
    await eventually(() => newRoom(elsewhere));
    const { id: roomId } = await eventually(() => newRoom(owner));
    for (const user of [out, stays]) await bringIn(owner, roomId, user);
    const code = await newCode(owner, roomId);
    const [removed, staying, coming] = [
      await replicas.connect(out, replicas.two),
      await replicas.connect(stays, replicas.two),
      await replicas.connect(comes, replicas.two),
    ];
    await redis.stop({ keep: false });
    expect((await owner.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: out.id })).status).toBe(
      204,
    );
    // The join is stored; only its response fails, since the room view needs Redis.
    await comes.rest.request('POST /invitations/:code/join', { code });
    await replicas.one.kill();
    await redis.start();
    // The remaining replica gets no event any more and has to check the database by itself.
    const write = async (): Promise<string> => {
      const id = randomUUID();
      await staying.ask('chat:send', { roomId, id, text: 'Who hears this?' });
      await staying.event('chat:posted', (message) => message.id === id);
      return id;
    };
    await eventually(async () => {
      await write();
      expect(coming.events('chat:posted').length).toBeGreaterThan(0);
    });
    const last = await write();
    await coming.event('chat:posted', ({ id }) => id === last);
    // The answer comes after all events that would have been sent before it.
    await removed.ask('ring:list', {});
    expect(removed.events('chat:posted').map(({ id }) => id)).not.toContain(last);
    expect(removed.raw.connected).toBe(true);
  });
});
