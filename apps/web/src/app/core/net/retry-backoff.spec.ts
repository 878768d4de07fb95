import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { RetryBackoff } from './retry-backoff';

describe('RetryBackoff', () => {
  const again = jest.fn();
  const create = (...pauses: { first: number; longest: number }[]): RetryBackoff =>
    TestBed.runInInjectionContext(() => new RetryBackoff(again, ...pauses));
  /** How long each of the next tries is waited for, in ms. */
  const pausesOf = (retry: RetryBackoff, tries: number): number[] =>
    Array.from({ length: tries }, () => {
      const before = again.mock.calls.length;
      retry.scheduleRetry();
      const start = Date.now();
      while (again.mock.calls.length === before && Date.now() - start < 60_000) jest.advanceTimersByTime(500);
      return Date.now() - start;
    });

  beforeEach(() => {
    again.mockClear();
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('waits longer from failure to failure, up to a limit, and begins anew after a success', () => {
    const retry = create();
    expect(pausesOf(retry, 5)).toEqual([2000, 4000, 8000, 15_000, 15_000]);
    retry.resetBackoff();
    expect(pausesOf(retry, 1)).toEqual([2000]);
  });

  it('keeps to other pauses', () => {
    expect(pausesOf(create({ first: 1000, longest: 1000 }), 3)).toEqual([1000, 1000, 1000]);
  });

  it('tries no more after a reset, nor after the end of its owner', () => {
    const retry = create();
    retry.scheduleRetry();
    retry.resetBackoff();
    jest.advanceTimersByTime(60_000);
    retry.scheduleRetry();
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(60_000);
    expect(again).not.toHaveBeenCalled();
  });
});
