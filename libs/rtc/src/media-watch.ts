import type { MediaKind } from '@webcall/domain';

/** Nothing for that long is no silence: even then Opus sends a packet every 400 ms. */
const STILL_MS = 5000;
/** The longest wait between two attempts to mend what may not be the link's fault. */
const WAIT_MAX_MS = 60_000;

/** What to do about media that stand still; `mended`: they flow again. */
export type WatchVerdict = 'restart' | 'rebuild' | 'mended';

/**
 * Notices media that stopped arriving over a link that is up. A new path is tried first, because it costs no gap, and a
 * new connection after that, ever more rarely: perhaps the other device simply sends nothing.
 */
export class MediaWatch {
  private readonly seen = new Map<MediaKind, { packets: number; since: number }>();
  private readonly flowing = new Set<MediaKind>();
  private tries = 0;

  /**
   * To be called every 2 s while the link is up.
   * @param now in ms
   * @param packets received so far, for each kind that should arrive
   */
  look(now: number, packets: ReadonlyMap<MediaKind, number>): WatchVerdict | null {
    for (const kind of this.seen.keys()) if (!packets.has(kind)) this.forget(kind);
    const still = [...packets].filter(([kind, count]) => this.isStill(now, kind, count)).map(([kind]) => kind);
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

  private isStill(now: number, kind: MediaKind, packets: number): boolean {
    const before = this.seen.get(kind);
    if (before && packets > before.packets) this.flowing.add(kind);
    if (packets !== before?.packets) this.seen.set(kind, { packets, since: now });
    return !!before && packets === before.packets && now - before.since >= this.patience();
  }

  private patience(): number {
    return Math.min(WAIT_MAX_MS, STILL_MS * 2 ** Math.max(0, this.tries - 1));
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
