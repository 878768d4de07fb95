import type { MediaKind } from '@webcall/domain';

/** What the cameras of one device may send in all, bit/s: the uplink of an ordinary home holds it. */
const CAMERA_BUDGET = 2_400_000;
const CAMERA_MAX = 1_500_000;

/** What a camera sends over each link. */
export interface CameraEncoding {
  /** bit/s */
  maxBitrate: number;
  /** 720 lines divided by this. */
  scaleResolutionDownBy: number;
  maxFramerate: number;
}

/** Shares the camera's budget between the links: fewer lines and pictures for more of them. */
export function cameraEncoding(links: number): CameraEncoding {
  const maxBitrate = Math.min(CAMERA_MAX, Math.round(CAMERA_BUDGET / Math.max(1, links)));
  if (links <= 1) return { maxBitrate, scaleResolutionDownBy: 1, maxFramerate: 30 };
  if (links === 2) return { maxBitrate, scaleResolutionDownBy: 1.5, maxFramerate: 30 };
  if (links <= 4) return { maxBitrate, scaleResolutionDownBy: 2, maxFramerate: 24 };
  return { maxBitrate, scaleResolutionDownBy: 3, maxFramerate: 15 };
}

/** What matters in each kind, told to the encoder: faces must move, text must be sharp. */
export const CONTENT_HINTS: Readonly<Record<MediaKind, string>> = {
  microphone: 'speech',
  camera: 'motion',
  screen: 'detail',
  screenSound: 'music',
};

/** Sets what a sender may use, for a call with that many links. */
export async function tuneSender(sender: RTCRtpSender, kind: MediaKind, links: number): Promise<void> {
  if (kind !== 'camera' && kind !== 'screen') return;
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) return;
  if (kind === 'camera') Object.assign(encoding, cameraEncoding(links));
  parameters.degradationPreference = kind === 'camera' ? 'maintain-framerate' : 'maintain-resolution';
  await sender.setParameters(parameters);
}
