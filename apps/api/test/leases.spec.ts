import Redis from 'ioredis';
import { SEAT_LEASE } from '@webcall/contracts';
import { LiveCalls } from '../src/calls/live-calls';
import { AppError } from '../src/platform/http/app-error';
import { eventually } from './support/recovery';
import { TestSocket } from './support/sockets';
import { describeWithRedis, startRedis, type TestRedis } from './support/redis';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from './support/test-app';
import { useServer } from './support/use-server';

// Seats are kept for much less than usual, so that nobody has to wait.
jest.mock('@webcall/contracts', () => ({
  ...jest.requireActual<object>('@webcall/contracts'),
  SEAT_LEASE: 400,
}));

function seatsWithoutSocket(start: () => Promise<TestApp>): void {
  const server = useServer(start);
  let anna: TestUser;
  let boris: TestUser;
  let roomId: string;
  let a: TestSocket;
  let b: TestSocket;

  beforeEach(async () => {
    [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, boris);
    [a, b] = (await Promise.all([anna, boris].map((user) => TestSocket.connect(server.url, user.rest.token)))) as [
      TestSocket,
      TestSocket,
    ];
  });
  afterEach(() => [a, b].forEach((socket) => socket.close()));

  it('are freed when their lease has run out, while those with one stay', async () => {
    const seat = await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    const cut = performance.now();
    a.cut();
    await b.event('call:changed', ({ change }) => change.type === 'updated' && !change.participant.connected);
    const left = await b.event('call:changed', ({ change }) => change.type === 'left');
    expect(left.change).toEqual({ type: 'left', participantId: seat.participantId, reason: 'lost' });
    expect(performance.now() - cut).toBeGreaterThan(SEAT_LEASE);
    expect((await b.ask('call:get', { roomId })).call?.participants).toMatchObject([{ userId: boris.id }]);
    await b.ask('call:update', { media: { camera: true } });
    const back = await TestSocket.connect(server.url, anna.rest.token);
    const { participantId, resumeKey } = seat;
    expect(await back.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
    back.close();
  });

  it.each(['call:join', 'call:resume'] as const)('are freed also after a %s that failed', async (command) => {
    const { participantId, resumeKey } = await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    const taking = jest.spyOn(server.app.get(LiveCalls, { strict: false }), 'take');
    taking.mockImplementation(() => Promise.reject(new AppError('unavailable')));
    expect(await a.refusal(command, { roomId, participantId, resumeKey })).toBe('unavailable');
    taking.mockRestore();
    await a.ask('call:update', { media: { camera: true } });
    a.cut();
    const { change } = await b.event('call:changed', (event) => event.change.type === 'left');
    expect(change).toMatchObject({ participantId, reason: 'lost' });
  });

  it('are freed also when they were taken twice by the same socket', async () => {
    const { participantId, resumeKey } = await a.ask('call:join', { roomId });
    await b.ask('call:join', { roomId });
    await a.ask('call:resume', { roomId, participantId, resumeKey });
    await a.ask('call:resume', { roomId, participantId, resumeKey });
    a.cut();
    const { change } = await b.event('call:changed', (event) => event.change.type === 'left');
    expect(change).toMatchObject({ participantId, reason: 'lost' });
  });

  it('end the call when they were the last', async () => {
    const { callId } = await a.ask('call:join', { roomId });
    a.cut();
    await b.event('call:changed', ({ change }) => change.type === 'ended');
    expect((await b.ask('call:get', { roomId })).call).toBeNull();
    // The rows follow the live state.
    await eventually(async () => {
      const rows = await server.db.query(
        `SELECT FROM calls c JOIN call_participants p ON p.call_id = c.id
         WHERE c.id = $1 AND c.ended_at IS NOT NULL AND p.left_at IS NOT NULL`,
        [callId],
      );
      expect(rows).toHaveLength(1);
    });
  });
}

describe('seats without a socket, in memory', () => seatsWithoutSocket(() => startApp()));

describeWithRedis('seats without a socket, in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  seatsWithoutSocket(() => startApp({ redis: redis.url }));

  it('that Redis has forgotten are noticed: their devices come back and take new ones', async () => {
    const server = await startApp({ redis: redis.url });
    const anna = await newUser(server);
    const { id: roomId } = await newRoom(anna);
    const socket = await TestSocket.connect(server.url, anna.rest.token);
    const { participantId, resumeKey } = await socket.ask('call:join', { roomId });
    const closed = socket.closed();
    const store = new Redis(redis.url);
    await store.flushall();
    store.disconnect();
    expect(await closed).toBe('transport close');
    const back = await TestSocket.connect(server.url, anna.rest.token);
    expect(await back.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
    expect(await back.ask('call:join', { roomId })).toMatchObject({ version: 1, participants: [] });
    back.close();
    await server.close();
  });
});
