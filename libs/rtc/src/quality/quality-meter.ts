import type { MediaKind, MediaState } from '@webcall/domain';
import { levelOf, opinionScore, type Quality, type QualityFigures } from './quality';
import { number, selectedPair, statsOf, sum, type Stats } from './stats';

/** The counters of one moment that the figures are made of. */
interface Counters {
  at: number;
  /** Whose frames are counted. */
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

/** The id of the track that carries a kind, if there is one. */
export type TrackOf = (kind: MediaKind) => string | undefined;

const NOTHING: QualityFigures = {
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

/** Turns the statistics of one connection into figures: each time over what has passed since the last time. */
export class QualityMeter {
  private before: Counters | null = null;

  /** @param report `getStats()` of the connection, null when there is none. */
  measure(report: RTCStatsReport | null, connected: boolean, media: MediaState, trackOf: TrackOf): Quality {
    const figures = report && connected ? this.figures(report, media, trackOf) : NOTHING;
    return { level: levelOf(figures, connected, media.camera), figures };
  }

  private figures(report: RTCStatsReport, media: MediaState, trackOf: TrackOf): QualityFigures {
    const all = statsOf(report);
    const inbound = all.filter((s) => s['type'] === 'inbound-rtp');
    const outbound = all.filter((s) => s['type'] === 'outbound-rtp');
    const of = (kind: MediaKind): Stats | undefined =>
      media[kind] ? inbound.find((s) => s['trackIdentifier'] === trackOf(kind)) : undefined;
    const [sound, camera] = [of('microphone'), of('camera')];
    const picture = camera ?? of('screen');
    const now = count(inbound, outbound, sound, picture);
    const before = this.before ?? now;
    this.before = now;

    const since = (key: Exclude<keyof Counters, 'picture'>): number => Math.max(0, now[key] - before[key]);
    const seconds = since('at') / 1000;
    const perSecond = (amount: number): number | null => (seconds > 0 ? Math.round(amount / seconds) : null);
    const pair = selectedPair(all);
    const rtt = pair ? number(pair, 'currentRoundTripTime') * 1000 : null;
    const concealed = since('samples') > 0 ? since('concealed') / since('samples') : null;
    const buffered = since('emitted') > 0 ? (since('bufferDelay') / since('emitted')) * 1000 : 0;
    const packets = since('received') + since('lost');
    return {
      mos: concealed === null || rtt === null ? null : opinionScore(rtt / 2 + buffered + 20, concealed),
      rtt,
      loss: packets > 0 ? since('lost') / packets : null,
      jitter: sound ? number(sound, 'jitter') * 1000 : null,
      concealed,
      fps: picture && before.picture === now.picture ? perSecond(since('frames')) : null,
      // A screen on which nothing moves sends no pictures, and that is no freeze.
      frozen: camera ? Math.round(since('frozen') * 1000) : null,
      resolution: picture ? resolutionOf(picture) : null,
      bitrateIn: perSecond(since('bytesIn') * 8),
      bitrateOut: perSecond(since('bytesOut') * 8),
      route: routeOf(all, pair),
      limitedBy: limitOf(outbound),
    };
  }
}

function count(inbound: Stats[], outbound: Stats[], sound?: Stats, picture?: Stats): Counters {
  return {
    picture: picture?.['trackIdentifier'],
    at: Math.max(0, ...[...inbound, ...outbound].map((stats) => number(stats, 'timestamp'))),
    received: sum(inbound, 'packetsReceived'),
    lost: sum(inbound, 'packetsLost'),
    bytesIn: sum(inbound, 'bytesReceived'),
    bytesOut: sum(outbound, 'bytesSent'),
    samples: number(sound, 'totalSamplesReceived'),
    // Silence that the sender left out on purpose is made up too, but nobody misses it.
    concealed: number(sound, 'concealedSamples') - number(sound, 'silentConcealedSamples'),
    bufferDelay: number(sound, 'jitterBufferDelay'),
    emitted: number(sound, 'jitterBufferEmittedCount'),
    frames: number(picture, 'framesDecoded'),
    frozen: number(picture, 'totalFreezesDuration'),
  };
}

function routeOf(all: readonly Stats[], pair: Stats | undefined): 'direct' | 'relay' | null {
  if (!pair) return null;
  const ends = all.filter((s) => s['id'] === pair['localCandidateId'] || s['id'] === pair['remoteCandidateId']);
  return ends.some((s) => s['candidateType'] === 'relay') ? 'relay' : 'direct';
}

function resolutionOf(picture: Stats): QualityFigures['resolution'] {
  const [width, height] = [number(picture, 'frameWidth'), number(picture, 'frameHeight')];
  return width > 0 ? { width, height } : null;
}

function limitOf(outbound: readonly Stats[]): 'cpu' | 'bandwidth' | null {
  const reasons = outbound.map((s) => s['qualityLimitationReason']);
  if (reasons.includes('bandwidth')) return 'bandwidth';
  return reasons.includes('cpu') ? 'cpu' : null;
}
