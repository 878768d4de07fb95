/** Quality of the media received from a participant: `lost` while there is no connection. */
export type QualityLevel = 'good' | 'fair' | 'poor' | 'lost';

/** The figures behind a level, over the last 2 s. Null where nothing was measured (no such media, no connection). */
export interface QualityFigures {
  /** Estimated opinion score of the sound, 1 to 4.4. */
  mos: number | null;
  /** Round trip, ms. */
  rtt: number | null;
  /** Share of packets lost on the way to us, 0 to 1. */
  loss: number | null;
  /** Jitter of the sound, ms. */
  jitter: number | null;
  /** Share of the sound that had to be concealed, 0 to 1. */
  concealed: number | null;
  /** Pictures decoded per second: the camera's, or the screen's if only that is sent. */
  fps: number | null;
  /** How long the picture stood still, ms. */
  frozen: number | null;
  /** Size of the received picture. */
  resolution: { width: number; height: number } | null;
  /** Received and sent bits per second. */
  bitrateIn: number | null;
  bitrateOut: number | null;
  /** Whether the media go through a TURN server. */
  route: 'direct' | 'relay' | null;
  /** What limits our own picture for this participant. */
  limitedBy: 'cpu' | 'bandwidth' | null;
}

/** A level with its figures. */
export interface LinkQuality {
  level: QualityLevel;
  figures: QualityFigures;
}

/**
 * Estimated opinion score of sound, 1 to about 4.4 (a simplified E-model of ITU-T G.107).
 * @param delay one way, from mouth to ear, ms
 * @param concealed share of the sound that had to be concealed, 0 to 1
 */
export function estimateOpinionScore(delay: number, concealed: number): number {
  const delayed = 93.2 - (delay < 160 ? delay / 40 : (delay - 120) / 10);
  const r = Math.min(100, Math.max(0, delayed - 2.5 * concealed * 100));
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r));
}

/**
 * Rates the figures by the worst of sound, picture and network. Figures that were not measured do not count.
 * @param camera whether the picture is a camera's, which always moves
 */
export function qualityLevelOf(figures: QualityFigures, connected: boolean, camera: boolean): QualityLevel {
  if (!connected) return 'lost';
  const { mos, loss, rtt, frozen, fps } = figures;
  const poor =
    isBelowLimit(mos, 3) ||
    isAboveLimit(loss, 0.15) ||
    isAboveLimit(rtt, 800) ||
    isAboveLimit(frozen, 1000) ||
    (camera && fps === 0);
  if (poor) return 'poor';
  return isBelowLimit(mos, 3.7) || isAboveLimit(loss, 0.05) || isAboveLimit(rtt, 400) || isAboveLimit(frozen, 300)
    ? 'fair'
    : 'good';
}

function isBelowLimit(value: number | null, limit: number): boolean {
  return value !== null && value < limit;
}

function isAboveLimit(value: number | null, limit: number): boolean {
  return value !== null && value > limit;
}
