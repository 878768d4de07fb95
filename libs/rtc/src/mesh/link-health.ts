import type { MediaKind, Participant } from '@webcall/domain';
import type { LinkQuality } from '../quality/quality';
import { QualityMeter, type TrackIdLookup } from '../quality/quality-meter';
import { numberStatOf, selectedCandidatePair, statsEntriesOf } from '../quality/rtc-stats';
import { CongestionControl, UplinkMeter } from './congestion-control';
import { MediaWatch, type MediaWatchVerdict } from './media-watch';

/** The kinds that never pause; a still screen sends nothing, and its sound is often silent. */
const WATCHED_KINDS = ['microphone', 'camera'] as const;

/** Input of one examination of a connection. */
export interface LinkExamination {
  /** `getStats()` of the connection, null when there is none. */
  report: RTCStatsReport | null;
  connected: boolean;
  participant: Participant;
  trackOf: TrackIdLookup;
  /** Whether the participant's camera is shown here; if not, the participant does not send it. */
  cameraShown: boolean;
  /** The bitrate of our own camera to the participant, bit/s. */
  cameraBitrate: number;
}

/** The health of a link: the quality of received media, congestion of our own, and media that stopped flowing. */
export class LinkHealth {
  private readonly watch = new MediaWatch();
  private readonly congestion = new CongestionControl();
  private quality = new QualityMeter();
  private uplink = new UplinkMeter();

  /** The step down to which our camera has to be reduced. */
  get requiredCameraStep(): number {
    return this.congestion.cameraStep;
  }

  /** Called when the connection was replaced: its counters begin anew. */
  handleConnectionReplaced(): void {
    this.quality = new QualityMeter();
    this.uplink = new UplinkMeter();
    this.watch.resetObservations();
  }

  /** Called when there is a path again or a new one: media get some time to arrive on it. */
  handleNewPath(): void {
    this.watch.resetObservations();
  }

  /** To be called every 2 s. @returns the quality of received media, and the repair that is due */
  examineConnection(examination: LinkExamination): { quality: LinkQuality; verdict: MediaWatchVerdict | null } {
    const { report, connected, participant, trackOf, cameraBitrate } = examination;
    const quality = this.quality.measureQuality(report, connected, participant.media, trackOf);
    if (!report || !connected) return { quality, verdict: null };
    this.congestion.updateCameraStep(this.uplink.measureUplink(report), cameraBitrate);
    return { quality, verdict: this.watchInboundMedia(report, examination) };
  }

  private watchInboundMedia(
    report: RTCStatsReport,
    { participant, trackOf, cameraShown }: LinkExamination,
  ): MediaWatchVerdict | null {
    // A participant who cannot be reached cannot take part in a repair.
    if (!participant.connected) {
      this.watch.resetObservations();
      return null;
    }
    const all = statsEntriesOf(report);
    const inbound = all.filter((stats) => stats['type'] === 'inbound-rtp');
    const answers = selectedCandidatePair(all)?.['responsesReceived'];
    const packetsOf = (kind: MediaKind): number => {
      const track = trackOf(kind);
      const stats = inbound.find((candidate) => candidate['trackIdentifier'] === track);
      return numberStatOf(stats, 'packetsReceived');
    };
    const kinds = WATCHED_KINDS.filter((kind) => participant.media[kind] && (kind !== 'camera' || cameraShown));
    const packets = new Map(kinds.map((kind) => [kind, packetsOf(kind)]));
    return this.watch.checkMediaFlow(Date.now(), packets, typeof answers === 'number' ? answers : null);
  }
}
