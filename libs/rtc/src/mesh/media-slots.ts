import { MEDIA_KINDS, type MediaKind } from '@webcall/domain';
import { cameraEncoding, tuneSender, type PictureConditions } from './encoding';
import { Lock } from '@webcall/base';
import type { TileSizes } from '../tiles';

/** What this device sends, by kind; kinds without a track are missing. */
export type LocalMedia = ReadonlyMap<MediaKind, MediaStreamTrack>;

/** What decides about all that is sent over a link. */
export interface SendingConditions {
  /** How many links share the uplink. */
  links: number;
  /** How far the camera is stepped down. */
  step: number;
  /** What the other side shows; null: it has not told. */
  tiles: TileSizes | null;
}

/** What a camera or screen is taken for when the browser does not tell. */
const USUAL_LINES = 720;

/**
 * The four transceivers of a link, one for each kind in the order of MEDIA_KINDS: the place in the order tells what a
 * transceiver carries. They are made once by the side that offers; afterwards only tracks are swapped.
 */
export class MediaSlots {
  private transceivers: readonly RTCRtpTransceiver[] = [];
  /** Sound and picture of one source are played in step. */
  private readonly person = new MediaStream();
  private readonly presentation = new MediaStream();
  /** A sender takes one change after the other. */
  private readonly tuning = new Lock();
  private readonly tuned = new Map<MediaKind, string>();

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly local: LocalMedia,
  ) {}

  /** Makes the transceivers, before the first offer. */
  create(): void {
    this.transceivers = MEDIA_KINDS.map((kind) => {
      const source = this.local.get(kind) ?? (isSound(kind) ? 'audio' : 'video');
      return this.pc.addTransceiver(source, { direction: 'sendrecv', streams: [this.streamOf(kind)] });
    });
    this.preferRedundantSound();
  }

  /** Takes the transceivers that an offer has made, before its answer: so the answer already sends both ways. */
  async adopt(): Promise<void> {
    if (this.transceivers.length > 0) return;
    const transceivers = this.pc.getTransceivers();
    if (transceivers.length !== MEDIA_KINDS.length)
      throw new Error(`An offer with ${transceivers.length} transceivers`);
    this.transceivers = transceivers;
    this.preferRedundantSound();
    for (const kind of MEDIA_KINDS) await this.ready(kind);
  }

  /** Sends what the device now has of that kind. */
  async refresh(kind: MediaKind): Promise<void> {
    await this.of(kind)?.sender.replaceTrack(this.local.get(kind) ?? null);
  }

  /** Sends as much as the conditions allow; does nothing where that has not changed. */
  tune(conditions: SendingConditions): Promise<void> {
    return this.tuning.run(async () => {
      for (const kind of MEDIA_KINDS) await this.tuneKind(kind, conditions);
    });
  }

  /** What the camera takes under these conditions, bit/s; 0 when it sends nothing. */
  cameraTakes(conditions: SendingConditions): number {
    const { active, maxBitrate } = cameraEncoding(this.conditionsOf('camera', conditions));
    return active && this.local.has('camera') ? maxBitrate : 0;
  }

  /** What the other side's media of that kind arrive in, if the transceivers are there. */
  receiver(kind: MediaKind): RTCRtpReceiver | null {
    return this.of(kind)?.receiver ?? null;
  }

  private async tuneKind(kind: MediaKind, conditions: SendingConditions): Promise<void> {
    const sender = this.of(kind)?.sender;
    const wanted = this.conditionsOf(kind, conditions);
    const key = isSound(kind) ? 'sound' : JSON.stringify(wanted);
    if (!sender || this.tuned.get(kind) === key) return;
    if (await tuneSender(sender, kind, wanted)) this.tuned.set(kind, key);
  }

  private conditionsOf(kind: MediaKind, { links, step, tiles }: SendingConditions): PictureConditions {
    const track = this.local.get(kind);
    const captured = (!isSound(kind) && track?.getSettings().height) || USUAL_LINES;
    const tile = kind === 'camera' || kind === 'screen' ? (tiles?.[kind] ?? null) : null;
    return { links, step, tile, captured, moving: track?.contentHint === 'motion' };
  }

  private async ready(kind: MediaKind): Promise<void> {
    const transceiver = this.of(kind);
    if (!transceiver) return;
    transceiver.direction = 'sendrecv';
    if ('setStreams' in transceiver.sender) transceiver.sender.setStreams(this.streamOf(kind));
    await transceiver.sender.replaceTrack(this.local.get(kind) ?? null);
  }

  private of(kind: MediaKind): RTCRtpTransceiver | undefined {
    return this.transceivers[MEDIA_KINDS.indexOf(kind)];
  }

  private streamOf(kind: MediaKind): MediaStream {
    return kind === 'microphone' || kind === 'camera' ? this.person : this.presentation;
  }

  /**
   * Sends each piece of speech twice where the browser can (RED): of the lost sound a tenth is left to be made up.
   * The codecs are only put in another order, for Firefox leaves lines of removed ones behind that Chromium refuses.
   */
  private preferRedundantSound(): void {
    const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
    const redundant = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'audio/red');
    if (redundant.length === 0) return;
    this.of('microphone')?.setCodecPreferences([...redundant, ...codecs.filter((codec) => !redundant.includes(codec))]);
  }
}

function isSound(kind: MediaKind): boolean {
  return kind === 'microphone' || kind === 'screenSound';
}
