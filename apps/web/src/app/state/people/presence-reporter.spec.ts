import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { PresenceReporter } from './presence-reporter';

describe('PresenceReporter', () => {
  let realtime: FakeRealtime;
  let visibility: DocumentVisibilityState;
  const reported = (): boolean[] => realtime.sentDataOf('presence:set').map(({ away }) => away);
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

  it('reports five minutes without input, and the next input at once', () => {
    jest.advanceTimersByTime(4 * 60_000);
    dispatchEvent(new Event('pointermove'));
    jest.advanceTimersByTime(4 * 60_000);
    expect(reported()).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(reported()).toEqual([true]);
    dispatchEvent(new KeyboardEvent('keydown'));
    expect(reported()).toEqual([true, false]);
  });

  it('reports a hidden page at once, and its return', () => {
    show('hidden');
    dispatchEvent(new Event('pointermove'));
    show('visible');
    expect(reported()).toEqual([true, false]);
  });

  it('reports an absence on a new connection, and nothing without one', () => {
    realtime.status.set('offline');
    show('hidden');
    expect(reported()).toEqual([]);
    realtime.status.set('online');
    realtime.connected.next();
    expect(reported()).toEqual([true]);
    realtime.connected.next();
    expect(reported()).toEqual([true, true]);
  });
});
