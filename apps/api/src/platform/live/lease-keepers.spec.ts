import { Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { LeaseKeepers } from './lease-keepers';
import { idKey, idsKey, type LeaseKind } from './lease-keys';
import type { Leases } from './leases';
import { MemoryLiveStore } from './memory-live-store';

const TTL = 15_000;
/** Within which time keepers notice an expired lease, in ms. */
const NOTICE = 1001;
const KNOCKS: LeaseKind<string, { knock: string; socket: string }> = {
  name: 'knocks',
  group: idKey,
  member: idsKey('knock', 'socket'),
};
const anna = { group: 'room', member: { knock: 'anna', socket: '1' } };

let stored: Leases;
let keepers: LeaseKeepers;
let unreadable: jest.Mock;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const live = new MemoryLiveStore();
  stored = live.createLeases();
  jest.spyOn(live, 'createLeases').mockReturnValue(stored);
  unreadable = jest.fn();
  keepers = new LeaseKeepers(live, { inc: unreadable } as unknown as Counter);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const advanceTime = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

it('run all keepers from the start of the application until it shuts down', async () => {
  const expired = jest.fn(() => Promise.resolve());
  const leases = keepers.createLeases(KNOCKS);
  const keeper = keepers.createKeeper(leases, { ttlMs: TTL, onExpired: expired });
  await keeper.keepLeaseRenewed(anna);
  await advanceTime(TTL);
  expect(await leases.listLivingMembers(['room'])).toEqual([[]]);
  keepers.onApplicationBootstrap();
  await advanceTime(10 * TTL);
  expect(await leases.listLivingMembers(['room'])).toEqual([[anna.member]]);
  await keepers.beforeApplicationShutdown();
  await advanceTime(2 * TTL);
  expect([await leases.listLivingMembers(['room']), expired.mock.calls]).toEqual([[[]], []]);
  expect(jest.getTimerCount()).toBe(0);
});

it('have the shutdown wait for the clean-up that is running', async () => {
  let finish: () => void = () => undefined;
  const onExpired = (): Promise<void> => new Promise((resolve) => (finish = resolve));
  const keeper = keepers.createKeeper(keepers.createLeases(KNOCKS), { ttlMs: TTL, onExpired });
  keepers.onApplicationBootstrap();
  await keeper.holdLeaseForOneTerm(anna);
  await advanceTime(TTL + NOTICE);
  let stopped = false;
  const stop = keepers.beforeApplicationShutdown().then(() => (stopped = true));
  await advanceTime(TTL);
  expect(stopped).toBe(false);
  finish();
  await stop;
  expect(await stored.listLivingMembers(['room'])).toEqual([[]]);
});

it('refuse a second set of the same leases, which in memory would be another one', () => {
  keepers.createLeases(KNOCKS);
  expect(() => keepers.createLeases(KNOCKS)).toThrow('knocks exist already');
});

describe('a key that cannot be read', () => {
  it('is counted and passed over, logged once, and its lease stays for a version that can read it', async () => {
    const logged = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const expired: string[] = [];
    const leases = keepers.createLeases(KNOCKS);
    keepers.createKeeper(leases, {
      ttlMs: TTL,
      onExpired: async ({ member }) => void expired.push(member.knock),
    });
    keepers.onApplicationBootstrap();
    const foreign = { group: 'room', member: 'boris of a newer version' };
    await stored.acquireLeases([foreign, { group: 'room', member: 'anna 1' }], TTL);
    expect(await leases.listLivingMembers(['room'])).toEqual([[anna.member]]);
    expect(unreadable.mock.calls).toEqual([[{ leases: 'knocks' }]]);
    await advanceTime(TTL + NOTICE);
    expect([expired, unreadable.mock.calls.length]).toEqual([['anna'], 2]);
    // It is handed out again, to whichever replica asks then.
    await advanceTime(TTL + NOTICE);
    expect([expired, unreadable.mock.calls.length]).toEqual([['anna'], 3]);
    expect(logged.mock.calls).toEqual([
      [{ leases: 'knocks', key: foreign.member, msg: 'the key of a lease cannot be read' }],
    ]);
    await keepers.beforeApplicationShutdown();
    await advanceTime(TTL);
    expect(await stored.claimExpiredLeases(TTL, 100 * TTL)).toEqual([foreign]);
  });
});
