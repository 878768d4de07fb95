import fc from 'fast-check';
import { FairQueue, type QueueTurn } from './fair-queue';

const MS = 250;
const PATIENCE = 4000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A queue whose tasks take `MS`, and the names of its finished and rejected requests. */
function open(atOnce = 1) {
  const queue = new FairQueue(atOnce, PATIENCE);
  const done: string[] = [];
  const waits = new Map<string, number>();
  let running = 0;
  const ask = async (name: string, turn: Omit<QueueTurn, 'key'> & { key?: string } = { lane: 'a' }): Promise<void> => {
    const start = performance.now();
    const work = async (): Promise<void> => {
      waits.set(name, performance.now() - start);
      expect(++running).toBeLessThanOrEqual(atOnce);
      await new Promise((resolve) => setTimeout(resolve, MS));
      running--;
      done.push(name);
    };
    await queue.runInTurn({ key: name, ...turn }, work).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'too_busy', details: { retryAfterSeconds: expect.any(Number) } });
      done.push(`${name} was turned away`);
    });
  };
  return { queue, done, waits, ask };
}

const crowd = (size: number, ask: (name: string) => Promise<void>, name = 'crowd'): void => {
  for (let i = 1; i <= size; i++) void ask(`${name} ${i}`);
};

/** A queue that has measured the duration of one task. */
async function measured(atOnce = 1): Promise<ReturnType<typeof open>> {
  const opened = open(atOnce);
  void opened.ask('first');
  await jest.advanceTimersByTimeAsync(MS);
  opened.done.pop();
  return opened;
}

it('runs a few tasks at once and the others in order of arrival', async () => {
  const { done, ask } = open(2);
  for (const name of ['1', '2', '3', '4', '5']) void ask(name);
  await jest.advanceTimersByTimeAsync(MS);
  expect(done).toEqual(['1', '2']);
  await jest.advanceTimersByTimeAsync(MS);
  expect(done).toEqual(['1', '2', '3', '4']);
  await jest.runAllTimersAsync();
  expect(done).toHaveLength(5);
});

it('continues after a task that failed', async () => {
  const { queue, done, ask } = open();
  const failing = queue.runInTurn({ lane: 'a', key: 'x' }, () => Promise.reject(new Error('failed')));
  void ask('next');
  await expect(failing).rejects.toThrow('failed');
  await jest.runAllTimersAsync();
  expect(done).toEqual(['next']);
});

it('serves the keys of a lane in turn, regardless of their number of requests', async () => {
  const { done, ask } = await measured();
  for (const key of ['one', 'two']) crowd(6, (name) => ask(name, { lane: 'a', key }), key);
  void ask('anna');
  await jest.advanceTimersByTimeAsync(4 * MS);
  expect(done).toEqual(['one 1', 'two 1', 'anna', 'one 2']);
  await jest.advanceTimersByTimeAsync(2 * MS);
  expect(done.slice(4)).toEqual(['two 2', 'one 3']);
});

it('serves the lanes in turn, regardless of how many requests wait in one', async () => {
  const { done, ask } = await measured();
  crowd(12, (name) => ask(name, { lane: 'doubted' }));
  void ask('anna', { lane: 'sign-in' });
  void ask('boris', { lane: 'account' });
  await jest.advanceTimersByTimeAsync(4 * MS);
  expect(done).toEqual(['crowd 1', 'crowd 2', 'anna', 'boris']);
});

it('rejects a request at once that would not be served in time', async () => {
  const { done, ask } = await measured();
  crowd(1 + PATIENCE / MS + 3, (name) => ask(name, { lane: 'a', key: 'crowd' }));
  await jest.advanceTimersByTimeAsync(0);
  expect(done).toEqual([18, 19, 20].map((i) => `crowd ${i} was turned away`));
  void ask('anna');
  await jest.runAllTimersAsync();
  expect(done.slice(3, 5)).toEqual(['crowd 1', 'anna']);
});

it('rejects a request that has waited too long', async () => {
  const { queue, done, ask } = open();
  void queue.runInTurn(
    { lane: 'a', key: 'slow' },
    () => new Promise<void>((resolve) => setTimeout(resolve, 3 * PATIENCE)),
  );
  void ask('anna');
  await jest.advanceTimersByTimeAsync(PATIENCE - 1);
  expect(done).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(done).toEqual(['anna was turned away']);
  await jest.runAllTimersAsync();
  expect(done).toEqual(['anna was turned away']);
});

it('drops the requests of a client that has disconnected, while they wait or before', async () => {
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

it('serves at once while nobody else waits, however slow the tasks', async () => {
  const { queue } = open();
  const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE));
  for (let i = 0; i < 3; i++) {
    const served = queue.runInTurn({ lane: 'a', key: 'anna' }, slow);
    await jest.runAllTimersAsync();
    await expect(served).resolves.toBeUndefined();
  }
});

it('serves a new key before all keys already served in this round', async () => {
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

it('serves a single request within a round, whatever the other requests', async () => {
  const requests = fc.array(
    fc.record({ after: fc.nat(900), lane: fc.constantFrom('a', 'b'), key: fc.nat(3), leaves: fc.boolean() }),
    { maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const { ask, waits, done } = await measured();
      for (const [i, { after, lane, key, leaves }] of all.entries()) {
        const leaving = new AbortController();
        setTimeout(() => void ask(`${i}`, { lane, key: `${key}`, gone: leaving.signal }), after);
        if (leaves) setTimeout(() => leaving.abort(), 2 * after);
      }
      setTimeout(() => void ask('anna', { lane: 'b', key: 'anna' }), 450);
      await jest.runAllTimersAsync();
      // The running task, and up to three other newcomers in her lane, each after one request of the other lane.
      expect(waits.get('anna')).toBeLessThanOrEqual(MS * (1 + 2 * 4 + 1));
      expect(done).toHaveLength(all.length + 1);
      for (const [name, ms] of waits) expect([name, ms <= PATIENCE]).toEqual([name, true]);
    }),
    { numRuns: 60 },
  );
});

it('counts the waiting time of a second turn from the arrival of the request', async () => {
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
