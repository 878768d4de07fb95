import { AppError } from '../platform/http/app-error';

/** Where somebody waits. */
export interface Turn {
  /** Kind of work: the kinds are served in turn. */
  readonly lane: string;
  /** Whom it is for: those in one lane are served in turn, whatever the number of their requests. */
  readonly key: string;
  /** Ends the waiting: nobody would hear the answer. */
  readonly gone?: AbortSignal | undefined;
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
  /** The next one to be served comes first, in each of the maps. */
  private readonly lanes = new Map<string, Map<string, Line>>();

  /** @param patience how long anybody waits at most, in ms */
  constructor(
    private readonly atOnce: number,
    private readonly patience: number,
  ) {}

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
    const { gone } = turn;
    if (gone?.aborted) return Promise.reject(tooBusy());
    if (this.running < this.atOnce) {
      this.running++;
      return Promise.resolve();
    }
    if (((this.ahead(turn) + 1) * this.usualMs) / this.atOnce > this.patience) return Promise.reject(tooBusy());
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
        this.remove(turn, come);
        reject(tooBusy());
      };
      const timer = setTimeout(leave, this.patience);
      gone?.addEventListener('abort', leave);
      this.add(turn, come);
    });
  }

  /** @returns how many are served before whoever comes now, if nobody comes after them */
  private ahead({ lane, key }: Turn): number {
    const lines = this.lanes.get(lane);
    const own = lines?.get(key)?.length ?? 0;
    let inLane = own;
    for (const [other, line] of lines ?? []) if (other !== key) inLane += Math.min(line.length, own + 1);
    let all = inLane;
    for (const [other, theirs] of this.lanes) if (other !== lane) all += Math.min(lengthOf(theirs), inLane + 1);
    return all;
  }

  private serveNext(): void {
    for (const [lane, lines] of this.lanes) {
      for (const [key, line] of lines) {
        const come = line.shift();
        putLast(lines, key, line, line.length);
        putLast(this.lanes, lane, lines, lines.size);
        return come?.();
      }
    }
  }

  private add({ lane, key }: Turn, come: () => void): void {
    const lines = this.lanes.get(lane) ?? new Map<string, Line>();
    this.lanes.set(lane, lines.set(key, [...(lines.get(key) ?? []), come]));
  }

  private remove({ lane, key }: Turn, come: () => void): void {
    const lines = this.lanes.get(lane);
    const line = lines?.get(key);
    if (!lines || !line) return;
    line.splice(line.indexOf(come), 1);
    if (line.length === 0) lines.delete(key);
    if (lines.size === 0) this.lanes.delete(lane);
  }
}

/** Who has been served comes last, if anybody still waits there. */
function putLast<V>(map: Map<string, V>, key: string, value: V, waiting: number): void {
  map.delete(key);
  if (waiting > 0) map.set(key, value);
}

function lengthOf(lines: ReadonlyMap<string, Line>): number {
  let length = 0;
  for (const line of lines.values()) length += line.length;
  return length;
}

function tooBusy(): AppError {
  return new AppError('too_busy', { retryAfterSeconds: RETRY_AFTER });
}
