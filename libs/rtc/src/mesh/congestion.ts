import { number, selectedPair, statsOf, type Stats } from '../quality/stats';

/** How our media fare on their way to a participant, over the last 2 s. Null where nothing was told. */
export interface Uplink {
  /** Share of our packets that did not arrive, 0 to 1. */
  loss: number | null;
  /** ms */
  rtt: number | null;
  /** What the browser thinks it can send, bit/s. */
  available: number | null;
}

/** The last rung: a picture a second, so that one sees that somebody is there. */
export const LOWEST = 4;
/** Loss alone leads down to here: what a poor radio link loses does not become less by sending less. */
const LOWEST_BY_LOSS = 2;
const BAD = { loss: 0.1, rtt: 700 };
const TERRIBLE = { loss: 0.25, rtt: 1500 };
const GOOD = { loss: 0.04, rtt: 400 };
/** How many measurements in a row lead down and up: 4 s and 10 s. */
const DOWN = 2;
const UP = 5;

/**
 * Sends less of the camera while the path to a participant is bad, step by step, so that the sound stays whole; and more
 * again when it has been good for a while.
 */
export class Congestion {
  private rung = 0;
  private bad = 0;
  private good = 0;

  /** 0: all of the picture; LOWEST: hardly any. */
  get step(): number {
    return this.rung;
  }

  /**
   * To be called with each measurement.
   * @param wanted what the camera takes at this step, bit/s; 0 when it sends nothing
   */
  update({ loss, rtt, available }: Uplink, wanted: number): number {
    const narrow = available !== null && wanted > 0 && available < wanted / 5;
    const clogged = above(rtt, BAD.rtt) || narrow;
    const terrible = above(rtt, TERRIBLE.rtt) || above(loss, TERRIBLE.loss);
    this.bad = clogged || above(loss, BAD.loss) ? this.bad + 1 : 0;
    this.good = clogged || above(loss, GOOD.loss) || above(rtt, GOOD.rtt) ? 0 : this.good + 1;
    const lowest = clogged ? LOWEST : Math.max(this.rung, LOWEST_BY_LOSS);
    if (this.bad >= (terrible ? 1 : DOWN) && this.rung < lowest) this.move(1);
    else if (this.good >= UP && this.rung > 0) this.move(-1);
    return this.rung;
  }

  private move(by: 1 | -1): void {
    this.rung += by;
    this.bad = 0;
    this.good = 0;
  }
}

/** Reads the reports of the receiver about what we send; only those that came since the last time count. */
export class UplinkMeter {
  private readonly read = new Map<unknown, number>();

  /** @param report `getStats()` of the connection */
  measure(report: RTCStatsReport): Uplink {
    const all = statsOf(report);
    const fresh = all.filter((stats) => stats['type'] === 'remote-inbound-rtp' && this.isFresh(stats));
    const pair = selectedPair(all);
    const available = number(pair, 'availableOutgoingBitrate');
    return {
      loss: fresh.length > 0 ? Math.max(...fresh.map((stats) => number(stats, 'fractionLost'))) : null,
      rtt: pair ? number(pair, 'currentRoundTripTime') * 1000 : null,
      available: available > 0 ? available : null,
    };
  }

  private isFresh(stats: Stats): boolean {
    const at = number(stats, 'timestamp');
    const fresh = this.read.get(stats['id']) !== at;
    this.read.set(stats['id'], at);
    return fresh;
  }
}

function above(value: number | null, limit: number): boolean {
  return value !== null && value > limit;
}
