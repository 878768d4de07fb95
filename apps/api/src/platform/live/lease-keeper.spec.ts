import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type KeeperOptions, LeaseKeeper } from './lease-keeper';
import type { Lease, Leases } from './leases';
import { MemoryLive } from './memory-live';

const TTL = 15_000;
/** Within which time keepers notice that a lease has run out, in ms. */
const NOTICE = 1001;
const anna: Lease = { group: 'room', member: 'anna' };
const boris: Lease = { group: 'room', member: 'boris' };

let leases: Leases;
let keepers: LeaseKeeper[];
/** Whose leases were cleaned up after, and by which keeper. */
let expired: string[];

/** A keeper of a process: its own are those that it keeps. */
function newKeeper(name: string, onExpired: KeeperOptions['onExpired'] = () => Promise.resolve()): LeaseKeeper {
  const keeper = new LeaseKeeper(leases, {
    name,
    ttlMs: TTL,
    onExpired: async (lease) => {
      expired.push(`${lease.member} by ${name}`);
      await onExpired(lease);
    },
  });
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const living = async (group = 'room'): Promise<string[]> => (await leases.members([group]))[0] ?? [];

/** How far the clock of the store is ahead of the timers: by so much did nothing run. */
let stoodStill: number;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  [stoodStill, keepers, expired] = [0, [], []];
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + stoodStill);
  leases = new MemoryLive().leases();
});
afterEach(() => {
  for (const keeper of keepers) keeper.stop();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('a lease', () => {
  it('is kept for as long as its keeper lives, and each holder has their own', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    expect(await one.keep(anna)).toBe(true);
    expect(await two.keep(boris)).toBe(false);
    await pass(10 * TTL);
    expect(await living()).toEqual(['anna', 'boris']);
    expect(expired).toEqual([]);
  });

  it('of a keeper that died is cleaned up after by another one, once, when its term is over', async () => {
    const one = newKeeper('one');
    await one.keep(anna);
    const [two] = [newKeeper('two'), newKeeper('three')];
    await two.keep(boris);
    // Just renewed, it has its whole term left.
    await pass(TTL / 3);
    one.stop();
    await pass(TTL - 1);
    expect([await living(), expired]).toEqual([['anna', 'boris'], []]);
    await pass(NOTICE);
    expect([await living(), expired]).toEqual([['boris'], ['anna by two']]);
    await pass(10 * TTL);
    expect(expired).toHaveLength(1);
  });

  it('that is taken over by another keeper is kept by that one', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    await one.keep(anna);
    await two.keep(anna);
    one.forget(anna);
    await pass(10 * TTL);
    expect([await living(), expired]).toEqual([['anna'], []]);
    two.stop();
    await pass(TTL + NOTICE);
    expect([await living(), expired]).toEqual([[], ['anna by one']]);
  });

  it('that is abandoned runs out, unless somebody takes it', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    for (const lease of [anna, boris]) await one.keep(lease);
    for (const lease of [anna, boris]) await one.abandon(lease);
    await pass(TTL - 1);
    expect(await living()).toEqual(['anna', 'boris']);
    await two.keep(boris);
    await pass(NOTICE);
    expect([await living(), expired]).toEqual([['boris'], ['anna by one']]);
  });

  it('that is released is gone at once, and nobody cleans up after it', async () => {
    const one = newKeeper('one');
    for (const lease of [anna, boris]) await one.keep(lease);
    expect(await one.release(anna)).toBe(false);
    expect(await one.release(boris)).toBe(true);
    await pass(10 * TTL);
    expect([await living(), expired]).toEqual([[], []]);
  });

  it('that was taken anew while it was cleaned up after stays', async () => {
    const two = newKeeper('two', async (lease) => void (await leases.hold(lease, 10 * TTL)));
    await two.abandon(anna);
    await pass(TTL + NOTICE);
    expect([await living(), expired]).toEqual([['anna'], ['anna by two']]);
  });

  it('that could not be taken is not kept', async () => {
    const one = newKeeper('one');
    jest.spyOn(leases, 'hold').mockRejectedValueOnce(new Error('the store is away'));
    await expect(one.keep(anna)).rejects.toThrow('away');
    await pass(TTL);
    expect(await living()).toEqual([]);
  });

  it('that is taken once more is kept also when this fails', async () => {
    const one = newKeeper('one');
    await one.keep(anna);
    jest.spyOn(leases, 'hold').mockRejectedValueOnce(new Error('the store is away'));
    await expect(one.keep(anna)).rejects.toThrow('away');
    await pass(10 * TTL);
    expect(await living()).toEqual(['anna']);
  });
});

describe('after a standstill', () => {
  it('of all, holders have time to renew before anybody cleans up after them', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    await one.keep(anna);
    await leases.hold(boris, TTL);
    await pass(TTL / 3 - 1);
    stoodStill += 10 * TTL;
    expect(await living()).toEqual([]);
    await pass(TTL / 3);
    // The renewals were due, and nobody was ended for being late.
    expect([await living(), expired]).toEqual([['anna'], []]);
    await pass(TTL / 2);
    expect([await living(), expired]).toEqual([['anna'], ['boris by one']]);
    two.stop();
  });

  it('of the renewals alone, a keeper renews what it finds to be its own', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const one = newKeeper('one');
    await one.keep(anna);
    const renew = jest.spyOn(leases, 'renew').mockRejectedValue(new Error('the store takes no writes'));
    await pass(1.5 * TTL);
    expect(await living()).toEqual([]);
    renew.mockRestore();
    await pass(TTL);
    expect([await living(), expired]).toEqual([['anna'], []]);
    // What fails again and again is said once: the renewals, and the look at what has run out.
    expect(logged).toHaveBeenCalledTimes(2);
  });

  it('of the store, they are renewed as soon as it is back', async () => {
    const restored = new Subject<void>();
    Object.assign(leases, { restored });
    await newKeeper('one').keep(anna);
    stoodStill += 2 * TTL;
    restored.next();
    expect(await living()).toEqual(['anna']);
  });
});

describe('cleaning up', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ group: `room-${i % 7}`, member: String(i) }));
  const groups = [...new Set(many.map(({ group }) => group))];

  it('goes on with few others at once, and is done again for those of which it failed', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    let [running, most] = [0, 0];
    const done = new Set<string>();
    newKeeper('one', async ({ member }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      const failed = !done.has(member) && Number(member) % 100 === 0;
      done.add(member);
      if (failed) throw new Error('not now');
    });
    await leases.renew(many, 10);
    await pass(NOTICE);
    while (running > 0 || done.size < many.length) await pass(0);
    expect(expired).toHaveLength(many.length);
    expect(most).toBe(10);
    await pass(TTL + NOTICE);
    expect(expired).toHaveLength(many.length + 5);
    // Nothing is left for whoever looks next.
    expect((await leases.members(groups)).flat()).toEqual([]);
    await pass(10 * TTL);
    expect(expired).toHaveLength(many.length + 5);
    expect(logged).toHaveBeenCalledTimes(1);
  });

  it('that was begun by a keeper that died is done again by another one', async () => {
    const one = newKeeper('one', () => new Promise(() => undefined));
    await one.abandon(anna);
    await pass(TTL + NOTICE);
    one.stop();
    newKeeper('two');
    await pass(TTL + NOTICE);
    expect(expired).toEqual(['anna by one', 'anna by two']);
    await pass(10 * TTL);
    expect(expired).toHaveLength(2);
  });
});
