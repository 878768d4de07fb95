import fc from 'fast-check';
import { FairQueue, type Turn } from './fair-queue';

const MS = 250;
const PATIENCE = 4000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A queue whose work takes `MS`, and what has been done in it, by name. */
function open(atOnce = 1) {
  const queue = new FairQueue(atOnce, PATIENCE);
  const done: string[] = [];
  const waits = new Map<string, number>();
  let running = 0;
  const ask = async (name: string, turn: Omit<Turn, 'key'> & { key?: string } = { lane: 'a' }): Promise<void> => {
    const start = performance.now();
    const work = async (): Promise<void> => {
      waits.set(name, performance.now() - start);
      expect(++running).toBeLessThanOrEqual(atOnce);
      await new Promise((resolve) => setTimeout(resolve, MS));
      running--;
      done.push(name);
    };
    await queue.run({ key: name, ...turn }, work).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'too_busy', details: { retryAfterSeconds: expect.any(Number) } });
      done.push(`${name} was turned away`);
    });
  };
  return { queue, done, waits, ask };
}

const crowd = (size: number, ask: (name: string) => Promise<void>, name = 'crowd'): void => {
  for (let i = 1; i <= size; i++) void ask(`${name} ${i}`);
};

/** As after the first password, whose hashing tells how long it takes. */
async function measured(atOnce = 1): Promise<ReturnType<typeof open>> {
  const opened = open(atOnce);
  void opened.ask('first');
  await jest.advanceTimersByTimeAsync(MS);
  opened.done.pop();
  return opened;
}

it('runs a few at once and the others in the order in which they came', async () => {
  const { done, ask } = open(2);
  for (const name of ['1', '2', '3', '4', '5']) void ask(name);
  await jest.advanceTimersByTimeAsync(MS);
  expect(done).toEqual(['1', '2']);
  await jest.advanceTimersByTimeAsync(MS);
  expect(done).toEqual(['1', '2', '3', '4']);
  await jest.runAllTimersAsync();
  expect(done).toHaveLength(5);
});

it('goes on after work that failed', async () => {
  const { queue, done, ask } = open();
  const failing = queue.run({ lane: 'a', key: 'x' }, () => Promise.reject(new Error('failed')));
  void ask('next');
  await expect(failing).rejects.toThrow('failed');
  await jest.runAllTimersAsync();
  expect(done).toEqual(['next']);
});

it('serves those in one lane in turn, whatever the number of their requests', async () => {
  const { done, ask } = await measured();
  for (const key of ['one', 'two']) crowd(6, (name) => ask(name, { lane: 'a', key }), key);
  void ask('anna');
  await jest.advanceTimersByTimeAsync(4 * MS);
  expect(done).toEqual(['one 1', 'two 1', 'anna', 'one 2']);
  await jest.advanceTimersByTimeAsync(2 * MS);
  expect(done.slice(4)).toEqual(['two 2', 'one 3']);
});

it('serves the lanes in turn, whatever the number of those who wait in one', async () => {
  const { done, ask } = await measured();
  crowd(12, (name) => ask(name, { lane: 'doubted' }));
  void ask('anna', { lane: 'sign-in' });
  void ask('boris', { lane: 'account' });
  await jest.advanceTimersByTimeAsync(4 * MS);
  expect(done).toEqual(['crowd 1', 'crowd 2', 'anna', 'boris']);
});

it('lets nobody wait in vain: who would not be served in time is turned away at once', async () => {
  const { done, ask } = await measured();
  crowd(1 + PATIENCE / MS + 3, (name) => ask(name, { lane: 'a', key: 'crowd' }));
  await jest.advanceTimersByTimeAsync(0);
  expect(done).toEqual([18, 19, 20].map((i) => `crowd ${i} was turned away`));
  void ask('anna');
  await jest.runAllTimersAsync();
  expect(done.slice(3, 5)).toEqual(['crowd 1', 'anna']);
});

