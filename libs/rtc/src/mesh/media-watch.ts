import type { MediaKind } from '@webcall/domain';

/** After this long without packets media have stopped: even in silence Opus sends a packet every 400 ms. */
const STILL_TIMEOUT_MS = 5000;
/**
 * The same when the path does not answer either: ICE notices a cut path by itself, and the owner of the link repairs
 * it, but that takes longer than 5 s.
 */
const SILENT_PATH_TIMEOUT_MS = 10_000;
/** This many answers since the last packet prove that the path works: one may have come before it was cut. */
const MIN_PATH_ANSWERS = 2;
/** The longest wait between two repairs of a fault that may not be the link's. */
const MAX_MEND_WAIT_MS = 60_000;

/** The repair that media which stand still need; `mended`: they flow again. */
export type MediaWatchVerdict = 'restart' | 'rebuild' | 'mended';

/**
 * Notices media that stopped arriving over a connected link. A new path is tried first, because it costs no gap, then a
 * new connection, less and less often: perhaps the other device simply sends nothing.
 */
export class MediaWatch {
  private readonly seen = new Map<MediaKind, { packets: number; since: number; answers: number }>();
  private readonly flowing = new Set<MediaKind>();
  private tries = 0;

  /**
   * To be called every 2 s while the link is up.
   * @param now in ms
   * @param packets received so far, for each kind that should arrive
   * @param answers to connectivity checks received so far on the path; null where the browser does not report them
   */
  checkMediaFlow(
    now: number,
    packets: ReadonlyMap<MediaKind, number>,
    answers: number | null,
  ): MediaWatchVerdict | null {
    for (const kind of this.seen.keys()) if (!packets.has(kind)) this.forgetMediaKind(kind);
    const still = [...packets].filter(([kind, count]) => this.hasStoppedFlowing(now, kind, count, answers ?? Infinity));
    if (packets.size === 0) this.tries = 0;
    if (still.length === 0) return this.tries > 0 && this.flowing.size === packets.size ? this.reportMended() : null;
    // While sound arrives the connection works: one new connection for the picture is worth its gap, not two.
    if (this.tries > 1 && this.flowing.has('microphone')) return null;
    this.tries++;
    this.resetObservations();
    return this.tries === 1 ? 'restart' : 'rebuild';
  }

  /** Called when the link was made or repaired: all timeouts begin anew. */
  resetObservations(): void {
    this.seen.clear();
    this.flowing.clear();
  }

  private hasStoppedFlowing(now: number, kind: MediaKind, packets: number, answers: number): boolean {
    const before = this.seen.get(kind);
    if (before && packets > before.packets) this.flowing.add(kind);
    if (packets === before?.packets)
      return now - before.since >= this.stillTimeoutFor(answers - before.answers >= MIN_PATH_ANSWERS);
    this.seen.set(kind, { packets, since: now, answers: Number.isFinite(answers) ? answers : 0 });
    return false;
  }

  private stillTimeoutFor(answering: boolean): number {
    const first = answering ? STILL_TIMEOUT_MS : SILENT_PATH_TIMEOUT_MS;
    return Math.min(MAX_MEND_WAIT_MS, first * 2 ** Math.max(0, this.tries - 1));
  }

  private reportMended(): 'mended' {
    this.tries = 0;
    return 'mended';
  }

  private forgetMediaKind(kind: MediaKind): void {
    this.seen.delete(kind);
    this.flowing.delete(kind);
  }
}
