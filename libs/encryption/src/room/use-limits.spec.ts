import { MemoryStore } from '../testing/memory-room';
import { type LimitedUse, UseLimits } from './use-limits';

const SECOND = 1000;
const HOUR = 3_600 * SECOND;

let [now, store]: [number, MemoryStore] = [0, new MemoryStore()];
const limits = (): UseLimits => new UseLimits(store, () => now);
const times = async (count: number, use: LimitedUse): Promise<number> => {
  let allowed = 0;
  for (let i = 0; i < count; i++) if (await limits().tryUse(use)) allowed++;
  return allowed;
};

beforeEach(() => {
  [now, store] = [1_000_000, new MemoryStore()];
});

describe('a device', () => {
  it('commits ten times a minute, in all rooms together', async () => {
    expect(await times(12, 'commit')).toBe(10);
    now += 59 * SECOND;
    expect(await times(1, 'commit')).toBe(0);
    now += SECOND;
    expect(await times(12, 'commit')).toBe(10);
  });

  it('sets up a group anew once an hour', async () => {
    expect(await times(2, 'regroup')).toBe(1);
    now += HOUR - 1;
    expect(await times(1, 'regroup')).toBe(0);
    now += 1;
    expect(await times(2, 'regroup')).toBe(1);
  });

  it('counts what all its tabs do at once', async () => {
    const allowed = await Promise.all(Array.from({ length: 15 }, () => limits().tryUse('commit')));
    expect(allowed.filter((one) => one)).toHaveLength(10);
  });

  it('is not stopped by what a clock that was ahead has counted', async () => {
    now += 1000 * HOUR;
    expect(await times(1, 'regroup')).toBe(1);
    now -= 1000 * HOUR;
    expect(await times(1, 'regroup')).toBe(1);
  });

  it('keeps no more than it has to count', async () => {
    await times(10, 'commit');
    now += HOUR;
    await times(1, 'commit');
    expect((await store.readUses()).uses).toHaveLength(1);
  });
});
