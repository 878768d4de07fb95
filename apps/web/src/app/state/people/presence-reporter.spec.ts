import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { PresenceReporter } from './presence-reporter';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';

describe('PresenceReporter', () => {
  let realtime: FakeRealtime;
  let visibility: DocumentVisibilityState;
  const told = (): boolean[] => realtime.dataOf('presence:set').map(({ away }) => away);
  const show = (state: DocumentVisibilityState): void => {
    visibility = state;
    document.dispatchEvent(new Event('visibilitychange'));
  };

  beforeEach(() => {
    jest.useFakeTimers();
    visibility = 'visible';
    jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({ providers: [{ provide: RealtimeClient, useValue: realtime }] });
    TestBed.inject(PresenceReporter);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('tells of five minutes without a touch, and of the next touch at once', () => {
    jest.advanceTimersByTime(4 * 60_000);
    dispatchEvent(new Event('pointermove'));
    jest.advanceTimersByTime(4 * 60_000);
    expect(told()).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(told()).toEqual([true]);
    dispatchEvent(new KeyboardEvent('keydown'));
    expect(told()).toEqual([true, false]);
  });

  it('tells of a hidden page at once, and of its return', () => {
    show('hidden');
    dispatchEvent(new Event('pointermove'));
    show('visible');
    expect(told()).toEqual([true, false]);
  });

  it('tells a new connection that nobody is here, and nothing while there is none', () => {
    realtime.status.set('offline');
    show('hidden');
    expect(told()).toEqual([]);
    realtime.status.set('online');
    realtime.connected.next();
    expect(told()).toEqual([true]);
    realtime.connected.next();
    expect(told()).toEqual([true, true]);
  });
});
