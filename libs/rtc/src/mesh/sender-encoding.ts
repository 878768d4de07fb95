import type { MediaKind } from '@webcall/domain';

/** How much a device may send of its camera over all links together, bit/s: an ordinary home's uplink can carry it. */
const CAMERA_BUDGET = 2_400_000;
const CAMERA_MAX = 1_500_000;
const CAMERA_MIN = 30_000;
/** How much a device may send of its screen over all links together and over each link, bit/s. */
const SCREEN_BUDGET = 5_000_000;
const SCREEN_MAX = 2_500_000;
const SCREEN_MIN = 300_000;
/**
 * The height of a camera's first picture on a new path. A browser begins at 300 kbit/s, and for some 200 ms it drops
 * pictures that are too large for that; one of this height is sent at once.
 */
const FIRST_PICTURE_LINES = 180;
/** The height of the picture that the bitrates are meant for. */
const FULL_PICTURE_LINES = 720;

/** Limits of the camera at each step down, while the path is bad. */
const CAMERA_LADDER = [
  { share: 1, lines: 2160, framerate: 30 },
  { share: 0.6, lines: 540, framerate: 24 },
  { share: 0.35, lines: 360, framerate: 15 },
  { share: 0.15, lines: 180, framerate: 10 },
  { share: 0.05, lines: 180, framerate: 1 },
] as const;

/** Conditions for a picture that is sent to one participant. */
export interface PictureConditions {
  /** How many links share the uplink. */
  links: number;
  /** Whether the path has just connected, so that the browser has yet to learn what it can carry. */
  fresh: boolean;
  /** How far down the ladder the path to the participant has forced the camera; 0: not at all. */
  step: number;
  /** How tall the participant shows it, px; 0: not at all, null: unknown. */
  tile: number | null;
  /** The captured height of the picture, px. */
  captured: number;
  /** Whether the person prefers smooth movement to sharpness. */
  moving: boolean;
}

/** The encoding of a picture on one link. */
export interface PictureEncoding {
  active: boolean;
  /** bit/s */
  maxBitrate: number;
  maxFramerate: number;
  /** Captured lines divided by sent lines. */
  scaleResolutionDownBy: number;
}

/** Shares the camera's budget between the links, and sends no more than is shown and the path can carry. */
export function chooseCameraEncoding({ links, fresh, step, tile, captured }: PictureConditions): PictureEncoding {
  const rung = CAMERA_LADDER[step] ?? CAMERA_LADDER[0];
  const { lines: most, framerate } = cameraLimitsFor(links);
  const lines = Math.min(most, rung.lines, tile || captured, captured);
  const budget = Math.min(
    CAMERA_MAX,
    CAMERA_BUDGET / Math.max(1, links),
    CAMERA_MAX * (lines / FULL_PICTURE_LINES) ** 1.4,
  );
  return {
    active: tile !== 0,
    maxBitrate: Math.round(Math.max(CAMERA_MIN, budget * rung.share)),
    maxFramerate: Math.min(framerate, rung.framerate),
    scaleResolutionDownBy: captured / (fresh ? Math.min(lines, FIRST_PICTURE_LINES) : lines),
  };
}

/** A screen with text keeps all lines unless it is shown very small; a moving screen follows the size of its tile. */
export function chooseScreenEncoding({ links, tile, captured, moving }: PictureConditions): PictureEncoding {
  const shown = tile || captured;
  const lines = Math.min(captured, moving || shown * 2 <= captured ? shown : captured);
  return {
    active: tile !== 0,
    maxBitrate: Math.round(Math.max(SCREEN_MIN, Math.min(SCREEN_MAX, SCREEN_BUDGET / Math.max(1, links)))),
    maxFramerate: moving ? 30 : 15,
    scaleResolutionDownBy: captured / lines,
  };
}

/** Hints for the encoder about each kind: faces must move smoothly, text must be sharp. */
export const CONTENT_HINTS: Readonly<Record<MediaKind, string>> = {
  microphone: 'speech',
  camera: 'motion',
  screen: 'detail',
  screenSound: 'music',
};

/** Sets the encoding of a sender. @returns whether it was set: a sender has none before it is negotiated */
export async function applySenderEncoding(
  sender: RTCRtpSender,
  kind: MediaKind,
  conditions: PictureConditions,
): Promise<boolean> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) return false;
  if (kind === 'camera' || kind === 'screen') {
    Object.assign(encoding, kind === 'camera' ? chooseCameraEncoding(conditions) : chooseScreenEncoding(conditions));
    const still = kind === 'screen' && !conditions.moving;
    parameters.degradationPreference = still ? 'maintain-resolution' : 'maintain-framerate';
  } else {
    // Sound has priority on a narrow path.
    encoding.priority = 'high';
    encoding.networkPriority = 'high';
  }
  await sender.setParameters(parameters);
  return true;
}

function cameraLimitsFor(links: number): { lines: number; framerate: number } {
  if (links <= 1) return { lines: 720, framerate: 30 };
  if (links === 2) return { lines: 480, framerate: 30 };
  if (links <= 4) return { lines: 360, framerate: 24 };
  return { lines: 240, framerate: 15 };
}
