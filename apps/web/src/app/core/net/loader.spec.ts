import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ApiError } from './api-error';
import { Loader } from './loader';
import { settled } from './testing/fake-realtime';

describe('Loader', () => {
  let failure: Error | null;
  let times: number;
  let loader: Loader;

  beforeEach(() => {
    jest.useFakeTimers();
    failure = null;
    times = 0;
    loader = TestBed.runInInjectionContext(
      () =>
        new Loader(async () => {
          times += 1;
          await Promise.resolve();
          if (failure) throw failure;
        }),
    );
  });
  afterEach(() => jest.useRealTimers());

  it('fetches once at a time, and once more for whoever asked meanwhile', async () => {
    const first = loader.load();
    expect([loader.state(), loader.loading]).toEqual(['loading', true]);
    await Promise.all([first, loader.load(), loader.load()]);
    await settled();
    expect([loader.state(), loader.loading, times]).toEqual(['ready', false, 2]);
  });

  it('fetches once more what something newer was told of, unless it is there already', async () => {
    const first = loader.load();
    loader.doubt();
    await first;
    await settled();
    expect(times).toBe(2);
    loader.doubt();
    await settled();
    expect(times).toBe(2);
  });

  it('is ready with the first of it, also when the rest fails, and tries that again', async () => {
    loader = TestBed.runInInjectionContext(
      () =>
        new Loader(async () => {
          times += 1;
          loader.begun();
          await Promise.resolve();
          if (failure) throw failure;
        }),
    );
    failure = new ApiError('offline', '');
    const first = loader.load();
    expect([loader.state(), loader.loading]).toEqual(['ready', true]);
    await first;
    expect([loader.state(), loader.loading]).toEqual(['ready', false]);
    failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect([loader.state(), times, jest.getTimerCount()]).toEqual(['ready', 2, 0]);
  });

  it('says what is wrong and tries again by itself until it is there', async () => {
    failure = new ApiError('unavailable', '');
    await loader.load();
    expect([loader.state(), loader.error()]).toEqual(['error', failure]);
    await jest.advanceTimersByTimeAsync(2000 + 4000);
    expect([loader.state(), times]).toEqual(['error', 3]);
    failure = null;
    await jest.advanceTimersByTimeAsync(8000);
    expect([loader.state(), times, jest.getTimerCount()]).toEqual(['ready', 4, 0]);
  });

  it('keeps what is there when it cannot be renewed, and renews it later', async () => {
    await loader.load();
    failure = new ApiError('offline', '');
    await loader.load();
    await loader.load();
    expect([loader.state(), jest.getTimerCount()]).toEqual(['ready', 1]);
    failure = null;
    await jest.advanceTimersByTimeAsync(4000);
    expect([loader.state(), times]).toEqual(['ready', 4]);
  });

  it('shows at once that it is asked again by a person', async () => {
    failure = new ApiError('forbidden', '');
    await loader.load();
    expect([loader.state(), jest.getTimerCount()]).toEqual(['error', 0]);
    void loader.load();
    expect(loader.state()).toBe('loading');
    await settled();
  });

  it('ends with its owner', async () => {
    failure = new ApiError('offline', '');
    await loader.load();
    TestBed.resetTestingModule();
    expect(jest.getTimerCount()).toBe(0);
  });
});
