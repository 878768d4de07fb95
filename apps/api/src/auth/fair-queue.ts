import { AppError } from '../platform/http/app-error';

/** Where somebody waits. */
export interface Turn {
  /** Kind of work: the kinds are served in turn. */
  readonly lane: string;
  /** Whom it is for: those in one lane are served in turn, whatever the number of their requests. */
  readonly key: string;
  /** Ends the waiting: nobody would hear the answer. */
  readonly gone?: AbortSignal | undefined;
  /** Since when they have waited, by `performance.now()`, where they wait more than once; else they begin now. */
  readonly since?: number;
}

/** Those of one key, the first to come first. */
type Line = (() => void)[];

/** How much the last piece of work counts in what is taken for usual. */
const NEWEST = 0.2;

/** When those who are turned away may come again, in s. */
const RETRY_AFTER = 5;

/**
 * Lets a few pieces of work run at once, and the others wait in turn by lane and key, so that a crowd from one place
 * holds up itself and hardly anybody else. Nobody waits in vain: who would wait too long is turned away at once, as far
 * as that can be told from how long the work takes.
 */
export class FairQueue {
  private running = 0;
  private usualMs = 0;
  /** The next one to be served comes first. */
  private readonly lanes = new Map<string, Lane>();

  /** @param patience how long anybody waits at most, in ms */
  constructor(
    private readonly atOnce: number,
    private readonly patience: number,
  ) {}

  /** How many wait. */
  get waiting(): number {
    let count = 0;
    for (const lane of this.lanes.values()) count += lane.waiting;
    return count;
  }

  /** @throws AppError too_busy when the turn does not come in time or the client has gone */
  async run<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    await this.wait(turn);
    const start = performance.now();
    try {
      return await work();
    } finally {
      const took = performance.now() - start;
      this.usualMs = this.usualMs === 0 ? took : this.usualMs + NEWEST * (took - this.usualMs);
      this.running--;
      this.serveNext();
    }
  }

  private wait(turn: Turn): Promise<void> {
    const { gone, since } = turn;
    const left = this.patience - (since === undefined ? 0 : performance.now() - since);
    if (gone?.aborted) return Promise.reject(tooBusy());
    const free = this.running < this.atOnce;
    const inTime = ((this.ahead(turn) + 1) * this.usualMs) / this.atOnce <= left;
    if (!free && !inTime) return Promise.reject(tooBusy());
    const lane = this.laneOf(turn);
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', leave);
      };
      const come = (): void => {
        settle();
        this.running++;
        resolve();
      };
      const leave = (): void => {
        settle();
        lane.remove(turn.key, come);
        reject(tooBusy());
      };
      const timer = setTimeout(leave, left);
      gone?.addEventListener('abort', leave);
      lane.add(turn.key, come);
      if (free) this.serveNext();
    });
  }

  /** @returns how many are served before whoever comes now, if nobody comes after them */
  private ahead({ lane, key }: Turn): number {
    const inLane = this.lanes.get(lane)?.ahead(key) ?? 0;
    let all = inLane;
    for (const [name, other] of this.lanes) if (name !== lane) all += Math.min(other.waiting, inLane + 1);
    return all;
  }

  private serveNext(): void {
    for (const [name, lane] of this.lanes) {
      const come = lane.next();
      this.lanes.delete(name);
      if (!come) continue;
      this.lanes.set(name, lane);
      return come();
    }
  }

  private laneOf({ lane }: Turn): Lane {
    const known = this.lanes.get(lane) ?? new Lane();
    this.lanes.set(lane, known);
    return known;
  }
}

/**
 * Those who wait in one lane. Who has not been served in this round comes first: somebody who comes alone waits for none
 * of those who come again and again. (The scheduler of routers, FQ-CoDel, does the same.)
 */
class Lane {
  private readonly newcomers = new Map<string, Line>();
  /** The next one to be served comes first; whose line is empty stays until their turn, and is a newcomer after it. */
  private readonly served = new Map<string, Line>();

  get waiting(): number {
    let count = 0;
    for (const lines of [this.newcomers, this.served]) for (const line of lines.values()) count += line.length;
    return count;
  }

  /** @returns how many are served before whoever comes now with this key, if nobody comes after them */
  ahead(key: string): number {
    const own = (this.newcomers.get(key) ?? this.served.get(key))?.length;
    if (own === undefined) return this.newcomers.size;
    let count = own;
    for (const lines of [this.newcomers, this.served])
      for (const [other, line] of lines) if (other !== key) count += Math.min(line.length, own + 1);
    return count;
  }

  add(key: string, come: () => void): void {
    const line = this.newcomers.get(key) ?? this.served.get(key);
    if (line) line.push(come);
    else this.newcomers.set(key, [come]);
  }

  remove(key: string, come: () => void): void {
    const line = this.newcomers.get(key) ?? this.served.get(key) ?? [];
    line.splice(line.indexOf(come), 1);
    if (line.length === 0) this.newcomers.delete(key);
  }

  /** @returns who is served, if anybody waits */
  next(): (() => void) | undefined {
    for (const lines of [this.newcomers, this.served]) {
      for (const [key, line] of lines) {
        const come = line.shift();
        lines.delete(key);
        if (!come) continue;
        this.served.set(key, line);
        return come;
      }
    }
    return undefined;
  }
}

function tooBusy(): AppError {
  return new AppError('too_busy', { retryAfterSeconds: RETRY_AFTER });
}
