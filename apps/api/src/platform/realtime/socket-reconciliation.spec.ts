import { Subject } from 'rxjs';
import type { LiveStore } from '../live/live-store';
import { BackgroundTasks } from './background-tasks';
import type { Realtime } from './realtime';
import { DEFAULT_RECONCILE_MS } from './realtime.module';
import { SocketReconciliation } from './socket-reconciliation';
import type { SocketRights } from './socket-rights';

/** The promised time within which a socket is closed after its session has ended, in ms. */
const PROMISED = 30_000;

describe('open sockets', () => {
  const sockets = [{ id: 'one' }, { id: 'two' }];
  let restored: Subject<void>;
  let align: jest.Mock;
  let background: BackgroundTasks;

  function begin(shared: boolean): void {
    const live = { shared, restored } as unknown as LiveStore;
    const realtime = { listLocalSockets: () => sockets } as unknown as Realtime;
    const rights = { alignSocketRights: align } as unknown as SocketRights;
    background = new BackgroundTasks();
    new SocketReconciliation(live, realtime, rights, background, DEFAULT_RECONCILE_MS).onModuleInit();
  }

  beforeEach(() => {
    jest.useFakeTimers();
    [restored, align] = [new Subject(), jest.fn(() => Promise.resolve())];
  });
  afterEach(() => {
    background.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('are not compared with the database by the only replica, which makes all changes itself', () => {
    begin(false);
    jest.advanceTimersByTime(100 * DEFAULT_RECONCILE_MS);
    expect(align).not.toHaveBeenCalled();
  });

  it('are compared with the database all at once, twice within the promised time', () => {
    begin(true);
    jest.advanceTimersByTime(DEFAULT_RECONCILE_MS);
    expect(align.mock.calls).toEqual([[sockets]]);
    jest.advanceTimersByTime(PROMISED - DEFAULT_RECONCILE_MS);
    expect(align).toHaveBeenCalledTimes(2);
  });

  it('are compared with the database at once when the store is back', () => {
    begin(true);
    restored.next();
    expect(align).toHaveBeenCalledTimes(1);
  });

  it('are compared with the database again after that failed', async () => {
    begin(true);
    jest.spyOn(background['logger'], 'error').mockReturnValue();
    align.mockRejectedValueOnce(new Error('the database is away, too'));
    await jest.advanceTimersByTimeAsync(2 * DEFAULT_RECONCILE_MS);
    expect(align).toHaveBeenCalledTimes(2);
  });
});
