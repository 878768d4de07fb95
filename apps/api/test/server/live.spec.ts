import { Logger } from '@nestjs/common';
import Redis from 'ioredis';
import { LeaseKeeper } from '../../src/platform/live/lease-keeper';
import type { Lease, Leases } from '../../src/platform/live/leases';
import type { Live } from '../../src/platform/live/live';
import type { LiveState } from '../../src/platform/live/live-state';
import { MemoryLive } from '../../src/platform/live/memory-live';
import { RedisLive } from '../../src/platform/live/redis-live';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';

interface Count {
  count: number;
}
interface Counted {
  by: string;
  count: number;
}

/** Two replicas of the same live state; in memory there is only one. */
interface Replicas {
  first: Live;
  second: Live;
  start: () => Promise<void>;
}

/** What every live state keeps to. */
function contract(open: () => Replicas): void {
  describe('state', () => {
    let states: LiveState<Count, Counted>[];
    let heard: Counted[][];
    const add = (state: LiveState<Count, Counted>, key: string, by: string) =>
      state.update(key, (now) => {
        const count = (now?.count ?? 0) + 1;
        return { next: { count }, events: [{ by, count }] };
      });

    beforeEach(async () => {
      const { first, second, start } = open();
      states = [first.state('counts'), ...(second === first ? [] : [second.state<Count, Counted>('counts')])];
      heard = states.map(() => []);
      states.forEach((state, i) => state.events.subscribe((event) => heard[i]!.push(event)));
      await start();
    });

    it('changes a value in atomic steps, and tells every replica of them in their order', async () => {
      const steps = Array.from({ length: 50 }, (_, i) => add(states[i % states.length]!, 'a', `step ${i}`));
      await Promise.all(steps);
      expect(await states[0]!.read('a')).toEqual({ count: 50 });
      await until(() => heard.every((events) => events.length === 50));
      for (const events of heard) expect(events.map((event) => event.count)).toEqual(steps.map((_, i) => i + 1));
      expect(heard[0]).toEqual(heard.at(-1));
    });

    it('keeps values by key, and lets them go', async () => {
      await add(states[0]!, 'b', 'me');
      expect(await states.at(-1)!.readMany(['b', 'nothing'])).toEqual([{ count: 1 }, undefined]);
      await states[0]!.update('b', () => ({ next: undefined, events: [] }));
      expect(await states.at(-1)!.read('b')).toBeUndefined();
      expect(await states[0]!.readMany([])).toEqual([]);
    });

    it('changes nothing when nothing is decided or the decision fails', async () => {
      const [state] = states as [LiveState<Count, Counted>];
      await add(state, 'c', 'me');
      expect(await state.update('c', () => undefined)).toBeUndefined();
      await expect(
        state.update('c', () => {
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await state.read('c')).toEqual({ count: 1 });
    });
  });

  describe('leases', () => {
    let leases: Leases;
    let other: Leases;
    const anna: Lease = { group: 'room', member: 'anna' };
    const boris: Lease = { group: 'room', member: 'boris' };
    const LONG = 60_000;
    const TTL = 300;

    beforeEach(() => {
      const { first, second } = open();
      leases = first.leases('seats');
      other = second === first ? leases : second.leases('seats');
    });
    afterEach(async () => {
      for (const lease of [anna, boris]) await leases.release(lease);
    });

    it('says who comes first and who goes last', async () => {
      expect(await leases.hold(anna, LONG)).toBe(true);
      expect(await other.hold(boris, LONG)).toBe(false);
      expect((await other.members(['room', 'empty'])).map((group) => group.sort())).toEqual([['anna', 'boris'], []]);
      expect(await leases.release(anna)).toBe(false);
      expect(await other.release(boris)).toBe(true);
      expect(await leases.members([])).toEqual([]);
    });

    it('does not count who has run out, and gives each end to one caller', async () => {
      await leases.hold(anna, 20);
      await leases.hold(boris, LONG);
      await until(async () => (await other.members(['room']))[0]!.length === 1);
      const taken = await Promise.all([leases, other, leases, other].map((each) => each.takeExpired(LONG, LONG)));
      expect(taken.flat()).toEqual([anna]);
    });

    it('gives an end out again if whoever took it did not release it', async () => {
      await leases.hold(anna, 10);
      await until(async () => (await leases.takeExpired(10, LONG)).length === 1);
      await until(async () => (await other.takeExpired(LONG, LONG)).length === 1);
    });

    it('gives holders time to renew when nobody has looked for a while', async () => {
      const [quiet, ttl] = [300, 100];
      await leases.takeExpired(LONG, quiet);
      for (const lease of [anna, boris]) await leases.hold(lease, ttl);
      const late = performance.now() + 1.5 * quiet;
      await until(() => performance.now() > late);
      const stillness = performance.now();
      expect(await other.takeExpired(LONG, quiet)).toEqual([]);
      await leases.renew([anna], LONG);
      let taken: Lease[] = [];
      await until(async () => (taken = await leases.takeExpired(LONG, quiet)).length > 0);
      expect(taken).toEqual([boris]);
      expect(performance.now() - stillness).toBeGreaterThan(0.9 * quiet);
    });

    it('lives on when it is renewed', async () => {
      await leases.hold(anna, 10);
      await leases.renew([anna, boris], LONG);
      await leases.renew([], LONG);
      expect((await other.members(['room']))[0]).toHaveLength(2);
      expect(await other.takeExpired(LONG, LONG)).toEqual([]);
    });

    it('is cleaned up after by a keeper with few others at once, though some fail', async () => {
      const many = Array.from({ length: 200 }, (_, i) => ({ group: `room-${i % 7}`, member: String(i) }));
      await leases.renew(many, 10);
      const done = new Set<string>();
      let [running, most] = [0, 0];
      const keeper = new LeaseKeeper(leases, {
        name: 'test',
        ttlMs: TTL,
        onExpired: async ({ member }) => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          const failed = !done.has(member) && Number(member) % 100 === 0;
          done.add(member);
          if (failed) throw new Error('not now');
        },
      });
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
      keeper.start();
      const groups = [...new Set(many.map(({ group }) => group))];
      await until(() => done.size === many.length);
      // Nothing is left for whoever looks next.
      await until(async () => (await leases.members(groups)).flat().length === 0 && running === 0);
      keeper.stop();
      logged.mockRestore();
      expect(most).toBe(10);
    });

    it('is kept by a keeper, and cleaned up after by another one when the first has died', async () => {
      const expired: Lease[] = [];
      const keepers = [leases, other].map(
        (each, i) =>
          new LeaseKeeper(each, {
            name: 'test',
            ttlMs: TTL,
            onExpired: (lease) => {
              expired.push({ ...lease, group: `${lease.group} by ${i}` });
              return Promise.resolve();
            },
          }),
      ) as [LeaseKeeper, LeaseKeeper];
      for (const keeper of keepers) keeper.start();
      await keepers[0].keep(anna);
      await keepers[1].keep(boris);
      // Long after the time that it was taken for.
      const late = performance.now() + 1.5 * TTL;
      await until(() => performance.now() > late);
      // After a standstill they may yet have to renew.
      await until(async () => (await leases.members(['room']))[0]!.length === 2);
      expect(expired).toEqual([]);
      keepers[0].stop();
      // In memory there is only one process, and it cannot die for itself.
      if (leases === other) keepers[0].forget(anna);
      await until(() => expired.length > 0);
      keepers[1].stop();
      expect(expired).toEqual([{ group: 'room by 1', member: 'anna' }]);
      await until(async () => (await leases.members(['room']))[0]!.length < 2);
    });
  });
}

/** Looks again until something holds; the test's own time-out is the end of it. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('in memory', () => {
  contract(() => {
    const live = new MemoryLive();
    return { first: live, second: live, start: () => Promise.resolve() };
  });
});

describeWithRedis('in Redis', () => {
  let server: TestRedis;
  const opened: { redis: Redis; live: RedisLive }[] = [];
  const connect = (): RedisLive => {
    const redis = new Redis(server.url);
    const live = new RedisLive(redis);
    opened.push({ redis, live });
    return live;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const { redis, live } of opened.splice(0)) {
      live.stop();
      await redis.flushall();
      redis.disconnect();
    }
  });
  afterAll(() => server.stop());

  contract(() => {
    const [first, second] = [connect(), connect()];
    return {
      first,
      second,
      start: async () => {
        await first.start();
        await second.start();
      },
    };
  });
});
