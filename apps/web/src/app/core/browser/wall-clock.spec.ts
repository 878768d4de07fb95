import { effect } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { WallClock } from './wall-clock';

describe('WallClock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-11-30T23:59:30') });
    TestBed.inject(WallClock);
  });
  afterEach(() => jest.useRealTimers());

  it('begins a new day soon after midnight, and only then', () => {
    const days: string[] = [];
    const clock = TestBed.inject(WallClock);
    TestBed.runInInjectionContext(() => effect(() => days.push(clock.today().toDateString())));
    TestBed.tick();
    jest.advanceTimersByTime(29_000);
    TestBed.tick();
    expect(days).toEqual(['Mon Nov 30 2026']);
    jest.advanceTimersByTime(11_000);
    TestBed.tick();
    expect(days).toEqual(['Mon Nov 30 2026', 'Tue Dec 01 2026']);
  });

  it('notices, soon after it wakes up, that the device slept for days', () => {
    jest.setSystemTime(new Date('2026-12-03T08:00:00'));
    jest.advanceTimersByTime(10_000);
    expect(TestBed.inject(WallClock).today().toDateString()).toBe('Thu Dec 03 2026');
  });

  it('stops with the app', () => {
    TestBed.resetTestingModule();
    expect(jest.getTimerCount()).toBe(0);
  });
});
