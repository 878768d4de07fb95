import { Logger } from '@nestjs/common';
import Redis from 'ioredis';
import { LeaseKeeper } from '../../src/platform/live/lease-keeper';
import { idKey } from '../../src/platform/live/lease-keys';
import type { Leases, StoredLease } from '../../src/platform/live/leases';
import { type LiveFormat, UnreadableLiveValue } from '../../src/platform/live/live-format';
import type { LiveState } from '../../src/platform/live/live-state';
import type { LiveStore } from '../../src/platform/live/live-store';
import { MemoryLiveStore } from '../../src/platform/live/memory-live-store';
import { RedisLiveStore } from '../../src/platform/live/redis-live-store';
import { TypedLeases } from '../../src/platform/live/typed-leases';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';

interface Count {
  count: number;
}
interface Counted {
  by: string;
  count: number;
}

/** How three releases, one after the other, store a count: the last one by another name. */
const FIRST_RELEASE: LiveFormat<Count> = {
  writesVersion: 1,
  readsUpTo: 1,
  encode: (value) => value,
  decode: (stored) => ('count' in stored ? (stored as Count) : undefined),
};
const SECOND_RELEASE: LiveFormat<Count> = {
  ...FIRST_RELEASE,
  readsUpTo: 2,
  decode: (stored, version) =>
    version === 1 ? FIRST_RELEASE.decode(stored, 1) : { count: (stored as { sum: number }).sum },
};
const THIRD_RELEASE: LiveFormat<Count> = {
  ...SECOND_RELEASE,
  writesVersion: 2,
  encode: ({ count }) => ({ sum: count }),
};

/** Two replicas of the same live state; in memory there is only one. */
interface Replicas {
  first: LiveStore;
  second: LiveStore;
  start: () => Promise<void>;
}

