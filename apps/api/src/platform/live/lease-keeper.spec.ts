import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper';
import { idKey } from './lease-keys';
import type { Leases, StoredLease } from './leases';
import { MemoryLiveStore } from './memory-live-store';
import { TypedLeases } from './typed-leases';

type Keeper = LeaseKeeper<string, string>;
type OnExpired = LeaseKeeperOptions<string, string>['onExpired'];

const TTL = 15_000;
/** Within which time keepers notice an expired lease, in ms. */
const NOTICE = 1001;
const anna: StoredLease = { group: 'room', member: 'anna' };
const boris: StoredLease = { group: 'room', member: 'boris' };

let leases: Leases;
let keepers: Keeper[];
/** The leases that were cleaned up, each with the keeper that did it. */
let expired: string[];

/** Starts a keeper that stands for one process. */
function newKeeper(name: string, onExpired: OnExpired = () => Promise.resolve()): Keeper {
  const kind = { name: 'seats', group: idKey, member: idKey };
  const keeper = new LeaseKeeper(new TypedLeases(kind, leases, { inc: () => undefined }), {
    ttlMs: TTL,
    onExpired: async (lease) => {
      expired.push(`${lease.member} by ${name}`);
      await onExpired(lease);
    },
  });
  keepers.push(keeper);
  keeper.startLeaseTimers();
  return keeper;
}

const advanceTime = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const living = async (group = 'room'): Promise<string[]> => (await leases.listLivingMembers([group]))[0] ?? [];

/** How far the clock of the store is ahead of the timers, which is how long nothing ran. */
let standstillMs: number;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  [standstillMs, keepers, expired] = [0, [], []];
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + standstillMs);
  leases = new MemoryLiveStore().createLeases();
});
afterEach(() => {
  for (const keeper of keepers) void keeper.stopLeaseTimers();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('a lease', () => {
  it('is kept while its keeper lives, and each holder has a lease of their own', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    expect(await one.keepLeaseRenewed(anna)).toBe(true);
    expect(await two.keepLeaseRenewed(boris)).toBe(false);
    await advanceTime(10 * TTL);
    expect(await living()).toEqual(['anna', 'boris']);
    expect(expired).toEqual([]);
  });

  it('of a dead keeper is cleaned up once by another keeper when it expires', async () => {
    const one = newKeeper('one');
    await one.keepLeaseRenewed(anna);
    const [two] = [newKeeper('two'), newKeeper('three')];
    await two.keepLeaseRenewed(boris);
    // It was just renewed, so its whole term is left.
    await advanceTime(TTL / 3);
    void one.stopLeaseTimers();
    await advanceTime(TTL - 1);
    expect([await living(), expired]).toEqual([['anna', 'boris'], []]);
    await advanceTime(NOTICE);
    expect([await living(), expired]).toEqual([['boris'], ['anna by two']]);
    await advanceTime(10 * TTL);
    expect(expired).toHaveLength(1);
  });

  it('that another keeper takes over is kept by that keeper', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    await one.keepLeaseRenewed(anna);
    await two.keepLeaseRenewed(anna);
    one.stopRenewing(anna);
    await advanceTime(10 * TTL);
    expect([await living(), expired]).toEqual([['anna'], []]);
    void two.stopLeaseTimers();
    await advanceTime(TTL + NOTICE);
    expect([await living(), expired]).toEqual([[], ['anna by one']]);
  });

  it('that is abandoned expires, unless another keeper takes it', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    for (const lease of [anna, boris]) await one.keepLeaseRenewed(lease);
    for (const lease of [anna, boris]) await one.holdLeaseForOneTerm(lease);
    await advanceTime(TTL - 1);
    expect(await living()).toEqual(['anna', 'boris']);
    await two.keepLeaseRenewed(boris);
    await advanceTime(NOTICE);
    expect([await living(), expired]).toEqual([['boris'], ['anna by one']]);
  });

  it('that is released ends at once, without a clean-up', async () => {
    const one = newKeeper('one');
    for (const lease of [anna, boris]) await one.keepLeaseRenewed(lease);
    expect(await one.releaseKeptLease(anna)).toBe(false);
    expect(await one.releaseKeptLease(boris)).toBe(true);
    await advanceTime(10 * TTL);
    expect([await living(), expired]).toEqual([[], []]);
  });

  it('that is taken again during its clean-up stays', async () => {
    const two = newKeeper('two', async (lease) => void (await leases.acquireLease(lease, 10 * TTL)));
    await two.holdLeaseForOneTerm(anna);
    await advanceTime(TTL + NOTICE);
    expect([await living(), expired]).toEqual([['anna'], ['anna by two']]);
  });

  it('that could not be taken is not renewed', async () => {
    const one = newKeeper('one');
    jest.spyOn(leases, 'acquireLease').mockRejectedValueOnce(new Error('the store is away'));
    await expect(one.keepLeaseRenewed(anna)).rejects.toThrow('away');
    await advanceTime(TTL);
    expect(await living()).toEqual([]);
  });

  it('that is kept stays so if taking it again fails', async () => {
    const one = newKeeper('one');
    await one.keepLeaseRenewed(anna);
    jest.spyOn(leases, 'acquireLease').mockRejectedValueOnce(new Error('the store is away'));
    await expect(one.keepLeaseRenewed(anna)).rejects.toThrow('away');
    await advanceTime(10 * TTL);
    expect(await living()).toEqual(['anna']);
  });
});

