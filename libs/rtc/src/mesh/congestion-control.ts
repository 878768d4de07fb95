import { numberStatOf, selectedCandidatePair, statsEntriesOf, type StatsEntry } from '../quality/rtc-stats';

/** Figures of the path from us to a participant, over the last 2 s. Null where nothing was reported. */
export interface UplinkFigures {
  /** Share of our packets that did not arrive, 0 to 1. */
  loss: number | null;
  /** ms */
  rtt: number | null;
  /** The bitrate that the browser estimates it can send, bit/s. */
  available: number | null;
}

/** The last step: a picture a second, so that one still sees that somebody is there. */
export const LOWEST_CAMERA_STEP = 4;
/** The lowest step for loss alone: on a poor radio link, sending less does not reduce the loss. */
const LOWEST_STEP_BY_LOSS = 2;
const BAD_PATH = { loss: 0.1, rtt: 700 };
const TERRIBLE_PATH = { loss: 0.25, rtt: 1500 };
const GOOD_PATH = { loss: 0.04, rtt: 400 };
/** How many measurements in a row lead a step down or up: 4 s and 10 s. */
const BAD_RUNS_TO_STEP_DOWN = 2;
const GOOD_RUNS_TO_STEP_UP = 5;

/**
 * Decides how far the camera is reduced while the path to a participant is bad, so that the sound stays intact: step by
 * step down, and up again when the path has been good for a while.
 */
export class CongestionControl {
  private rung = 0;
  private bad = 0;
  private good = 0;

  /** From 0, the whole picture, to `LOWEST_CAMERA_STEP`, hardly any. */
  get cameraStep(): number {
    return this.rung;
  }

  /**
   * To be called with each measurement.
   * @param wanted the bitrate of the camera at this step, bit/s; 0 when it sends nothing
   */
  updateCameraStep({ loss, rtt, available }: UplinkFigures, wanted: number): number {
    const narrow = available !== null && wanted > 0 && available < wanted / 5;
    const clogged = exceedsLimit(rtt, BAD_PATH.rtt) || narrow;
    const terrible = exceedsLimit(rtt, TERRIBLE_PATH.rtt) || exceedsLimit(loss, TERRIBLE_PATH.loss);
    this.bad = clogged || exceedsLimit(loss, BAD_PATH.loss) ? this.bad + 1 : 0;
    this.good = clogged || exceedsLimit(loss, GOOD_PATH.loss) || exceedsLimit(rtt, GOOD_PATH.rtt) ? 0 : this.good + 1;
    const lowest = clogged ? LOWEST_CAMERA_STEP : Math.max(this.rung, LOWEST_STEP_BY_LOSS);
    if (this.bad >= (terrible ? 1 : BAD_RUNS_TO_STEP_DOWN) && this.rung < lowest) this.moveCameraStep(1);
    else if (this.good >= GOOD_RUNS_TO_STEP_UP && this.rung > 0) this.moveCameraStep(-1);
    return this.rung;
  }

  private moveCameraStep(by: 1 | -1): void {
    this.rung += by;
    this.bad = 0;
    this.good = 0;
  }
}

/** Reads the receiver's reports about the media we send; only reports that are new since the last call count. */
export class UplinkMeter {
  private readonly read = new Map<unknown, number>();

  /** @param report `getStats()` of the connection */
  measureUplink(report: RTCStatsReport): UplinkFigures {
    const all = statsEntriesOf(report);
    const newReports = all.filter((stats) => stats['type'] === 'remote-inbound-rtp' && this.isNewReport(stats));
    const pair = selectedCandidatePair(all);
    const available = numberStatOf(pair, 'availableOutgoingBitrate');
    return {
      loss: newReports.length > 0 ? Math.max(...newReports.map((stats) => numberStatOf(stats, 'fractionLost'))) : null,
      rtt: pair ? numberStatOf(pair, 'currentRoundTripTime') * 1000 : null,
      available: available > 0 ? available : null,
    };
  }

  private isNewReport(stats: StatsEntry): boolean {
    const at = numberStatOf(stats, 'timestamp');
    const fresh = this.read.get(stats['id']) !== at;
    this.read.set(stats['id'], at);
    return fresh;
  }
}

function exceedsLimit(value: number | null, limit: number): boolean {
  return value !== null && value > limit;
}
