/** How good the media of a participant arrive: `lost` while there is no connection. */
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
  /** Share of the sound that had to be made up, 0 to 1. */
  concealed: number | null;
  /** Pictures decoded per second: the camera's, or the screen's if only that is sent. */
  fps: number | null;
  /** How long the picture stood still, ms. */
  frozen: number | null;
  /** Size of the received picture. */
  resolution: { width: number; height: number } | null;
  /** What we get and send, bit/s. */
  bitrateIn: number | null;
  bitrateOut: number | null;
  /** Whether the media go through a TURN server. */
  route: 'direct' | 'relay' | null;
  /** What holds our own picture down for this participant. */
  limitedBy: 'cpu' | 'bandwidth' | null;
}

/** A level with its figures. */
export interface Quality {
  level: QualityLevel;
  figures: QualityFigures;
}
