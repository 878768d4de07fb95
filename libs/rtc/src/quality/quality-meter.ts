import type { MediaKind, MediaState } from '@webcall/domain';
import { estimateOpinionScore, type LinkQuality, type QualityFigures, qualityLevelOf } from './quality';
import { numberStatOf, selectedCandidatePair, statsEntriesOf, type StatsEntry, sumNumberStat } from './rtc-stats';

/** The counters at one moment, from which the figures are computed. */
interface StatsCounters {
  at: number;
  /** Id of the track whose frames are counted. */
  picture: unknown;
  received: number;
  lost: number;
  bytesIn: number;
  bytesOut: number;
  samples: number;
  concealed: number;
  bufferDelay: number;
  emitted: number;
  frames: number;
  frozen: number;
}

/** Returns the id of the track that carries a kind, if there is one. */
export type TrackIdLookup = (kind: MediaKind) => string | undefined;

const NO_FIGURES: QualityFigures = {
  mos: null,
  rtt: null,
  loss: null,
  jitter: null,
  concealed: null,
  fps: null,
  frozen: null,
  resolution: null,
  bitrateIn: null,
  bitrateOut: null,
  route: null,
  limitedBy: null,
};

/** Turns the statistics of one connection into figures, each time over the time since the last call. */
export class QualityMeter {
  private before: StatsCounters | null = null;

  /** @param report `getStats()` of the connection, null when there is none. */
  measureQuality(
    report: RTCStatsReport | null,
    connected: boolean,
    media: MediaState,
    trackOf: TrackIdLookup,
  ): LinkQuality {
    const figures = report && connected ? this.computeFigures(report, media, trackOf) : NO_FIGURES;
    return { level: qualityLevelOf(figures, connected, media.camera), figures };
  }

  private computeFigures(report: RTCStatsReport, media: MediaState, trackOf: TrackIdLookup): QualityFigures {
    const all = statsEntriesOf(report);
    const inbound = all.filter((s) => s['type'] === 'inbound-rtp');
    const outbound = all.filter((s) => s['type'] === 'outbound-rtp');
    const of = (kind: MediaKind): StatsEntry | undefined =>
      media[kind] ? inbound.find((s) => s['trackIdentifier'] === trackOf(kind)) : undefined;
    const [sound, camera] = [of('microphone'), of('camera')];
    const picture = camera ?? of('screen');
    const now = readCounters(inbound, outbound, sound, picture);
    const before = this.before ?? now;
    this.before = now;

    const since = (key: Exclude<keyof StatsCounters, 'picture'>): number => Math.max(0, now[key] - before[key]);
    const seconds = since('at') / 1000;
    const perSecond = (amount: number): number | null => (seconds > 0 ? Math.round(amount / seconds) : null);
    const pair = selectedCandidatePair(all);
    const rtt = pair ? numberStatOf(pair, 'currentRoundTripTime') * 1000 : null;
    const concealed = since('samples') > 0 ? since('concealed') / since('samples') : null;
    const buffered = since('emitted') > 0 ? (since('bufferDelay') / since('emitted')) * 1000 : 0;
    const packets = since('received') + since('lost');
    return {
      mos: concealed === null || rtt === null ? null : estimateOpinionScore(rtt / 2 + buffered + 20, concealed),
      rtt,
      loss: packets > 0 ? since('lost') / packets : null,
      jitter: sound ? numberStatOf(sound, 'jitter') * 1000 : null,
      concealed,
      fps: picture && before.picture === now.picture ? perSecond(since('frames')) : null,
      // A still screen sends no pictures, which is no freeze.
      frozen: camera ? Math.round(since('frozen') * 1000) : null,
      resolution: picture ? pictureResolutionOf(picture) : null,
      bitrateIn: perSecond(since('bytesIn') * 8),
      bitrateOut: perSecond(since('bytesOut') * 8),
      route: mediaRouteOf(all, pair),
      limitedBy: limitationOf(outbound),
    };
  }
}

function readCounters(
  inbound: StatsEntry[],
  outbound: StatsEntry[],
  sound?: StatsEntry,
  picture?: StatsEntry,
): StatsCounters {
  return {
    picture: picture?.['trackIdentifier'],
    at: Math.max(0, ...[...inbound, ...outbound].map((stats) => numberStatOf(stats, 'timestamp'))),
    received: sumNumberStat(inbound, 'packetsReceived'),
    lost: sumNumberStat(inbound, 'packetsLost'),
    bytesIn: sumNumberStat(inbound, 'bytesReceived'),
    bytesOut: sumNumberStat(outbound, 'bytesSent'),
    samples: numberStatOf(sound, 'totalSamplesReceived'),
    // Silence that the sender left out on purpose is concealed too, but nobody misses it.
    concealed: numberStatOf(sound, 'concealedSamples') - numberStatOf(sound, 'silentConcealedSamples'),
    bufferDelay: numberStatOf(sound, 'jitterBufferDelay'),
    emitted: numberStatOf(sound, 'jitterBufferEmittedCount'),
    frames: numberStatOf(picture, 'framesDecoded'),
    frozen: numberStatOf(picture, 'totalFreezesDuration'),
  };
}

function mediaRouteOf(all: readonly StatsEntry[], pair: StatsEntry | undefined): 'direct' | 'relay' | null {
  if (!pair) return null;
  const ends = all.filter((s) => s['id'] === pair['localCandidateId'] || s['id'] === pair['remoteCandidateId']);
  return ends.some((s) => s['candidateType'] === 'relay') ? 'relay' : 'direct';
}

function pictureResolutionOf(picture: StatsEntry): QualityFigures['resolution'] {
  const [width, height] = [numberStatOf(picture, 'frameWidth'), numberStatOf(picture, 'frameHeight')];
  return width > 0 ? { width, height } : null;
}

function limitationOf(outbound: readonly StatsEntry[]): 'cpu' | 'bandwidth' | null {
  const reasons = outbound.map((s) => s['qualityLimitationReason']);
  if (reasons.includes('bandwidth')) return 'bandwidth';
  return reasons.includes('cpu') ? 'cpu' : null;
}
