import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ApiError } from './api-error';
import { SnapshotLoader } from './snapshot-loader';
import { flushPromises } from './testing/fake-realtime';

describe('SnapshotLoader', () => {
  let failure: Error | null;
  let times: number;
  let loader: SnapshotLoader;

  beforeEach(() => {
    jest.useFakeTimers();
    failure = null;
    times = 0;
    loader = TestBed.runInInjectionContext(
      () =>
        new SnapshotLoader(async () => {
          times += 1;
          await Promise.resolve();
          if (failure) throw failure;
        }),
    );
  });
  afterEach(() => jest.useRealTimers());

  it('runs one fetch at a time, and one more for calls that came meanwhile', async () => {
    const first = loader.loadSnapshot();
    expect([loader.state(), loader.isLoading]).toEqual(['loading', true]);
    await Promise.all([first, loader.loadSnapshot(), loader.loadSnapshot()]);
    await flushPromises();
    expect([loader.state(), loader.isLoading, times]).toEqual(['ready', false, 2]);
  });

  it('fetches once more when it becomes stale during a fetch, but not after one', async () => {
    const first = loader.loadSnapshot();
    loader.markStale();
    await first;
    await flushPromises();
    expect(times).toBe(2);
    loader.markStale();
    await flushPromises();
    expect(times).toBe(2);
  });

  it('is ready with the first part, also when the rest fails, and fetches again', async () => {
    loader = TestBed.runInInjectionContext(
      () =>
        new SnapshotLoader(async () => {
          times += 1;
          loader.markPartlyLoaded();
          await Promise.resolve();
          if (failure) throw failure;
        }),
    );
    failure = new ApiError('offline', '');
    const first = loader.loadSnapshot();
    expect([loader.state(), loader.isLoading]).toEqual(['ready', true]);
    await first;
    expect([loader.state(), loader.isLoading]).toEqual(['ready', false]);
    failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect([loader.state(), times, jest.getTimerCount()]).toEqual(['ready', 2, 0]);
  });

  it('reports the error and fetches again by itself until it works', async () => {
    failure = new ApiError('unavailable', '');
    await loader.loadSnapshot();
    expect([loader.state(), loader.error()]).toEqual(['error', failure]);
    await jest.advanceTimersByTimeAsync(2000 + 4000);
    expect([loader.state(), times]).toEqual(['error', 3]);
    failure = null;
    await jest.advanceTimersByTimeAsync(8000);
    expect([loader.state(), times, jest.getTimerCount()]).toEqual(['ready', 4, 0]);
  });

  it('stays ready when a later fetch fails, and fetches again', async () => {
    await loader.loadSnapshot();
    failure = new ApiError('offline', '');
    await loader.loadSnapshot();
    await loader.loadSnapshot();
    expect([loader.state(), jest.getTimerCount()]).toEqual(['ready', 1]);
    failure = null;
    await jest.advanceTimersByTimeAsync(4000);
    expect([loader.state(), times]).toEqual(['ready', 4]);
  });

  it('shows at once that a person has started another try', async () => {
    failure = new ApiError('forbidden', '');
    await loader.loadSnapshot();
    expect([loader.state(), jest.getTimerCount()]).toEqual(['error', 0]);
    void loader.loadSnapshot();
    expect(loader.state()).toBe('loading');
    await flushPromises();
  });

  it('stops when its owner is destroyed', async () => {
    failure = new ApiError('offline', '');
    await loader.loadSnapshot();
    TestBed.resetTestingModule();
    expect(jest.getTimerCount()).toBe(0);
  });
});
