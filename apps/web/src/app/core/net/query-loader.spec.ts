import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ApiError } from './api-error';
import { QueryLoader } from './query-loader';
import { flushPromises } from './testing/fake-realtime';

describe('QueryLoader', () => {
  let query: ReturnType<typeof signal<string>>;
  let asked: string[];
  let answers: Map<string, { resolve: (result: string) => void; reject: (error: Error) => void }>;
  let loader: QueryLoader<string>;

  const wait = async (ms: number): Promise<void> => {
    TestBed.tick();
    jest.advanceTimersByTime(ms);
    await flushPromises();
  };
  const type = async (text: string, ms = 250): Promise<void> => {
    query.set(text);
    await wait(ms);
  };
  const answer = async (text: string): Promise<void> => {
    answers.get(text)?.resolve(text.toUpperCase());
    await flushPromises();
  };
  const refuse = async (text: string, code: ApiError['code']): Promise<void> => {
    answers.get(text)?.reject(new ApiError(code, ''));
    await flushPromises();
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    [query, asked, answers] = [signal('a'), [], new Map()];
    const find = (text: string): Promise<string> => {
      asked.push(text);
      return new Promise((resolve, reject) => answers.set(text, { resolve, reject }));
    };
    loader = TestBed.runInInjectionContext(() => new QueryLoader(query, find));
    await wait(0);
  });
  afterEach(() => jest.useRealTimers());

  it('asks at once for the first query, and waits while people type', async () => {
    expect([asked, loader.state()]).toEqual([['a'], 'loading']);
    await answer('a');
    await type('ab', 249);
    await type('abc');
    expect(asked).toEqual(['a', 'abc']);
  });

  it('keeps the last result until the next one has arrived', async () => {
    await answer('a');
    await type('b');
    expect([loader.state(), loader.found()]).toEqual(['ready', { query: 'a', result: 'A' }]);
    await answer('b');
    expect([loader.state(), loader.found()]).toEqual(['ready', { query: 'b', result: 'B' }]);
  });

  it('ignores the answer to an older query, and its failure', async () => {
    await type('b');
    await type('c');
    await answer('c');
    await answer('a');
    await refuse('b', 'offline');
    expect([loader.state(), loader.found()?.query]).toEqual(['ready', 'c']);
  });

  it('shows that a query failed, also after an earlier result, until the next answer', async () => {
    await answer('a');
    await type('b');
    await refuse('b', 'forbidden');
    expect([loader.state(), loader.error()]).toEqual(['error', expect.objectContaining({ code: 'forbidden' })]);
    await wait(60_000);
    expect(asked).toEqual(['a', 'b']);
    void loader.loadAgain();
    expect([loader.state(), asked]).toEqual(['loading', ['a', 'b', 'b']]);
    await answer('b');
    expect(loader.state()).toBe('ready');
  });

  it('repeats a failure that may pass, without hiding it meanwhile', async () => {
    await refuse('a', 'offline');
    await wait(2000);
    expect([loader.state(), asked]).toEqual(['error', ['a', 'a']]);
    await answer('a');
    await wait(60_000);
    expect([loader.state(), asked]).toEqual(['ready', ['a', 'a']]);
  });
});
