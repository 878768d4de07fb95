import type { MediaKind } from '@webcall/domain';

/** What the cameras of one device may send in all, bit/s: the uplink of an ordinary home holds it. */
const CAMERA_BUDGET = 2_400_000;
const CAMERA_MAX = 1_500_000;
const CAMERA_MIN = 30_000;
/** What the screens of one device may send in all, and each of them, bit/s. */
const SCREEN_BUDGET = 5_000_000;
const SCREEN_MAX = 2_500_000;
const SCREEN_MIN = 300_000;
/** The picture that the bitrates are meant for. */
const FULL_LINES = 720;

/** What the camera keeps at each step down, while the path is bad. */
const LADDER = [
  { share: 1, lines: 2160, framerate: 30 },
  { share: 0.6, lines: 540, framerate: 24 },
  { share: 0.35, lines: 360, framerate: 15 },
  { share: 0.15, lines: 180, framerate: 10 },
  { share: 0.05, lines: 180, framerate: 1 },
] as const;

/** What decides about a picture that is sent to one participant. */
export interface PictureConditions {
  /** How many links share the uplink. */
  links: number;
  /** How far down the ladder the path to the participant has forced the camera; 0: not at all. */
  step: number;
  /** How tall the participant shows it, px; 0: not at all, null: not told. */
  tile: number | null;
  /** How tall the picture is made, px. */
  captured: number;
  /** Whether the person wants its movement rather than its sharpness. */
  moving: boolean;
}

/** What a picture sends over a link. */
export interface PictureEncoding {
  active: boolean;
  /** bit/s */
  maxBitrate: number;
  maxFramerate: number;
  /** The lines made divided by the lines sent. */
  scaleResolutionDownBy: number;
}

/** Shares the camera's budget between the links, and sends no more than is shown and the path holds. */
export function cameraEncoding({ links, step, tile, captured }: PictureConditions): PictureEncoding {
  const rung = LADDER[step] ?? LADDER[0];
  const { lines: most, framerate } = sharedBy(links);
  const lines = Math.min(most, rung.lines, tile || captured, captured);
  const budget = Math.min(CAMERA_MAX, CAMERA_BUDGET / Math.max(1, links), CAMERA_MAX * (lines / FULL_LINES) ** 1.4);
  return {
    active: tile !== 0,
    maxBitrate: Math.round(Math.max(CAMERA_MIN, budget * rung.share)),
    maxFramerate: Math.min(framerate, rung.framerate),
    scaleResolutionDownBy: captured / lines,
  };
}

/** A screen with text keeps all of its lines unless it is shown as a stamp; one with movement follows its tile. */
export function screenEncoding({ links, tile, captured, moving }: PictureConditions): PictureEncoding {
  const shown = tile || captured;
  const lines = Math.min(captured, moving || shown * 2 <= captured ? shown : captured);
  return {
    active: tile !== 0,
    maxBitrate: Math.round(Math.max(SCREEN_MIN, Math.min(SCREEN_MAX, SCREEN_BUDGET / Math.max(1, links)))),
    maxFramerate: moving ? 30 : 15,
    scaleResolutionDownBy: captured / lines,
  };
}

/** What matters in each kind, told to the encoder: faces must move, text must be sharp. */
export const CONTENT_HINTS: Readonly<Record<MediaKind, string>> = {
  microphone: 'speech',
  camera: 'motion',
  screen: 'detail',
  screenSound: 'music',
};

/** Sets what a sender may use. @returns whether it took it: it takes nothing before it is negotiated */
export async function tuneSender(
  sender: RTCRtpSender,
  kind: MediaKind,
  conditions: PictureConditions,
): Promise<boolean> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) return false;
  if (kind === 'camera' || kind === 'screen') {
    Object.assign(encoding, kind === 'camera' ? cameraEncoding(conditions) : screenEncoding(conditions));
    const still = kind === 'screen' && !conditions.moving;
    parameters.degradationPreference = still ? 'maintain-resolution' : 'maintain-framerate';
  } else {
    // Where the path is narrow, the sound goes first.
    encoding.priority = 'high';
    encoding.networkPriority = 'high';
  }
  await sender.setParameters(parameters);
  return true;
}

function sharedBy(links: number): { lines: number; framerate: number } {
  if (links <= 1) return { lines: 720, framerate: 30 };
  if (links === 2) return { lines: 480, framerate: 30 };
  if (links <= 4) return { lines: 360, framerate: 24 };
  return { lines: 240, framerate: 15 };
}