describe('after a standstill', () => {
  it('of all processes, holders have time to renew before their leases are cleaned up', async () => {
    const [one, two] = [newKeeper('one'), newKeeper('two')];
    await one.keepLeaseRenewed(anna);
    await leases.acquireLease(boris, TTL);
    await advanceTime(TTL / 3 - 1);
    standstillMs += 10 * TTL;
    expect(await living()).toEqual([]);
    await advanceTime(TTL / 3);
    // The renewals were due, and no lease was cleaned up although all had expired.
    expect([await living(), expired]).toEqual([['anna'], []]);
    await advanceTime(TTL / 2);
    expect([await living(), expired]).toEqual([['anna'], ['boris by one']]);
    void two.stopLeaseTimers();
  });

  it('of the renewals alone, a keeper renews its own expired leases', async () => {
    const logged = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const one = newKeeper('one');
    await one.keepLeaseRenewed(anna);
    const renew = jest.spyOn(leases, 'acquireLeases').mockRejectedValue(new Error('the store takes no writes'));
    await advanceTime(1.5 * TTL);
    expect(await living()).toEqual([]);
    renew.mockRestore();
    await advanceTime(TTL);
    expect([await living(), expired]).toEqual([['anna'], []]);
    // Repeated failures are logged once: one for the renewals, and one for the check of expired leases.
    expect(logged).toHaveBeenCalledTimes(2);
  });

  it('of the store, leases are renewed as soon as it is back', async () => {
    const restored = new Subject<void>();
    Object.assign(leases, { restored });
    await newKeeper('one').keepLeaseRenewed(anna);
    standstillMs += 2 * TTL;
    restored.next();
    expect(await living()).toEqual(['anna']);
  });
});

describe('cleaning up', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ group: `room-${i % 7}`, member: String(i) }));
  const groups = [...new Set(many.map(({ group }) => group))];

  it('handles few leases at once, and is repeated for those that failed', async () => {
    const logged = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
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
    await leases.acquireLeases(many, 10);
    await advanceTime(NOTICE);
    while (running > 0 || done.size < many.length) await advanceTime(0);
    expect(expired).toHaveLength(many.length);
    expect(most).toBe(10);
    await advanceTime(TTL + NOTICE);
    expect(expired).toHaveLength(many.length + 5);
    // No lease is left.
    expect((await leases.listLivingMembers(groups)).flat()).toEqual([]);
    await advanceTime(10 * TTL);
    expect(expired).toHaveLength(many.length + 5);
    expect(logged).toHaveBeenCalledTimes(1);
  });

  it('that a dead keeper began is repeated by another keeper', async () => {
    const one = newKeeper('one', () => new Promise(() => undefined));
    await one.holdLeaseForOneTerm(anna);
    await advanceTime(TTL + NOTICE);
    void one.stopLeaseTimers();
    newKeeper('two');
    await advanceTime(TTL + NOTICE);
    expect(expired).toEqual(['anna by one', 'anna by two']);
    await advanceTime(10 * TTL);
    expect(expired).toHaveLength(2);
  });
});