it('turns away whoever has waited too long', async () => {
  const { queue, done, ask } = open();
  void queue.run({ lane: 'a', key: 'slow' }, () => new Promise<void>((resolve) => setTimeout(resolve, 3 * PATIENCE)));
  void ask('anna');
  await jest.advanceTimersByTimeAsync(PATIENCE - 1);
  expect(done).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(done).toEqual(['anna was turned away']);
  await jest.runAllTimersAsync();
  expect(done).toEqual(['anna was turned away']);
});

it('forgets whoever has gone away, waiting or before', async () => {
  const { done, ask } = await measured();
  const leaving = new AbortController();
  void ask('running');
  crowd(8, (name) => ask(name, { lane: 'a', key: 'crowd', gone: leaving.signal }));
  void ask('anna', { lane: 'a', key: 'crowd' });
  leaving.abort();
  void ask('gone before', { lane: 'a', gone: leaving.signal });
  await jest.advanceTimersByTimeAsync(2 * MS);
  expect(done.filter((each) => !each.endsWith('away'))).toEqual(['running', 'anna']);
  expect(done).toHaveLength(11);
});

it('serves at once while nobody else is there, however slow the work', async () => {
  const { queue } = open();
  const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE));
  for (let i = 0; i < 3; i++) {
    const served = queue.run({ lane: 'a', key: 'anna' }, slow);
    await jest.runAllTimersAsync();
    await expect(served).resolves.toBeUndefined();
  }
});

it('serves one who comes alone before all who have been served in this round', async () => {
  const { done, ask } = await measured();
  for (const key of ['one', 'two', 'three']) crowd(4, (name) => ask(name, { lane: 'a', key }), key);
  await jest.advanceTimersByTimeAsync(3.5 * MS);
  void ask('anna');
  await jest.advanceTimersByTimeAsync(1.5 * MS);
  expect(done).toEqual(['one 1', 'two 1', 'three 1', 'one 2', 'anna']);
  void ask('anna again', { lane: 'a', key: 'anna' });
  await jest.advanceTimersByTimeAsync(4 * MS);
  expect(done.slice(5)).toEqual(['two 2', 'three 2', 'one 3', 'anna again']);
});

it('serves one who comes alone within a round, whoever else is there and whatever they do', async () => {
  const comers = fc.array(
    fc.record({ after: fc.nat(900), lane: fc.constantFrom('a', 'b'), key: fc.nat(3), leaves: fc.boolean() }),
    { maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(comers, async (all) => {
      const { ask, waits, done } = await measured();
      for (const [i, { after, lane, key, leaves }] of all.entries()) {
        const leaving = new AbortController();
        setTimeout(() => void ask(`${i}`, { lane, key: `${key}`, gone: leaving.signal }), after);
        if (leaves) setTimeout(() => leaving.abort(), 2 * after);
      }
      setTimeout(() => void ask('anna', { lane: 'b', key: 'anna' }), 450);
      await jest.runAllTimersAsync();
      // What runs, and three newcomers whom she finds or who come at the same moment, each after one of the other lane.
      expect(waits.get('anna')).toBeLessThanOrEqual(MS * (1 + 2 * 4 + 1));
      expect(done).toHaveLength(all.length + 1);
      for (const [name, ms] of waits) expect([name, ms <= PATIENCE]).toEqual([name, true]);
    }),
    { numRuns: 60 },
  );
});

it('counts the time of one who waits for a second turn from when they came', async () => {
  const { ask, done } = await measured();
  const since = performance.now() - PATIENCE + 4 * MS;
  crowd(3, ask);
  void ask('late', { lane: 'b', since });
  void ask('fresh', { lane: 'c' });
  await jest.advanceTimersByTimeAsync(10 * MS);
  expect(done).toContain('late');
  done.length = 0;
  crowd(9, ask);
  void ask('too late', { lane: 'a', since });
  await jest.advanceTimersByTimeAsync(0);
  expect(done).toEqual(['too late was turned away']);
});
