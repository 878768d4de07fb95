import { jest } from '@jest/globals';
import { SOCKET_HEARTBEAT } from '@webcall/contracts';
import { HeartbeatWatch } from './heartbeat-watch';

describe('HeartbeatWatch', () => {
  let reports: boolean[];
  let watch: HeartbeatWatch;

  beforeEach(() => {
    jest.useFakeTimers();
    reports = [];
    watch = new HeartbeatWatch((isSilent) => reports.push(isSilent));
    watch.recordPing();
  });
  afterEach(() => jest.useRealTimers());

  it('reports a dead line within three seconds, and its return', () => {
    jest.advanceTimersByTime(3_000);
    expect(reports).toEqual([false, true]);
    watch.recordPing();
    expect(reports).toEqual([false, true, false]);
  });

  it('reports no silence while pings come, also a little late', () => {
    for (let i = 0; i < 10; i += 1) {
      jest.advanceTimersByTime(SOCKET_HEARTBEAT.interval + 500);
      watch.recordPing();
    }
    expect(reports).not.toContain(true);
  });

  it('gives a page that was held up a moment to handle the pings that have come', () => {
    jest.setSystemTime(Date.now() + 60_000);
    jest.runOnlyPendingTimers();
    expect(reports).toEqual([false]);
    jest.advanceTimersByTime(3_000);
    expect(reports).toEqual([false, true]);
  });

  it('reports nothing more when it is stopped', () => {
    watch.stopWatch();
    jest.advanceTimersByTime(60_000);
    expect(reports).not.toContain(true);
  });
});
