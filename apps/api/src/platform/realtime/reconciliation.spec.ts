import { Subject } from 'rxjs';
import type { Live } from '../live/live';
import { Background } from './background';
import type { Realtime } from './realtime';
import { Reconciliation } from './reconciliation';
import type { SocketRights } from './socket-rights';

const EVERY = 15_000;

describe('open sockets', () => {
  const sockets = [{ id: 'one' }, { id: 'two' }];
  let away: boolean;
  let restored: Subject<void>;
  let align: jest.Mock;
  let reconciliation: Reconciliation;

  beforeEach(() => {
    jest.useFakeTimers();
    [away, restored, align] = [false, new Subject(), jest.fn(() => Promise.resolve())];
    const live = { isAway: () => away, restored } as unknown as Live;
    const realtime = { localSockets: () => sockets } as unknown as Realtime;
    reconciliation = new Reconciliation(live, realtime, { align } as unknown as SocketRights, new Background(), EVERY);
    reconciliation.onModuleInit();
  });
  afterEach(() => {
    reconciliation.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('are not compared with the database while the store is there', () => {
    jest.advanceTimersByTime(100 * EVERY);
    expect(align).not.toHaveBeenCalled();
  });

  it('are compared with it all at once, again and again while the store is away', () => {
    away = true;
    jest.advanceTimersByTime(EVERY);
    expect(align.mock.calls).toEqual([[sockets]]);
    jest.advanceTimersByTime(3 * EVERY);
    expect(align).toHaveBeenCalledTimes(4);
  });

  it('are compared with it when the store is back, once more when news have arrived, and then no more', () => {
    away = true;
    jest.advanceTimersByTime(EVERY);
    away = false;
    restored.next();
    expect(align).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(EVERY);
    expect(align).toHaveBeenCalledTimes(3);
    jest.advanceTimersByTime(100 * EVERY);
    expect(align).toHaveBeenCalledTimes(3);
  });

  it('are compared with it when the store was away too shortly to be noticed', () => {
    restored.next();
    expect(align).toHaveBeenCalledTimes(1);
  });

  it('are compared with it again after the database failed as well', async () => {
    jest.spyOn(reconciliation['background']['logger'], 'error').mockReturnValue();
    away = true;
    align.mockRejectedValueOnce(new Error('the database is away, too'));
    await jest.advanceTimersByTimeAsync(2 * EVERY);
    expect(align).toHaveBeenCalledTimes(2);
  });
});
