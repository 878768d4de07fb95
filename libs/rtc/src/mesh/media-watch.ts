import type { MediaKind } from '@webcall/domain';

/** Nothing for that long is no silence: even then Opus sends a packet every 400 ms. */
const STILL_MS = 5000;
/**
 * A path that is cut carries nothing either, but ICE finds that out by itself, and the one who owns the link repairs it.
 * It only takes longer than 5 s.
 */
const SILENT_MS = 10_000;
/** This many answers since the last packet tell that the path is there: one may have come before it was cut. */
const ANSWERS = 2;
/** The longest wait between two attempts to mend what may not be the link's fault. */
const WAIT_MAX_MS = 60_000;

/** What to do about media that stand still; `mended`: they flow again. */
export type WatchVerdict = 'restart' | 'rebuild' | 'mended';

/**
 * Notices media that stopped arriving over a link that is up. A new path is tried first, because it costs no gap, and a
 * new connection after that, ever more rarely: perhaps the other device simply sends nothing.
 */
export class MediaWatch {
  private readonly seen = new Map<MediaKind, { packets: number; since: number; answers: number }>();
  private readonly flowing = new Set<MediaKind>();
  private tries = 0;

  /**
   * To be called every 2 s while the link is up.
   * @param now in ms
   * @param packets received so far, for each kind that should arrive
   * @param answers that the path has given so far to the checks whether it is there; null where the browser does not tell
   */
  look(now: number, packets: ReadonlyMap<MediaKind, number>, answers: number | null): WatchVerdict | null {
    for (const kind of this.seen.keys()) if (!packets.has(kind)) this.forget(kind);
    const still = [...packets].filter(([kind, count]) => this.isStill(now, kind, count, answers ?? Infinity));
    if (packets.size === 0) this.tries = 0;
    if (still.length === 0) return this.tries > 0 && this.flowing.size === packets.size ? this.mended() : null;
    // While sound arrives the connection is sound: one new connection for the picture is worth its gap, not two.
    if (this.tries > 1 && this.flowing.has('microphone')) return null;
    this.tries++;
    this.reset();
    return this.tries === 1 ? 'restart' : 'rebuild';
  }

  /** The link was made or repaired: everything has its time again. */
  reset(): void {
    this.seen.clear();
    this.flowing.clear();
  }

  private isStill(now: number, kind: MediaKind, packets: number, answers: number): boolean {
    const before = this.seen.get(kind);
    if (before && packets > before.packets) this.flowing.add(kind);
    if (packets === before?.packets) return now - before.since >= this.patience(answers - before.answers >= ANSWERS);
    this.seen.set(kind, { packets, since: now, answers: Number.isFinite(answers) ? answers : 0 });
    return false;
  }

  private patience(answering: boolean): number {
    const first = answering ? STILL_MS : SILENT_MS;
    return Math.min(WAIT_MAX_MS, first * 2 ** Math.max(0, this.tries - 1));
  }

  private mended(): 'mended' {
    this.tries = 0;
    return 'mended';
  }

  private forget(kind: MediaKind): void {
    this.seen.delete(kind);
    this.flowing.delete(kind);
  }
}