/** Declares the tests for every live store. */
function contract(open: () => Replicas): void {
  describe('state', () => {
    let states: LiveState<Count, Counted>[];
    let received: Counted[][];
    const add = (state: LiveState<Count, Counted>, key: string, by: string) =>
      state.updateAtomically(key, (now) => {
        const count = (now?.count ?? 0) + 1;
        return { next: { count }, events: [{ by, count }] };
      });

    beforeEach(async () => {
      const { first: one, second: two, start } = open();
      states = [
        one.createLiveState('counts', FIRST_RELEASE),
        ...(two === one ? [] : [two.createLiveState<Count, Counted>('counts', FIRST_RELEASE)]),
      ];
      received = states.map(() => []);
      states.forEach((state, i) => state.events.subscribe((event) => received[i]!.push(event)));
      await start();
    });

    it('changes a value in atomic steps, and sends every replica their events in order', async () => {
      const steps = Array.from({ length: 50 }, (_, i) => add(states[i % states.length]!, 'a', `step ${i}`));
      await Promise.all(steps);
      expect(await states[0]!.readLiveValue('a')).toEqual({ count: 50 });
      await until(() => received.every((events) => events.length === 50));
      for (const events of received) expect(events.map((event) => event.count)).toEqual(steps.map((_, i) => i + 1));
      expect(received[0]).toEqual(received.at(-1));
    });

    it('stores values by key, and deletes them', async () => {
      await add(states[0]!, 'b', 'me');
      expect(await states.at(-1)!.readLiveValues(['b', 'nothing'])).toEqual([{ count: 1 }, undefined]);
      await states[0]!.updateAtomically('b', () => ({ next: undefined, events: [] }));
      expect(await states.at(-1)!.readLiveValue('b')).toBeUndefined();
      expect(await states[0]!.readLiveValues([])).toEqual([]);
    });

    it('changes nothing when the decision returns nothing or fails', async () => {
      const [state] = states as [LiveState<Count, Counted>];
      await add(state, 'c', 'me');
      expect(await state.updateAtomically('c', () => undefined)).toBeUndefined();
      await expect(
        state.updateAtomically('c', () => {
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await state.readLiveValue('c')).toEqual({ count: 1 });
    });
  });

  describe('state of several releases', () => {
    const openStates = (older: LiveFormat<Count>, newer: LiveFormat<Count>) => {
      const { first: one, second: two } = open();
      return [
        one.createLiveState<Count, Counted>('counts', older),
        two.createLiveState<Count, Counted>('counts', newer),
      ] as const;
    };
    const add = (state: LiveState<Count, Counted>) =>
      state.updateAtomically('a', (now) => ({ next: { count: (now?.count ?? 0) + 1 }, events: [] }));

    it.each([
      ['the first and the second', FIRST_RELEASE, SECOND_RELEASE],
      ['the second and the third', SECOND_RELEASE, THIRD_RELEASE],
    ])('is read and changed by both: %s', async (_, older, newer) => {
      const states = openStates(older, newer);
      for (const state of [...states, ...states]) await add(state);
      for (const state of states) expect(await state.readLiveValue('a')).toEqual({ count: 4 });
    });

    it('is left alone by a release that does not understand it, which says so once', async () => {
      const [older, newer] = openStates(FIRST_RELEASE, THIRD_RELEASE);
      const said: unknown[] = [];
      older.unreadable.subscribe((value) => said.push(value));
      await add(newer);
      const change = jest.fn(() => ({ next: undefined, events: [] }));
      await expect(older.updateAtomically('a', change)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(older.readLiveValue('a')).rejects.toMatchObject({ code: 'unavailable' });
      expect(await older.readLiveValues(['a', 'nothing'])).toEqual([expect.any(UnreadableLiveValue), undefined]);
      expect(change).not.toHaveBeenCalled();
      expect(said).toMatchObject([{ key: 'a', version: 2 }]);
      await add(newer);
      expect(await newer.readLiveValue('a')).toEqual({ count: 2 });

      await newer.updateAtomically('a', () => ({ next: undefined, events: [] }));
      await add(older);
      await newer.updateAtomically('a', () => ({ next: { count: 1 }, events: [] }));
      await expect(add(older)).rejects.toThrow();
      expect(said).toHaveLength(2);
    });

    it('is left alone when it has another shape than its version', async () => {
      const [right, wrong] = openStates(FIRST_RELEASE, { ...FIRST_RELEASE, encode: () => ({ sum: 1 }) });
      await add(wrong);
      await expect(add(right)).rejects.toMatchObject({ code: 'unavailable', version: 1 });
    });
  });

  describe('leases', () => {
    let leases: Leases;
    let other: Leases;
    const anna: StoredLease = { group: 'room', member: 'anna' };
    const boris: StoredLease = { group: 'room', member: 'boris' };
    const LONG = 60_000;
    const TTL = 300;
    const typed = (stored: Leases) =>
      new TypedLeases({ name: 'seats', group: idKey, member: idKey }, stored, { inc: () => undefined });

    beforeEach(() => {
      const { first, second } = open();
      leases = first.createLeases('seats');
      other = second === first ? leases : second.createLeases('seats');
    });
    afterEach(async () => {
      for (const lease of [anna, boris]) await leases.releaseLease(lease);
    });

    it('returns whether an acquired lease is the first of its group, and a released one the last', async () => {
      expect(await leases.acquireLease(anna, LONG)).toBe(true);
      expect(await other.acquireLease(boris, LONG)).toBe(false);
      expect((await other.listLivingMembers(['room', 'empty'])).map((group) => group.sort())).toEqual([
        ['anna', 'boris'],
        [],
      ]);
      expect(await leases.releaseLease(anna)).toBe(false);
      expect(await other.releaseLease(boris)).toBe(true);
      expect(await leases.listLivingMembers([])).toEqual([]);
    });

    it('does not list expired leases, and lets one caller claim each of them', async () => {
      await leases.acquireLease(anna, 20);
      await leases.acquireLease(boris, LONG);
      await until(async () => (await other.listLivingMembers(['room']))[0]!.length === 1);
      const taken = await Promise.all(
        [leases, other, leases, other].map((each) => each.claimExpiredLeases(LONG, LONG)),
      );
      expect(taken.flat()).toEqual([anna]);
    });

    it('lets an expired lease be claimed again if it was not released', async () => {
      await leases.acquireLease(anna, 10);
      await until(async () => (await leases.claimExpiredLeases(10, LONG)).length === 1);
      await until(async () => (await other.claimExpiredLeases(LONG, LONG)).length === 1);
    });

    it('gives holders time to renew when nobody has claimed leases for a while', async () => {
      const [quiet, ttl] = [300, 100];
      await leases.claimExpiredLeases(LONG, quiet);
      for (const lease of [anna, boris]) await leases.acquireLease(lease, ttl);
      const late = performance.now() + 1.5 * quiet;
      await until(() => performance.now() > late);
      const stillness = performance.now();
      expect(await other.claimExpiredLeases(LONG, quiet)).toEqual([]);
      await leases.acquireLeases([anna], LONG);
      let taken: StoredLease[] = [];
      await until(async () => (taken = await leases.claimExpiredLeases(LONG, quiet)).length > 0);
      expect(taken).toEqual([boris]);
      expect(performance.now() - stillness).toBeGreaterThan(0.9 * quiet);
    });

    it('does not expire when it is renewed', async () => {
      await leases.acquireLease(anna, 10);
      await leases.acquireLeases([anna, boris], LONG);
      await leases.acquireLeases([], LONG);
      expect((await other.listLivingMembers(['room']))[0]).toHaveLength(2);
      expect(await other.claimExpiredLeases(LONG, LONG)).toEqual([]);
    });

    it('is cleaned up by a keeper, a few at once, even when some clean-ups fail', async () => {
      const many = Array.from({ length: 200 }, (_, i) => ({ group: `room-${i % 7}`, member: String(i) }));
      await leases.acquireLeases(many, 10);
      const done = new Set<string>();
      let [running, most] = [0, 0];
      const keeper = new LeaseKeeper(typed(leases), {
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
      const logged = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      keeper.startLeaseTimers();
      const groups = [...new Set(many.map(({ group }) => group))];
      await until(() => done.size === many.length);
      // Nothing is left for later claims.
      await until(async () => (await leases.listLivingMembers(groups)).flat().length === 0 && running === 0);
      await keeper.stopLeaseTimers();
      logged.mockRestore();
      expect(most).toBe(10);
    });

    it('is renewed by its keeper, and cleaned up by another one when the first has died', async () => {
      const expired: StoredLease[] = [];
      const keepers = [leases, other].map(
        (each, i) =>
          new LeaseKeeper(typed(each), {
            ttlMs: TTL,
            onExpired: (lease) => {
              expired.push({ ...lease, group: `${lease.group} by ${i}` });
              return Promise.resolve();
            },
          }),
      ) as [LeaseKeeper<string, string>, LeaseKeeper<string, string>];
      for (const keeper of keepers) keeper.startLeaseTimers();
      await keepers[0].keepLeaseRenewed(anna);
      await keepers[1].keepLeaseRenewed(boris);
      // Long after the original term of the lease.
      const late = performance.now() + 1.5 * TTL;
      await until(() => performance.now() > late);
      // After a pause of the machine the keepers may still have to renew.
      await until(async () => (await leases.listLivingMembers(['room']))[0]!.length === 2);
      expect(expired).toEqual([]);
      await keepers[0].stopLeaseTimers();
      // In memory both keepers share one process, so the death of the first is simulated.
      if (leases === other) keepers[0].stopRenewing(anna);
      await until(() => expired.length > 0);
      await keepers[1].stopLeaseTimers();
      expect(expired).toEqual([{ group: 'room by 1', member: 'anna' }]);
      await until(async () => (await leases.listLivingMembers(['room']))[0]!.length < 2);
    });
  });
}

/** Checks again until the condition holds; the test's own time-out ends it otherwise. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('in memory', () => {
  contract(() => {
    const live = new MemoryLiveStore();
    return { first: live, second: live, start: () => Promise.resolve() };
  });
});

describeWithRedis('in Redis', () => {
  let server: TestRedis;
  const opened: { redis: Redis; live: RedisLiveStore }[] = [];
  const connect = (): RedisLiveStore => {
    const redis = new Redis(server.url);
    const live = new RedisLiveStore(redis);
    opened.push({ redis, live });
    return live;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const { redis, live } of opened.splice(0)) {
      live.stopEventFeeds();
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
        await first.startEventFeeds();
        await second.startEventFeeds();
      },
    };
  });

  it('reads values from before they had versions, and a release without versions reads what is written', async () => {
    const state = connect().createLiveState<Count, Counted>('counts', FIRST_RELEASE);
    const { redis } = opened[0]!;
    const key = 'webcall:live:counts:of:a';
    await redis.set(key, '{"count":7}');
    expect(await state.readLiveValue('a')).toEqual({ count: 7 });
    await state.updateAtomically('a', () => ({ next: { count: 8 }, events: [{ by: 'me', count: 8 }] }));
    expect(JSON.parse((await redis.get(key))!)).toMatchObject({ count: 8 });
    const [[, fields]] = (await redis.xrange('webcall:live:counts:feed', '-', '+')) as [[string, string[]]];
    expect(fields.slice(0, 2)).toEqual(['event', '{"by":"me","count":8}']);
  });

  it('emits events from before they had versions, and none of a newer release', async () => {
    const [older, newer] = [connect(), connect()];
    const state = older.createLiveState<Count, Counted>('counts', FIRST_RELEASE);
    const received: Counted[] = [];
    const said: unknown[] = [];
    state.events.subscribe((event) => received.push(event));
    state.unreadable.subscribe((value) => said.push(value));
    await older.startEventFeeds();
    const next = newer.createLiveState<Count, Counted>('counts', THIRD_RELEASE);
    await next.updateAtomically('a', () => ({ next: { count: 1 }, events: [{ by: 'newer', count: 1 }] }));
    await opened[0]!.redis.xadd('webcall:live:counts:feed', '*', 'event', '{"by":"oldest","count":1}');
    await until(() => received.length > 0);
    expect(received).toEqual([{ by: 'oldest', count: 1 }]);
    expect(said).toMatchObject([{ version: 2 }]);
  });
});
