import { Subject } from 'rxjs';
import type { Live } from '../live/live';
import { Background } from './background';
import type { Realtime } from './realtime';
import { RECONCILE_EVERY } from './realtime.module';
import { Reconciliation } from './reconciliation';
import type { SocketRights } from './socket-rights';

/** Within which time a socket whose session has ended is cut, in ms. */
const PROMISED = 30_000;

describe('open sockets', () => {
  const sockets = [{ id: 'one' }, { id: 'two' }];
  let restored: Subject<void>;
  let align: jest.Mock;
  let reconciliation: Reconciliation;

  function begin(shared: boolean): void {
    const live = { shared, restored } as unknown as Live;
    const realtime = { localSockets: () => sockets } as unknown as Realtime;
    const rights = { align } as unknown as SocketRights;
    reconciliation = new Reconciliation(live, realtime, rights, new Background(), RECONCILE_EVERY);
    reconciliation.onModuleInit();
  }

  beforeEach(() => {
    jest.useFakeTimers();
    [restored, align] = [new Subject(), jest.fn(() => Promise.resolve())];
  });
  afterEach(() => {
    reconciliation.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('of the only replica are not compared with the database: it knows by itself', () => {
    begin(false);
    jest.advanceTimersByTime(100 * RECONCILE_EVERY);
    expect(align).not.toHaveBeenCalled();
  });

  it('are compared with it all at once, twice within the time that is promised', () => {
    begin(true);
    jest.advanceTimersByTime(RECONCILE_EVERY);
    expect(align.mock.calls).toEqual([[sockets]]);
    jest.advanceTimersByTime(PROMISED - RECONCILE_EVERY);
    expect(align).toHaveBeenCalledTimes(2);
  });

  it('are compared with it at once when the store is back', () => {
    begin(true);
    restored.next();
    expect(align).toHaveBeenCalledTimes(1);
  });

  it('are compared with it again after the database failed as well', async () => {
    begin(true);
    jest.spyOn(reconciliation['background']['logger'], 'error').mockReturnValue();
    align.mockRejectedValueOnce(new Error('the database is away, too'));
    await jest.advanceTimersByTimeAsync(2 * RECONCILE_EVERY);
    expect(align).toHaveBeenCalledTimes(2);
  });
});
