import type { Door } from '@webcall/domain';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

function knocks(start: () => Promise<TestApp>): void {
  const server = useServer(start);
  const { connect } = server;
  let anna: TestUser;
  let boris: TestUser;
  let roomId: string;
  let a: TestSocket;
  let b: TestSocket;

  beforeAll(async () => {
    [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  });
  beforeEach(async () => {
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, boris);
    await door('lobby');
    [a, b] = await Promise.all([connect(anna), connect(boris)]);
  });

  const door = async (to: Door): Promise<void> => {
    expect((await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: to } })).body.door).toBe(to);
  };
  const waiting = async (): Promise<string[]> =>
    (await a.ask('call:get', { roomId })).call?.knocks.map(({ name }) => name) ?? [];
  const outcome = async (socket: TestSocket) => {
    const event = await socket.event('knock:answered');
    expect(event.roomId).toBe(roomId);
    return event.outcome;
  };
  const knockEnded = (socket: TestSocket) => socket.event('call:changed', ({ change }) => change.type === 'unknocked');

  it('are announced in the call, and an admitted user can join', async () => {
    await a.ask('call:join', { roomId });
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    await b.ask('knock:start', { roomId });
    const { change } = await a.event('call:changed', (event) => event.change.type === 'knocked');
    expect(change).toMatchObject({ knock: { userId: boris.id, name: boris.username } });
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    const [knock] = (await a.ask('call:get', { roomId })).call!.knocks;
    await a.ask('knock:answer', { roomId, knockId: knock!.id, admit: true });
    expect(await outcome(b)).toBe('admitted');
    await b.ask('call:join', { roomId });
    expect(await a.refusal('knock:answer', { roomId, knockId: knock!.id, admit: true })).toBe('knock_not_found');
    // Once admitted, a user need not knock again in the same call.
    await b.ask('call:leave', {});
    await b.ask('call:join', { roomId });
  });

  it('are answered when the door opens, is locked, or the call ends', async () => {
    const outcomes = { open: 'admitted', locked: 'denied' } as const;
    for (const [to, expected] of Object.entries(outcomes) as [Door, string][]) {
      await a.ask('call:join', { roomId });
      const socket = await connect(boris);
      await socket.ask('knock:start', { roomId });
      await door(to);
      expect(await outcome(socket)).toBe(expected);
      await door('lobby');
      await a.ask('call:leave', {});
    }
    await a.ask('call:join', { roomId });
    await b.ask('knock:start', { roomId });
    await a.ask('call:end', { roomId });
    expect(await outcome(b)).toBe('gone');
  });

  it('end when they are cancelled, or the device disconnects', async () => {
    await a.ask('call:join', { roomId });
    await b.ask('knock:start', { roomId });
    await b.ask('knock:cancel', { roomId });
    await b.ask('knock:cancel', { roomId });
    expect(await waiting()).toEqual([]);
    await b.ask('knock:start', { roomId });
    a.told.length = 0;
    b.cut();
    expect((await knockEnded(a)).change).toMatchObject({ outcome: 'gone' });
    expect(b.events('knock:answered')).toEqual([]);
  });

  it('end for a user who is removed from the room or becomes a moderator', async () => {
    await a.ask('call:join', { roomId });
    const clara = await newUser(server);
    await bringIn(anna, roomId, clara);
    const c = await connect(clara);
    for (const socket of [b, c]) await socket.ask('knock:start', { roomId });
    await anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
      roomId,
      userId: boris.id,
      body: { role: 'moderator' },
    });
    expect(await outcome(b)).toBe('admitted');
    await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: clara.id });
    expect(await outcome(c)).toBe('gone');
    expect(await waiting()).toEqual([]);
    expect(await c.refusal('knock:start', { roomId })).toBe('room_not_found');
    await anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
      roomId,
      userId: boris.id,
      body: { role: 'member' },
    });
  });
}

describe('knocks, in memory', () => knocks(() => startApp()));

describeWithRedis('knocks, in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  knocks(() => startApp({ redis: redis.url }));

  describe('between two replicas', () => {
    let one: TestApp;
    let two: TestApp;
    beforeAll(async () => {
      one = await startApp({ redis: redis.url });
      two = await startApp({ redis: redis.url, database: one.db });
    });
    afterAll(async () => {
      await two.close();
      await one.close();
    });

    it('they are announced and answered', async () => {
      const [anna, boris] = await Promise.all([newUser(one, 'anna'), newUser(two, 'boris')]);
      const { id: roomId } = await newRoom(anna);
      await bringIn(anna, roomId, boris);
      await anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'lobby' } });
      const a = await TestSocket.connect(one.url, anna.rest.token);
      const b = await TestSocket.connect(two.url, boris.rest.token);
      await a.ask('call:join', { roomId });
      await b.ask('knock:start', { roomId });
      await a.event('call:changed', ({ change }) => change.type === 'knocked');
      await a.ask('knock:answer', { roomId, admit: true });
      expect(await b.event('knock:answered')).toEqual({ roomId, outcome: 'admitted' });
      await b.ask('call:join', { roomId });
      for (const socket of [a, b]) socket.close();
    });
  });
});
