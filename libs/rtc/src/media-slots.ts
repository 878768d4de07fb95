import { MEDIA_KINDS, type MediaKind } from '@webcall/domain';
import { tuneSender } from './encoding';

/** What this device sends, by kind; kinds without a track are missing. */
export type LocalMedia = ReadonlyMap<MediaKind, MediaStreamTrack>;

/**
 * The four transceivers of a link, one for each kind in the order of MEDIA_KINDS: the place in the order tells what a
 * transceiver carries. They are made once by the side that offers; afterwards only tracks are swapped.
 */
export class MediaSlots {
  private transceivers: readonly RTCRtpTransceiver[] = [];
  /** Sound and picture of one source are played in step. */
  private readonly person = new MediaStream();
  private readonly presentation = new MediaStream();

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

  /** Shares the uplink for a call with that many links. */
  async tune(links: number): Promise<void> {
    const tuned = MEDIA_KINDS.map(async (kind) => {
      const sender = this.of(kind)?.sender;
      if (sender) await tuneSender(sender, kind, links);
    });
    await Promise.all(tuned);
  }

  /** What the other side's media of that kind arrive in, if the transceivers are there. */
  receiver(kind: MediaKind): RTCRtpReceiver | null {
    return this.of(kind)?.receiver ?? null;
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
