import { Logger } from '@nestjs/common';
import type * as Contracts from '@webcall/contracts';
import { type CallJoinedDto, type CommandAck, PROTOCOL_LIMITS } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import type * as Limits from '../../src/platform/throttling/limits';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import type * as LongWindows from '../support/faults/long-windows';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';

jest.mock('../../src/platform/throttling/limits', () => {
  const { forAnHour } = jest.requireActual<typeof LongWindows>('../support/faults/long-windows');
  return forAnHour(jest.requireActual<typeof Limits>('../../src/platform/throttling/limits'), /^(traffic|socket):/);
});

// A device that does not read answers no ping either, and must not lose its connection before it reads again.
jest.mock('@webcall/contracts', () => ({
  ...jest.requireActual<object>('@webcall/contracts'),
  ...({ SOCKET_HEARTBEAT: { interval: 600_000, timeout: 600_000 } } satisfies Partial<
    Record<keyof typeof Contracts, object>
  >),
}));

const BIG = 'x'.repeat(PROTOCOL_LIMITS.sdp.max);
const TEXT = 'x'.repeat(PROTOCOL_LIMITS.message.max);

/** Anna's server, and the server of Boris and Clara, with the usual limits and without. */
interface Servers {
  near: TestApp;
  far: TestApp;
  unlimited: { near: TestApp; far: TestApp };
}

const sockets: TestSocket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

/** A call of three users. */
class Scene {
  private constructor(
    readonly roomId: string,
    readonly people: readonly [TestUser, TestUser, TestUser],
    readonly at: { near: TestApp; far: TestApp },
    readonly sockets: readonly [TestSocket, TestSocket, TestSocket],
    readonly seats: readonly [CallJoinedDto, CallJoinedDto, CallJoinedDto],
  ) {}

  static async begin(at: { near: TestApp; far: TestApp }): Promise<Scene> {
    const people = (await Promise.all(['anna', 'boris', 'clara'].map((name) => newUser(at.near, name)))) as [
      TestUser,
      TestUser,
      TestUser,
    ];
    const [anna, boris, clara] = people;
    const { id: roomId } = await newRoom(anna);
    await bringIn(anna, roomId, boris);
    await bringIn(anna, roomId, clara);
    const a = await connect(anna, at.near);
    const [b, c] = [await connect(boris, at.far), await connect(clara, at.far)];
    const seats = [
      await a.ask('call:join', { roomId }),
      await b.ask('call:join', { roomId }),
      await c.ask('call:join', { roomId }),
    ] as const;
    return new Scene(roomId, people, at, [a, b, c], seats);
  }

  /** @returns the outcomes of signals that are sent all at once */
  async flood(from: TestSocket, to: number, count: number, signal: () => object): Promise<Outcomes> {
    const target = this.seats[to]!.participantId;
    const acks = Array.from({ length: count }, () =>
      from.send('signal:send', { to: target, id: randomUUID(), ...signal() }),
    );
    return outcomes(await Promise.all(acks));
  }
}

interface Outcomes {
  ok: number;
  refused: Record<string, number>;
  /** The waiting times in the refusals, in s. */
  waits: unknown[];
}

function outcomes(acks: readonly (CommandAck<object> | CommandAck<never>)[]): Outcomes {
  const all: Outcomes = { ok: 0, refused: {}, waits: [] };
  for (const ack of acks) {
    if (ack.ok) all.ok++;
    else {
      all.refused[ack.error.code] = (all.refused[ack.error.code] ?? 0) + 1;
      all.waits.push(ack.error.details?.['retryAfterSeconds']);
    }
  }
  return all;
}

async function connect(user: TestUser, { url }: TestApp): Promise<TestSocket> {
  const socket = await TestSocket.connect(url, user.rest.token);
  socket.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
  sockets.push(socket);
  return socket;
}

const offer = (): object => ({ description: { type: 'offer', sdp: BIG } });
const candidate = (): object => ({ candidate: { candidate: 'x'.repeat(PROTOCOL_LIMITS.candidate.max) } });

