import { Mutex } from '@webcall/base';
import { MEDIA_KINDS, type MediaKind } from '@webcall/domain';
import type { TileSizes } from '../tile-request';
import { applySenderEncoding, chooseCameraEncoding, type PictureConditions } from './sender-encoding';

/** The tracks that this device sends, by kind; kinds without a track are missing. */
export type LocalMedia = ReadonlyMap<MediaKind, MediaStreamTrack>;

/** Conditions for all media sent over a link. */
export interface SendingConditions {
  /** How many links share the uplink. */
  links: number;
  /** Whether the path has just connected. */
  fresh: boolean;
  /** The step down to which the camera is reduced. */
  step: number;
  /** How tall the other side shows us; null while it is unknown. */
  tiles: TileSizes | null;
}

/** The assumed height of a camera or screen when the browser does not report it. */
const DEFAULT_PICTURE_LINES = 720;

/**
 * The four transceivers of a link, one for each kind in the order of MEDIA_KINDS: both sides know by the position which
 * kind a transceiver carries. The side that offers makes them once; afterwards only tracks are replaced.
 */
export class MediaSlots {
  private transceivers: readonly RTCRtpTransceiver[] = [];
  /** The tracks of one stream are played in sync: microphone with camera, screen sound with screen. */
  private readonly person = new MediaStream();
  private readonly presentation = new MediaStream();
  /** Senders are changed one after the other. */
  private readonly tuning = new Mutex();
  private readonly tuned = new Map<MediaKind, string>();

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly local: LocalMedia,
  ) {}

  /** Makes the transceivers, before the first offer. */
  createTransceivers(): void {
    this.transceivers = MEDIA_KINDS.map((kind) => {
      const source = this.local.get(kind) ?? (isSoundKind(kind) ? 'audio' : 'video');
      return this.pc.addTransceiver(source, { direction: 'sendrecv', streams: [this.mediaStreamOf(kind)] });
    });
    this.preferRedundantSound();
  }

  /** Uses the transceivers of a received offer, before its answer is made: so the answer already sends both ways. */
  async adoptTransceivers(): Promise<void> {
    if (this.transceivers.length > 0) return;
    const transceivers = this.pc.getTransceivers();
    if (transceivers.length !== MEDIA_KINDS.length)
      throw new Error(`An offer with ${transceivers.length} transceivers`);
    this.transceivers = transceivers;
    this.preferRedundantSound();
    for (const kind of MEDIA_KINDS) await this.prepareTransceiver(kind);
  }

  /** Sends the device's present track of that kind. */
  async replaceSentTrack(kind: MediaKind): Promise<void> {
    await this.transceiverOf(kind)?.sender.replaceTrack(this.local.get(kind) ?? null);
  }

  /** Adapts all senders to the conditions; leaves a sender alone if nothing changes for it. */
  tuneAllSenders(conditions: SendingConditions): Promise<void> {
    return this.tuning.runExclusive(async () => {
      for (const kind of MEDIA_KINDS) await this.tuneSenderOfKind(kind, conditions);
    });
  }

  /** @returns the bitrate of the camera under these conditions, bit/s; 0 when it sends nothing. */
  estimateCameraBitrate(conditions: SendingConditions): number {
    const { active, maxBitrate } = chooseCameraEncoding(this.pictureConditionsOf('camera', conditions));
    return active && this.local.has('camera') ? maxBitrate : 0;
  }

  /** @returns the receiver of the other side's media of that kind, if the transceivers exist. */
  receiverOf(kind: MediaKind): RTCRtpReceiver | null {
    return this.transceiverOf(kind)?.receiver ?? null;
  }

  private async tuneSenderOfKind(kind: MediaKind, conditions: SendingConditions): Promise<void> {
    const sender = this.transceiverOf(kind)?.sender;
    const wanted = this.pictureConditionsOf(kind, conditions);
    const key = isSoundKind(kind) ? 'sound' : JSON.stringify(wanted);
    if (!sender || this.tuned.get(kind) === key) return;
    if (await applySenderEncoding(sender, kind, wanted)) this.tuned.set(kind, key);
  }

  private pictureConditionsOf(kind: MediaKind, { links, fresh, step, tiles }: SendingConditions): PictureConditions {
    const track = this.local.get(kind);
    const captured = (!isSoundKind(kind) && track?.getSettings().height) || DEFAULT_PICTURE_LINES;
    const tile = kind === 'camera' || kind === 'screen' ? (tiles?.[kind] ?? null) : null;
    return { links, fresh, step, tile, captured, moving: track?.contentHint === 'motion' };
  }

  private async prepareTransceiver(kind: MediaKind): Promise<void> {
    const transceiver = this.transceiverOf(kind);
    if (!transceiver) return;
    transceiver.direction = 'sendrecv';
    if ('setStreams' in transceiver.sender) transceiver.sender.setStreams(this.mediaStreamOf(kind));
    await transceiver.sender.replaceTrack(this.local.get(kind) ?? null);
  }

  private transceiverOf(kind: MediaKind): RTCRtpTransceiver | undefined {
    return this.transceivers[MEDIA_KINDS.indexOf(kind)];
  }

  private mediaStreamOf(kind: MediaKind): MediaStream {
    return kind === 'microphone' || kind === 'camera' ? this.person : this.presentation;
  }

  /**
   * Sends each piece of speech twice where the browser can (RED): only a tenth of the lost sound is left to conceal.
   * The codecs are only reordered, because Firefox leaves lines of removed codecs behind that Chromium refuses.
   */
  private preferRedundantSound(): void {
    const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
    const redundant = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'audio/red');
    if (redundant.length === 0) return;
    this.transceiverOf('microphone')?.setCodecPreferences([
      ...redundant,
      ...codecs.filter((codec) => !redundant.includes(codec)),
    ]);
  }
}

function isSoundKind(kind: MediaKind): boolean {
  return kind === 'microphone' || kind === 'screenSound';
}
