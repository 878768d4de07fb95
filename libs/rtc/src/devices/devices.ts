import { Emitter, type Handler, Scope } from '@webcall/base';
import { MediaError, mediaErrorOf, type MediaSource } from './media-error';

/** A microphone, camera or speaker. The name is empty until the person has allowed one. */
export interface Device {
  kind: 'microphone' | 'camera' | 'speaker';
  id: string;
  name: string;
}

/** What is plugged in. */
export interface DeviceList {
  microphones: readonly Device[];
  cameras: readonly Device[];
  speakers: readonly Device[];
}

/** What a device manager tells. */
export interface DevicesEvents {
  /** Something was plugged in or pulled out, or names became known. */
  changed: { list: DeviceList; added: readonly Device[]; removed: readonly Device[] };
}

/** A microphone or camera that is open. Its track fires `ended` when the device is pulled out. */
export interface OpenDevice {
  track: MediaStreamTrack;
  /** The device that was opened, to be remembered. */
  deviceId: string;
  /** The wanted device is gone, so another one was taken. */
  fellBack: boolean;
}

/** A screen that is being shared. */
export interface OpenScreen {
  screen: MediaStreamTrack;
  /** The sound of the tab or system, if the browser and the person gave it. */
  screenSound: MediaStreamTrack | null;
  /** Resolves when the person stops it from the browser's own bar, or when `stop` is called. */
  ended: Promise<void>;
  /** Ends the sharing. */
  stop: () => void;
}

const PICTURE: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * The microphones, cameras and speakers of this device. Keeps no choice: ids to prefer come in, ids that were opened go
 * out, and the owner remembers them. Tracks that it opened are released with `release`, or all at once with `close`.
 */
export class Devices {
  private readonly events = new Emitter<DevicesEvents>();
  private readonly scope = new Scope();
  private readonly open = new Set<MediaStreamTrack>();
  private known: DeviceList = { microphones: [], cameras: [], speakers: [] };

  /** @param media `navigator.mediaDevices`, which is missing on insecure pages: then every opening is `unsupported`. */
  constructor(private readonly media: MediaDevices | undefined = navigator.mediaDevices) {
    if (media) this.scope.listen(media, 'devicechange', () => void this.refresh());
    this.scope.add(() => this.events.clear());
    this.scope.add(() => this.release(...this.open));
  }

  /** Calls `handler` on each event of that name. @returns the call that ends it. */
  on<E extends keyof DevicesEvents>(event: E, handler: Handler<DevicesEvents[E]>): () => void {
    return this.events.on(event, handler);
  }

  /** Asks the browser what is plugged in; tells `changed` if that is another list than before. */
  async refresh(): Promise<DeviceList> {
    if (!this.media) return this.known;
    const infos = await this.media.enumerateDevices();
    const before = this.known;
    this.known = listOf(infos);
    const [added, removed] = [missingFrom(before, this.known), missingFrom(this.known, before)];
    const renamed = JSON.stringify(before) !== JSON.stringify(this.known);
    if (!this.scope.closed && renamed) this.events.emit('changed', { list: this.known, added, removed });
    return this.known;
  }

  /** Opens a microphone: the wanted one, or else the system's. @throws MediaError */
  async openMicrophone(deviceId?: string | null): Promise<OpenDevice> {
    return this.openDevice('microphone', deviceId, (id) => ({ audio: { ...SOUND, ...id } }));
  }

  /** Opens a camera: the wanted one, or else the system's. @throws MediaError */
  async openCamera(deviceId?: string | null): Promise<OpenDevice> {
    return this.openDevice('camera', deviceId, (id) => ({ video: { ...PICTURE, ...id } }));
  }

  /** Asks the person for a screen, window or tab to share. @throws MediaError; `denied` also if the picker was cancelled */
  async openScreen(): Promise<OpenScreen> {
    if (!this.media?.getDisplayMedia) throw new MediaError('screen', 'unsupported');
    const stream = await this.media
      .getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true })
      .catch((error: unknown) => {
        throw mediaErrorOf('screen', error);
      });
    const [screen] = stream.getVideoTracks();
    if (!screen) throw new MediaError('screen', 'failed');
    const tracks = stream.getTracks();
    this.keep(...tracks);
    let stop = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      stop = () => {
        this.release(...tracks);
        resolve();
      };
    });
    screen.addEventListener('ended', stop, { once: true });
    return { screen, screenSound: stream.getAudioTracks()[0] ?? null, ended, stop };
  }

  /** Stops tracks and so turns the device (and its lamp) off. */
  release(...tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) {
      track.stop();
      this.open.delete(track);
    }
  }

  /** Releases every track and stops listening. */
  close(): void {
    this.scope.close();
  }

  private async openDevice(
    source: MediaSource,
    wanted: string | null | undefined,
    constraints: (id: MediaTrackConstraints) => MediaStreamConstraints,
  ): Promise<OpenDevice> {
    if (!wanted) return this.opened(await this.attempt(source, constraints({})));
    try {
      return this.opened(await this.attempt(source, constraints({ deviceId: { exact: wanted } })), wanted);
    } catch (error) {
      if (mediaErrorOf(source, error).reason === 'denied') throw error;
      return this.opened(await this.attempt(source, constraints({})), wanted);
    }
  }

  private async attempt(source: MediaSource, constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
    if (!this.media) throw new MediaError(source, 'unsupported');
    const stream = await this.media.getUserMedia(constraints).catch((error: unknown) => {
      throw mediaErrorOf(source, error);
    });
    const [track] = stream.getTracks();
    if (!track) throw new MediaError(source, 'missing');
    return track;
  }

  private opened(track: MediaStreamTrack, wanted?: string): OpenDevice {
    this.keep(track);
    void this.refresh();
    const { deviceId = '' } = track.getSettings();
    return { track, deviceId, fellBack: wanted !== undefined && wanted !== deviceId };
  }

  private keep(...tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) this.open.add(track);
    if (this.scope.closed) this.release(...tracks);
  }
}

function listOf(infos: readonly MediaDeviceInfo[]): DeviceList {
  const of = (type: MediaDeviceKind, kind: Device['kind']): Device[] =>
    infos.filter((d) => d.kind === type && d.deviceId !== '').map((d) => ({ kind, id: d.deviceId, name: d.label }));
  return {
    microphones: of('audioinput', 'microphone'),
    cameras: of('videoinput', 'camera'),
    speakers: of('audiooutput', 'speaker'),
  };
}

function missingFrom(list: DeviceList, other: DeviceList): Device[] {
  const all = (l: DeviceList): Device[] => [...l.microphones, ...l.cameras, ...l.speakers];
  const keys = new Set(all(list).map((d) => `${d.kind} ${d.id}`));
  return all(other).filter((d) => !keys.has(`${d.kind} ${d.id}`));
}