function attacks(servers: () => Servers): void {
  /** Expects that the device is still connected, answers and gets signals. */
  const unharmed = async ({ roomId, seats, sockets: [, b, c] }: Scene): Promise<void> => {
    expect(b.raw.connected).toBe(true);
    await b.ask('call:get', { roomId });
    const id = randomUUID();
    await c.ask('signal:send', { to: seats[1].participantId, id, candidate: { candidate: 'of clara' } });
    expect(b.events('signal:received').some((signal) => signal.id === id)).toBe(true);
  };

  it('a slow device gets no more signals and keeps its socket, and the sender is told to wait', async () => {
    const scene = await Scene.begin(servers().unlimited);
    const [a, b] = scene.sockets;
    b.read(false);
    const flood = scene.flood(a, 1, 200, offer);
    // A device that does not read acknowledges nothing; the refusals come all the same.
    await a.refusal('signal:send', { to: scene.seats[1].participantId, id: randomUUID(), ...offer() });
    b.read(true);
    const { refused, waits } = await flood;
    expect(refused['too_many_requests']).toBeGreaterThan(0);
    expect(waits.every((seconds) => seconds === undefined || seconds === 1)).toBe(true);
    await unharmed(scene);
    // Counted at the device: on a slow machine its acknowledgements may come too late for the sender.
    const received = b.events('signal:received').length - 1;
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(200);
  });

  it('the log names the sender', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const scene = await Scene.begin(servers());
    await scene.flood(scene.sockets[0], 1, 20, offer);
    const [anna, boris] = scene.people;
    expect(warn.mock.calls).toContainEqual([expect.objectContaining({ userId: anna.id, receiverId: boris.id })]);
    expect(warn.mock.calls.filter(([said]) => (said as { userId?: string }).userId === anna.id)).toHaveLength(1);
    expect(JSON.stringify(warn.mock.calls)).not.toContain('xxx');
    warn.mockRestore();
  });

  it('descriptions to one user are refused beyond the budget of the pair, and still reach others', async () => {
    const scene = await Scene.begin(servers());
    const [a] = scene.sockets;
    const { ok, refused } = await scene.flood(a, 1, 200, offer);
    expect(ok).toBe(Math.floor(LIMITS_BY_NAME['traffic:signals:pair'].limit / (BIG.length + 200)));
    expect(refused).toEqual({ too_many_requests: 200 - ok });
    expect(a.raw.connected).toBe(true);
    await unharmed(scene);
  });

  it('candidates count like descriptions, and another receiver does not renew the budget of their sender', async () => {
    const scene = await Scene.begin(servers());
    const [a] = scene.sockets;
    const first = await scene.flood(a, 1, 400, candidate);
    const second = await scene.flood(a, 2, 800, candidate);
    for (const { ok } of [first, second]) {
      expect(ok * PROTOCOL_LIMITS.candidate.max).toBeLessThanOrEqual(LIMITS_BY_NAME['traffic:signals:pair'].limit);
    }
    expect(second.refused['too_many_requests']).toBeGreaterThan(0);
    await unharmed(scene);
  });

  it('another device or another seat does not renew the budget of a pair', async () => {
    const scene = await Scene.begin(servers());
    const { roomId, people, at } = scene;
    const [a] = scene.sockets;
    await scene.flood(a, 1, 20, offer);
    await a.ask('call:leave', {});
    await a.ask('call:join', { roomId });
    expect((await scene.flood(a, 1, 5, offer)).ok).toBe(0);
    const [anna] = people;
    const { body } = await anna.rest.request('POST /auth/login', {
      body: { email: anna.email, password: anna.password },
    });
    const phone = await TestSocket.connect(at.far.url, body.accessToken);
    sockets.push(phone);
    await phone.ask('call:join', { roomId });
    expect((await scene.flood(phone, 1, 5, offer)).ok).toBe(0);
    await unharmed(scene);
  });

  it('long messages are refused beyond a budget of characters, new and edited ones together', async () => {
    const scene = await Scene.begin(servers());
    const { roomId } = scene;
    const [a, b] = scene.sockets;
    const most = LIMITS_BY_NAME['traffic:chat'].limit / TEXT.length;
    const sent = outcomes(
      await Promise.all(
        Array.from({ length: 100 }, () => a.send('chat:send', { roomId, id: randomUUID(), text: TEXT })),
      ),
    );
    expect(sent.ok).toBeLessThanOrEqual(most);
    expect(sent.refused).toEqual({ too_many_requests: 100 - sent.ok });
    await b.until(() => b.events('chat:posted').length === sent.ok);
    const { id } = b.events('chat:posted')[0]!;
    expect(await a.refusal('chat:edit', { roomId, id, text: TEXT })).toBe('too_many_requests');
    await b.ask('chat:send', { roomId, id: randomUUID(), text: 'And I?' });
    await unharmed(scene);
  });

  it.each([
    ['call:update', (): object => ({ media: { camera: Math.random() < 0.5 } })],
    ['call:hand', (): object => ({ raised: Math.random() < 0.5 })],
    ['chat:type', (roomId: string): object => ({ roomId })],
    ['presence:set', (): object => ({ away: Math.random() < 0.5 })],
  ] as const)('short news are refused when they come in a flood: %s', async (command, payload) => {
    const scene = await Scene.begin(servers());
    const [a] = scene.sockets;
    const acks = Array.from({ length: 300 }, () => a.send(command, payload(scene.roomId) as never));
    const { ok, refused } = outcomes(await Promise.all(acks));
    expect(ok).toBeLessThanOrEqual(60);
    expect(Object.keys(refused)).toEqual(['too_many_requests']);
    await unharmed(scene);
  });
}

describe('somebody who floods others, in memory', () => {
  let servers: Servers;
  beforeAll(async () => {
    const near = await startApp({ env: { THROTTLE_SCALE: '1' } });
    const unlimited = await startApp({ database: near.db });
    servers = { near, far: near, unlimited: { near: unlimited, far: unlimited } };
  });
  afterAll(async () => {
    await servers.unlimited.near.close();
    await servers.near.close();
  });
  attacks(() => servers);
});

describeWithRedis('somebody who floods others, at two servers on one Redis', () => {
  let redis: TestRedis;
  let unlimitedRedis: TestRedis;
  let servers: Servers;
  beforeAll(async () => {
    [redis, unlimitedRedis] = await Promise.all([startRedis(), startRedis()]);
    const env = { THROTTLE_SCALE: '1' };
    const near = await startApp({ redis: redis.url, env });
    const far = await startApp({ redis: redis.url, database: near.db, env });
    const unlimited = {
      near: await startApp({ redis: unlimitedRedis.url, database: near.db }),
      far: await startApp({ redis: unlimitedRedis.url, database: near.db }),
    };
    servers = { near, far, unlimited };
  });
  afterAll(async () => {
    const { near, far, unlimited } = servers;
    for (const app of [unlimited.far, unlimited.near, far, near]) await app.close();
    await Promise.all([redis.stop(), unlimitedRedis.stop()]);
  });
  attacks(() => servers);
});
