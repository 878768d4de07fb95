import type { MediaKind, Participant } from '@webcall/domain';
import { Congestion, UplinkMeter } from './congestion';
import { MediaWatch, type WatchVerdict } from './media-watch';
import type { Quality } from '../quality/quality';
import { QualityMeter, type TrackOf } from '../quality/quality-meter';
import { number, selectedPair, statsOf } from '../quality/stats';

/** A screen on which nothing moves sends nothing, and its sound is often silent: these two never pause. */
const WATCHED = ['microphone', 'camera'] as const;

/** What one look at a connection is about. */
export interface Examination {
  /** `getStats()` of the connection, null when there is none. */
  report: RTCStatsReport | null;
  connected: boolean;
  participant: Participant;
  trackOf: TrackOf;
  /** Whether the participant's camera is shown here; if not, it sends none. */
  cameraShown: boolean;
  /** What our own camera takes on its way there, bit/s. */
  cameraTakes: number;
}

/** How a link does: the quality of what arrives, what our own media meet on their way, and whether anything stands still. */
export class LinkHealth {
  private readonly watch = new MediaWatch();
  private readonly congestion = new Congestion();
  private quality = new QualityMeter();
  private uplink = new UplinkMeter();

  /** How far down our camera has to step. */
  get step(): number {
    return this.congestion.step;
  }

  /** The connection is another one: its counters begin anew. */
  handleReplaced(): void {
    this.quality = new QualityMeter();
    this.uplink = new UplinkMeter();
    this.watch.reset();
  }

  /** There is a path again, or perhaps another one: media get their time to arrive by it. */
  handlePath(): void {
    this.watch.reset();
  }

  /** To be called every 2 s. @returns how the media arrive, and what to do about it */
  examine(examination: Examination): { quality: Quality; verdict: WatchVerdict | null } {
    const { report, connected, participant, trackOf, cameraTakes } = examination;
    const quality = this.quality.measure(report, connected, participant.media, trackOf);
    if (!report || !connected) return { quality, verdict: null };
    this.congestion.update(this.uplink.measure(report), cameraTakes);
    return { quality, verdict: this.look(report, examination) };
  }

  private look(report: RTCStatsReport, { participant, trackOf, cameraShown }: Examination): WatchVerdict | null {
    // Whoever cannot be reached cannot agree to a repair.
    if (!participant.connected) {
      this.watch.reset();
      return null;
    }
    const all = statsOf(report);
    const inbound = all.filter((stats) => stats['type'] === 'inbound-rtp');
    const answers = selectedPair(all)?.['responsesReceived'];
    const packetsOf = (kind: MediaKind): number => {
      const track = trackOf(kind);
      const stats = inbound.find((candidate) => candidate['trackIdentifier'] === track);
      return number(stats, 'packetsReceived');
    };
    const kinds = WATCHED.filter((kind) => participant.media[kind] && (kind !== 'camera' || cameraShown));
    const packets = new Map(kinds.map((kind) => [kind, packetsOf(kind)]));
    return this.watch.look(Date.now(), packets, typeof answers === 'number' ? answers : null);
  }
}
