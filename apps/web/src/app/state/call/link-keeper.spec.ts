import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { LinkRepairKind } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { MediaPreferences } from '../media/media-preferences';
import type { ActiveCall } from './active-call';
import { LinkKeeper } from './link-keeper';

class FakeActiveCall {
  readonly iceEndsAt = signal<number | null>(null);
  readonly hasRelay = signal(true);
  readonly mended = new Subject<LinkRepairKind>();
  readonly notifyNetworkChange = jest.fn();
  readonly applyRelayPreference = jest.fn();
  readonly updateIceServers = jest.fn(({ iceServersEndInMs }: { iceServersEndInMs: number | null }) =>
    this.iceEndsAt.set(iceServersEndInMs === null ? null : performance.now() + iceServersEndInMs),
  );
}

describe('LinkKeeper', () => {
  let realtime: FakeRealtime;
  let activeCall: FakeActiveCall;
  let keeper: LinkKeeper;
  const active = signal<ActiveCall | null>(null);
  const pass = async (ms: number): Promise<void> => {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(ms);
    TestBed.tick();
  };
  const requestCount = (): number => realtime.sentDataOf('ice:get').length;

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    realtime = new FakeRealtime();
    activeCall = new FakeActiveCall();
    active.set(activeCall as unknown as ActiveCall);
    TestBed.configureTestingModule({ providers: [{ provide: RealtimeClient, useValue: realtime }] });
    keeper = TestBed.inject(LinkKeeper);
    TestBed.runInInjectionContext(() => keeper.maintainLinks(active));
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('renews credentials when three quarters of their time are over, each time', async () => {
    realtime.answerCommand('ice:get', () => ({ iceServers: [], iceServersEndInMs: 40_000 }));
    activeCall.iceEndsAt.set(performance.now() + 100_000);
    await pass(74_000);
    expect(requestCount()).toBe(0);
    await pass(2000);
    expect(requestCount()).toBe(1);
    await pass(29_000);
    expect(requestCount()).toBe(2);
    expect(activeCall.updateIceServers).toHaveBeenCalledTimes(2);
  });

  it('repeats the request until it succeeds, and not after the call', async () => {
    realtime.answerCommand('ice:get', () => Promise.reject(new ApiError('offline', 'There is no connection.')));
    activeCall.iceEndsAt.set(performance.now() + 40_000);
    await pass(35_000);
    const times = requestCount();
    expect(times).toBeGreaterThanOrEqual(2);
    active.set(null);
    await pass(60_000);
    expect(requestCount()).toBe(times);
  });

  it('renews no credentials that do not expire', async () => {
    await pass(24 * 3600_000);
    expect(requestCount()).toBe(0);
  });

  it('reports repairs of the links, at most every 10 s and only when there were any', async () => {
    await pass(60_000);
    expect(realtime.sentDataOf('call:report')).toEqual([]);
    for (const cause of ['restarted', 'rebuilt', 'restarted', 'stalled'] as const) activeCall.mended.next(cause);
    await pass(9000);
    expect(realtime.sentDataOf('call:report')).toEqual([]);
    await pass(60_000);
    expect(realtime.sentDataOf('call:report')).toEqual([{ links: { mended: 1, restarted: 2, rebuilt: 1 } }]);
  });

  it('keeps the counts that could not be reported', async () => {
    let online = false;
    await pass(0);
    realtime.answerCommand('call:report', () => (online ? {} : Promise.reject(new ApiError('offline', ''))));
    activeCall.mended.next('restarted');
    await pass(11_000);
    online = true;
    activeCall.mended.next('restarted');
    await pass(11_000);
    expect(realtime.sentDataOf('call:report').at(-1)).toEqual({ links: { mended: 0, restarted: 2, rebuilt: 0 } });
  });

  it('moves the links when the person wants the relay only, and reports that there is none', async () => {
    await pass(0);
    expect(activeCall.applyRelayPreference).not.toHaveBeenCalled();
    TestBed.inject(MediaPreferences).storeMediaPreferences({ relayOnly: true });
    await pass(0);
    expect(activeCall.applyRelayPreference).toHaveBeenLastCalledWith(true);
    expect(keeper.noRelay()).toBe(false);
    activeCall.hasRelay.set(false);
    expect(keeper.noRelay()).toBe(true);
  });

  it('passes on a change of the network', async () => {
    dispatchEvent(new Event('online'));
    await pass(0);
    expect(activeCall.notifyNetworkChange).toHaveBeenCalledTimes(1);
  });
});
