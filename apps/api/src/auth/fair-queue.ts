import { AppError } from '../platform/http/app-error';

/** The place of a request in the queue. */
export interface QueueTurn {
  /** Kind of work; the lanes are served in turn. */
  readonly lane: string;
  /** The user or address it is for; the keys of a lane are served in turn, regardless of their number of requests. */
  readonly key: string;
  /** Ends the waiting when the client has disconnected. */
  readonly gone?: AbortSignal | undefined;
  /** When the waiting began, by `performance.now()`, for a request that waits more than once; by default now. */
  readonly since?: number;
}

/** The waiting requests of one key, in order of arrival. */
type WaitingLine = (() => void)[];

/** Weight of the latest duration in the moving average. */
const NEWEST_WORK_WEIGHT = 0.2;

/** When rejected requests may be sent again, in s. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Runs a limited number of tasks at once and serves the others in turn by lane and key, so that a crowd from one place
 * delays itself and hardly anybody else. A request whose estimated wait, by the average duration, is too long is
 * rejected at once.
 */
export class FairQueue {
  private running = 0;
  private averageWorkMs = 0;
  /** In the order in which they are served. */
  private readonly lanes = new Map<string, QueueLane>();

  /** @param patience the maximum wait, in ms */
  constructor(
    private readonly atOnce: number,
    private readonly patience: number,
  ) {}

  /** Number of waiting requests in all lanes. */
  get totalWaiting(): number {
    let count = 0;
    for (const lane of this.lanes.values()) count += lane.waitingInLane;
    return count;
  }

  /** @throws AppError too_busy when the turn does not come in time or the client has gone */
  async runInTurn<T>(turn: QueueTurn, work: () => Promise<T>): Promise<T> {
    await this.waitForTurn(turn);
    const start = performance.now();
    try {
      return await work();
    } finally {
      const took = performance.now() - start;
      this.averageWorkMs =
        this.averageWorkMs === 0 ? took : this.averageWorkMs + NEWEST_WORK_WEIGHT * (took - this.averageWorkMs);
      this.running--;
      this.serveNextTurn();
    }
  }

  private waitForTurn(turn: QueueTurn): Promise<void> {
    const { gone, since } = turn;
    const left = this.patience - (since === undefined ? 0 : performance.now() - since);
    if (gone?.aborted) return Promise.reject(tooBusyError());
    const free = this.running < this.atOnce;
    const inTime = ((this.countTurnsAhead(turn) + 1) * this.averageWorkMs) / this.atOnce <= left;
    if (!free && !inTime) return Promise.reject(tooBusyError());
    const lane = this.getOrCreateLane(turn);
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', leave);
      };
      const serve = (): void => {
        settle();
        this.running++;
        resolve();
      };
      const leave = (): void => {
        settle();
        lane.removeWaiter(turn.key, serve);
        reject(tooBusyError());
      };
      const timer = setTimeout(leave, left);
      gone?.addEventListener('abort', leave);
      lane.enqueueWaiter(turn.key, serve);
      if (free) this.serveNextTurn();
    });
  }

  /** @returns how many requests are served before one that arrives now, if none arrive later */
  private countTurnsAhead({ lane, key }: QueueTurn): number {
    const inLane = this.lanes.get(lane)?.countAheadOfKey(key) ?? 0;
    let all = inLane;
    for (const [name, other] of this.lanes) if (name !== lane) all += Math.min(other.waitingInLane, inLane + 1);
    return all;
  }

  private serveNextTurn(): void {
    for (const [name, lane] of this.lanes) {
      const serve = lane.dequeueWaiter();
      this.lanes.delete(name);
      if (!serve) continue;
      this.lanes.set(name, lane);
      return serve();
    }
  }

  private getOrCreateLane({ lane }: QueueTurn): QueueLane {
    const known = this.lanes.get(lane) ?? new QueueLane();
    this.lanes.set(lane, known);
    return known;
  }
}

/**
 * The waiting requests of one lane. Keys not yet served in this round come first, so that a single request does not
 * wait for keys with many. (The FQ-CoDel scheduler of routers does the same.)
 */
class QueueLane {
  private readonly newcomers = new Map<string, WaitingLine>();
  /** In the order of serving. A key with an empty line stays until its turn and counts as a newcomer afterwards. */
  private readonly served = new Map<string, WaitingLine>();

  get waitingInLane(): number {
    let count = 0;
    for (const lines of [this.newcomers, this.served]) for (const line of lines.values()) count += line.length;
    return count;
  }

  /** @returns how many requests are served before one that arrives now with this key, if none arrive later */
  countAheadOfKey(key: string): number {
    const own = (this.newcomers.get(key) ?? this.served.get(key))?.length;
    if (own === undefined) return this.newcomers.size;
    let count = own;
    for (const lines of [this.newcomers, this.served])
      for (const [other, line] of lines) if (other !== key) count += Math.min(line.length, own + 1);
    return count;
  }

  enqueueWaiter(key: string, serve: () => void): void {
    const line = this.newcomers.get(key) ?? this.served.get(key);
    if (line) line.push(serve);
    else this.newcomers.set(key, [serve]);
  }

  removeWaiter(key: string, serve: () => void): void {
    const line = this.newcomers.get(key) ?? this.served.get(key) ?? [];
    line.splice(line.indexOf(serve), 1);
    if (line.length === 0) this.newcomers.delete(key);
  }

  /** @returns the function that serves the next request, if any waits */
  dequeueWaiter(): (() => void) | undefined {
    for (const lines of [this.newcomers, this.served]) {
      for (const [key, line] of lines) {
        const serve = line.shift();
        lines.delete(key);
        if (!serve) continue;
        this.served.set(key, line);
        return serve;
      }
    }
    return undefined;
  }
}

function tooBusyError(): AppError {
  return new AppError('too_busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
