import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MendCause } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { ApiError } from '../../core/net/api-error';
import type { CallStay } from './call-stay';
import { LinkKeeper } from './link-keeper';
import { MediaPreferences } from '../media/media-preferences';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';

class FakeStay {
  readonly iceEndsAt = signal<number | null>(null);
  readonly hasRelay = signal(true);
  readonly mended = new Subject<MendCause>();
  readonly handleOnline = jest.fn();
  readonly setRelayOnly = jest.fn();
  readonly setIceServers = jest.fn(({ iceServersEndInMs }: { iceServersEndInMs: number | null }) =>
    this.iceEndsAt.set(iceServersEndInMs === null ? null : performance.now() + iceServersEndInMs),
  );
}

describe('LinkKeeper', () => {
  let realtime: FakeRealtime;
  let stay: FakeStay;
  let keeper: LinkKeeper;
  const active = signal<CallStay | null>(null);
  const pass = async (ms: number): Promise<void> => {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(ms);
    TestBed.tick();
  };
  const asked = (): number => realtime.dataOf('ice:get').length;

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    realtime = new FakeRealtime();
    stay = new FakeStay();
    active.set(stay as unknown as CallStay);
    TestBed.configureTestingModule({ providers: [{ provide: RealtimeClient, useValue: realtime }] });
    keeper = TestBed.inject(LinkKeeper);
    TestBed.runInInjectionContext(() => keeper.follow(active));
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('renews credentials when three quarters of their time are over, each time', async () => {
    realtime.answer('ice:get', () => ({ iceServers: [], iceServersEndInMs: 40_000 }));
    stay.iceEndsAt.set(performance.now() + 100_000);
    await pass(74_000);
    expect(asked()).toBe(0);
    await pass(2000);
    expect(asked()).toBe(1);
    await pass(29_000);
    expect(asked()).toBe(2);
    expect(stay.setIceServers).toHaveBeenCalledTimes(2);
  });

  it('asks again until it gets them, and not after the call', async () => {
    realtime.answer('ice:get', () => Promise.reject(new ApiError('offline', 'There is no connection.')));
    stay.iceEndsAt.set(performance.now() + 40_000);
    await pass(35_000);
    const times = asked();
    expect(times).toBeGreaterThanOrEqual(2);
    active.set(null);
    await pass(60_000);
    expect(asked()).toBe(times);
  });

  it('leaves alone what does not end', async () => {
    await pass(24 * 3600_000);
    expect(asked()).toBe(0);
  });

  it('reports what became of the links, at most every 10 s and only when something did', async () => {
    await pass(60_000);
    expect(realtime.dataOf('call:report')).toEqual([]);
    for (const cause of ['restarted', 'rebuilt', 'restarted', 'stalled'] as const) stay.mended.next(cause);
    await pass(9000);
    expect(realtime.dataOf('call:report')).toEqual([]);
    await pass(60_000);
    expect(realtime.dataOf('call:report')).toEqual([{ links: { mended: 1, restarted: 2, rebuilt: 1 } }]);
  });

  it('keeps the counts that could not be reported', async () => {
    let online = false;
    await pass(0);
    realtime.answer('call:report', () => (online ? {} : Promise.reject(new ApiError('offline', ''))));
    stay.mended.next('restarted');
    await pass(11_000);
    online = true;
    stay.mended.next('restarted');
    await pass(11_000);
    expect(realtime.dataOf('call:report').at(-1)).toEqual({ links: { mended: 0, restarted: 2, rebuilt: 0 } });
  });

  it('moves the links when the person wants the relay only, and says when there is none', async () => {
    await pass(0);
    expect(stay.setRelayOnly).not.toHaveBeenCalled();
    TestBed.inject(MediaPreferences).set({ relayOnly: true });
    await pass(0);
    expect(stay.setRelayOnly).toHaveBeenLastCalledWith(true);
    expect(keeper.noRelay()).toBe(false);
    stay.hasRelay.set(false);
    expect(keeper.noRelay()).toBe(true);
  });

  it('passes on that the network is another one', async () => {
    dispatchEvent(new Event('online'));
    await pass(0);
    expect(stay.handleOnline).toHaveBeenCalledTimes(1);
  });
});
