import { Emitter, type EventHandler, Scope } from '@webcall/base';
import { MediaError, type MediaSource, toMediaError } from './media-error';

/** A microphone, camera or speaker. The name is empty until the person has allowed one. */
export interface MediaDevice {
  kind: 'microphone' | 'camera' | 'speaker';
  id: string;
  name: string;
}

/** The devices that are plugged in. */
export interface MediaDeviceList {
  microphones: readonly MediaDevice[];
  cameras: readonly MediaDevice[];
  speakers: readonly MediaDevice[];
}

/** Events of a device manager. */
export interface MediaDeviceEvents {
  /** Something was plugged in or pulled out, or names became known. */
  changed: { list: MediaDeviceList; added: readonly MediaDevice[]; removed: readonly MediaDevice[] };
}

/** A microphone or camera that is open. Its track fires `ended` when the device is pulled out. */
export interface OpenDevice {
  track: MediaStreamTrack;
  /** The opened device; its owner may remember it as the preferred one. */
  deviceId: string;
  /** The wanted device could not be opened, so another one was. */
  fellBack: boolean;
}

/** A screen that is being shared. */
export interface OpenScreen {
  screen: MediaStreamTrack;
  /** The sound of the tab or system, if the browser and the person gave it. */
  screenSound: MediaStreamTrack | null;
  /** Resolves when the person stops the sharing in the browser's own bar, or when `stop` is called. */
  ended: Promise<void>;
  /** Ends the sharing. */
  stop: () => void;
}

const CAMERA_CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const MICROPHONE_CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/**
 * Lists and opens the microphones, cameras and speakers of this device. It remembers no choice: callers pass the id to
 * prefer and get the id that was opened. `releaseTracks` releases opened tracks, `closeManager` all of them at once.
 */
export class MediaDeviceManager {
  private readonly events = new Emitter<MediaDeviceEvents>();
  private readonly scope = new Scope();
  private readonly open = new Set<MediaStreamTrack>();
  private known: MediaDeviceList = { microphones: [], cameras: [], speakers: [] };

  /** @param media `navigator.mediaDevices`, which is missing on insecure pages: then every opening is `unsupported`. */
  constructor(private readonly media: MediaDevices | undefined = navigator.mediaDevices) {
    if (media) this.scope.listenToEvent(media, 'devicechange', () => void this.refreshDeviceList());
    this.scope.addCleanup(() => this.events.removeAllHandlers());
    this.scope.addCleanup(() => this.releaseTracks(...this.open));
  }

  /** Calls `handler` on each event of that name. @returns a function that removes the handler. */
  on<E extends keyof MediaDeviceEvents>(event: E, handler: EventHandler<MediaDeviceEvents[E]>): () => void {
    return this.events.on(event, handler);
  }

  /** Reads the list of devices from the browser; emits `changed` if it differs from the list before. */
  async refreshDeviceList(): Promise<MediaDeviceList> {
    if (!this.media) return this.known;
    const infos = await this.media.enumerateDevices();
    const before = this.known;
    this.known = toMediaDeviceList(infos);
    const [added, removed] = [devicesMissingFrom(before, this.known), devicesMissingFrom(this.known, before)];
    const renamed = JSON.stringify(before) !== JSON.stringify(this.known);
    if (!this.scope.isClosed && renamed) this.events.emit('changed', { list: this.known, added, removed });
    return this.known;
  }

  /** Opens a microphone: the wanted one, or else the system's default. @throws MediaError */
  async openMicrophone(deviceId?: string | null): Promise<OpenDevice> {
    return this.openPreferredDevice('microphone', deviceId, (id) => ({ audio: { ...MICROPHONE_CONSTRAINTS, ...id } }));
  }

  /** Opens a camera: the wanted one, or else the system's default. @throws MediaError */
  async openCamera(deviceId?: string | null): Promise<OpenDevice> {
    return this.openPreferredDevice('camera', deviceId, (id) => ({ video: { ...CAMERA_CONSTRAINTS, ...id } }));
  }

  /** Asks the person for a screen, window or tab to share. @throws MediaError; `denied` also for a cancelled picker */
  async openScreenShare(): Promise<OpenScreen> {
    if (!this.media?.getDisplayMedia) throw new MediaError('screen', 'unsupported');
    const stream = await this.media
      .getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true })
      .catch((error: unknown) => {
        throw toMediaError('screen', error);
      });
    const [screen] = stream.getVideoTracks();
    if (!screen) throw new MediaError('screen', 'failed');
    const tracks = stream.getTracks();
    this.rememberOpenTracks(...tracks);
    let stop = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      stop = () => {
        this.releaseTracks(...tracks);
        resolve();
      };
    });
    screen.addEventListener('ended', stop, { once: true });
    return { screen, screenSound: stream.getAudioTracks()[0] ?? null, ended, stop };
  }

  /** Stops tracks, which turns the device (and its lamp) off. */
  releaseTracks(...tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) {
      track.stop();
      this.open.delete(track);
    }
  }

  /** Releases every track and stops listening. */
  closeManager(): void {
    this.scope.closeScope();
  }

  private async openPreferredDevice(
    source: MediaSource,
    wanted: string | null | undefined,
    constraints: (id: MediaTrackConstraints) => MediaStreamConstraints,
  ): Promise<OpenDevice> {
    if (!wanted) return this.registerOpenTrack(await this.requestUserMedia(source, constraints({})));
    try {
      return this.registerOpenTrack(
        await this.requestUserMedia(source, constraints({ deviceId: { exact: wanted } })),
        wanted,
      );
    } catch (error) {
      if (toMediaError(source, error).reason === 'denied') throw error;
      return this.registerOpenTrack(await this.requestUserMedia(source, constraints({})), wanted);
    }
  }

  private async requestUserMedia(source: MediaSource, constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
    if (!this.media) throw new MediaError(source, 'unsupported');
    const stream = await this.media.getUserMedia(constraints).catch((error: unknown) => {
      throw toMediaError(source, error);
    });
    const [track] = stream.getTracks();
    if (!track) throw new MediaError(source, 'missing');
    return track;
  }

  private registerOpenTrack(track: MediaStreamTrack, wanted?: string): OpenDevice {
    this.rememberOpenTracks(track);
    void this.refreshDeviceList();
    const { deviceId = '' } = track.getSettings();
    return { track, deviceId, fellBack: wanted !== undefined && wanted !== deviceId };
  }

  private rememberOpenTracks(...tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) this.open.add(track);
    if (this.scope.isClosed) this.releaseTracks(...tracks);
  }
}

function toMediaDeviceList(infos: readonly MediaDeviceInfo[]): MediaDeviceList {
  const of = (type: MediaDeviceKind, kind: MediaDevice['kind']): MediaDevice[] =>
    infos.filter((d) => d.kind === type && d.deviceId !== '').map((d) => ({ kind, id: d.deviceId, name: d.label }));
  return {
    microphones: of('audioinput', 'microphone'),
    cameras: of('videoinput', 'camera'),
    speakers: of('audiooutput', 'speaker'),
  };
}

function devicesMissingFrom(list: MediaDeviceList, other: MediaDeviceList): MediaDevice[] {
  const all = (l: MediaDeviceList): MediaDevice[] => [...l.microphones, ...l.cameras, ...l.speakers];
  const keys = new Set(all(list).map((d) => `${d.kind} ${d.id}`));
  return all(other).filter((d) => !keys.has(`${d.kind} ${d.id}`));
}
