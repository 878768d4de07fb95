import { BatchedLookup, GATHER_MS, LOOKUP_TIMEOUT_MS } from './batched-lookup';

/** A look-up whose answers the test gives. */
function openLookup() {
  const asked: {
    keys: readonly string[];
    answer: (values: ReadonlyMap<string, number>) => void;
    fail: (error: Error) => void;
  }[] = [];
  const lookup = new BatchedLookup<string, number>(
    (keys) => new Promise((answer, fail) => void asked.push({ keys, answer, fail })),
  );
  return { lookup, asked, keys: () => asked.map((one) => one.keys) };
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Lets the time pass in which keys are gathered for the next look-up. */
async function gather(): Promise<void> {
  await settled();
  jest.advanceTimersByTime(GATHER_MS);
  await settled();
}

it('looks a single key up at once', async () => {
  const { lookup, asked, keys } = openLookup();
  const anna = lookup.load('anna');
  expect(keys()).toEqual([['anna']]);
  asked[0]?.answer(new Map([['anna', 1]]));
  expect(await anna).toBe(1);
});

it('looks all keys that come meanwhile up together, each once, and never by the look-up that runs', async () => {
  const { lookup, asked, keys } = openLookup();
  const first = lookup.load('anna');
  const others = ['boris', 'anna', 'boris', 'clara'].map((key) => lookup.load(key));
  expect(keys()).toEqual([['anna']]);
  asked[0]?.answer(new Map([['anna', 1]]));
  expect(await first).toBe(1);
  await gather();
  expect(keys()).toEqual([['anna'], ['boris', 'anna', 'clara']]);
  asked[1]?.answer(new Map(Object.entries({ boris: 2, anna: 3 })));
  expect(await Promise.all(others)).toEqual([2, 3, 2, undefined]);
});

it('gathers more keys for a moment if some came meanwhile, but does not wait once nobody does', async () => {
  const { lookup, asked, keys } = openLookup();
  void lookup.load('anna');
  void lookup.load('boris');
  asked[0]?.answer(new Map());
  await settled();
  jest.advanceTimersByTime(GATHER_MS - 1);
  void lookup.load('clara');
  await settled();
  expect(keys()).toEqual([['anna']]);
  jest.advanceTimersByTime(1);
  await settled();
  expect(keys()).toEqual([['anna'], ['boris', 'clara']]);
  asked[1]?.answer(new Map());
  await settled();
  void lookup.load('dora');
  expect(keys()).toEqual([['anna'], ['boris', 'clara'], ['dora']]);
});

it('fails for the keys of one look-up alone', async () => {
  const { lookup, asked } = openLookup();
  const first = lookup.load('anna');
  const second = lookup.load('boris');
  asked[0]?.fail(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await gather();
  asked[1]?.answer(new Map([['boris', 2]]));
  expect(await second).toBe(2);
  void lookup.load('clara');
  await gather();
  expect(asked).toHaveLength(3);
});

it('asks for no more than 500 keys at once', async () => {
  const { lookup, asked, keys } = openLookup();
  void lookup.load('first');
  for (let i = 0; i < 1200; i++) void lookup.load(`key ${i}`);
  for (let i = 0; i < 4; i++) {
    asked[i]?.answer(new Map());
    await gather();
  }
  expect(keys().map(({ length }) => length)).toEqual([1, 500, 500, 200]);
});

it('gives up a look-up that does not end, and goes on with the next', async () => {
  const { lookup, asked } = openLookup();
  const hanging = lookup.load('anna').catch((error: unknown) => error);
  const next = lookup.load('boris');
  jest.advanceTimersByTime(LOOKUP_TIMEOUT_MS);
  expect(await hanging).toMatchObject({ code: 'unavailable' });
  await gather();
  asked[1]?.answer(new Map([['boris', 2]]));
  expect(await next).toBe(2);
  expect(jest.getTimerCount()).toBe(0);
});

it('repeats a look-up of several keys that fails, once', async () => {
  const { lookup, asked, keys } = openLookup();
  const alone = lookup.load('anna');
  const several = [lookup.load('boris'), lookup.load('clara')];
  asked[0]?.answer(new Map());
  await alone;
  await gather();
  asked[1]?.fail(new Error('lost'));
  await settled();
  asked[2]?.answer(new Map(Object.entries({ boris: 2, clara: 3 })));
  expect(await Promise.all(several)).toEqual([2, 3]);
  const lost = Promise.allSettled([lookup.load('dora'), lookup.load('emil'), lookup.load('fedor')]);
  asked[3]?.answer(new Map());
  for (const i of [4, 5]) {
    await gather();
    asked[i]?.fail(new Error('lost again'));
  }
  expect((await lost).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(keys().slice(1)).toEqual([
    ['boris', 'clara'],
    ['boris', 'clara'],
    ['dora'],
    ['emil', 'fedor'],
    ['emil', 'fedor'],
  ]);
});
