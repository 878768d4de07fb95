import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { Mutex, Scope } from '@webcall/base';
import type { MediaKind, MediaState } from '@webcall/domain';
import { MediaError, type MediaErrorReason, type OpenDevice, type OpenScreen } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { BrowserStorage } from '../../core/browser/browser-storage';
import { DeviceChoice } from './device-choice';
import { MediaPreferences } from './media-preferences';
import { NoiseFilter } from './noise-filter';

/** The devices that can be on or off in a call. */
export type CaptureKind = 'microphone' | 'camera';

/** A change of the own devices that the person should know of. */
export interface DeviceNotice {
  kind: CaptureKind;
  /** `replaced`: the device was removed and another one took over; `lost`: there is no other one. */
  type: 'replaced' | 'lost';
  name: string;
}

const KEY = 'media';
const OFF = { microphone: false, camera: false };

/** The open microphone, camera and screen of this device, in the lobby and in the call. */
@Injectable({ providedIn: 'root' })
export class LocalMedia {
  private readonly choice = inject(DeviceChoice);
  private readonly storage = inject(BrowserStorage).browser;
  private readonly preferences = inject(MediaPreferences);
  private readonly open = { microphone: signal<OpenDevice | null>(null), camera: signal<OpenDevice | null>(null) };
  private readonly sharing = signal<OpenScreen | null>(null);
  /** The shared screen whose sound was stopped. */
  private readonly silent = signal<OpenScreen | null>(null);
  /** Devices that `holdMediaKinds` turned off, until the person turns them on. */
  private readonly stopped = new Set<CaptureKind>();
  private readonly turn = { microphone: new Mutex(), camera: new Mutex() };
  /** Closed when the devices, or the screen, are released: tracks that the browser opens after that are closed. */
  private use = new Scope();
  private shareUse = new Scope();

  /** The devices that the person wants on, stored for the next call. The first call begins without camera. */
  readonly wanted = signal<Record<CaptureKind, boolean>>({
    microphone: true,
    camera: false,
    ...(this.storage.readValue(KEY) as Partial<Record<CaptureKind, boolean>> | null),
  });
  /** Whether sound and picture are really sent. */
  readonly on = signal<Record<CaptureKind, boolean>>(OFF);
  readonly busy = signal<Record<CaptureKind, boolean>>(OFF);
  /** The media that a moderator of the call holds: they cannot be turned on. */
  readonly held = signal<readonly MediaKind[]>([], { equal: (a, b) => a.join() === b.join() });
  readonly problems = signal<Partial<Record<CaptureKind, MediaErrorReason>>>({});
  readonly news = new Subject<DeviceNotice>();

  readonly microphone = inject(NoiseFilter).filterMicrophone(computed(() => this.open.microphone()?.track ?? null));
  readonly camera = computed(() => this.open.camera()?.track ?? null);
  readonly screen = computed(() => this.sharing()?.screen ?? null);
  private readonly screenSound = computed(() => {
    const sharing = this.sharing();
    return sharing === this.silent() ? null : (sharing?.screenSound ?? null);
  });
  readonly tracks = computed<Record<MediaKind, MediaStreamTrack | null>>(() => ({
    microphone: this.microphone(),
    camera: this.camera(),
    screen: this.screen(),
    screenSound: this.screenSound(),
  }));
  readonly state = computed<MediaState>(
    () => ({ ...this.on(), screen: !!this.screen(), screenSound: !!this.screenSound() }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );

  constructor() {
    effect(() => {
      const [screen, content] = [this.screen(), this.preferences.screenContent()];
      if (screen) screen.contentHint = content === 'text' ? 'detail' : 'motion';
    });
  }

  /** The id of the device that is open, for menus. */
  openDeviceId(kind: CaptureKind): string | undefined {
    return this.open[kind]()?.deviceId;
  }

  /**
   * Turns a device on or off and remembers it. A device that cannot be opened stays off, with the reason in `problems`;
   * a held one stays off too.
   */
  async setDeviceEnabled(kind: CaptureKind, on: boolean): Promise<void> {
    if (on && this.held().includes(kind)) return;
    if (on) this.stopped.delete(kind);
    this.storeWantedDevices({ [kind]: on });
    return this.enqueueDeviceStep(kind, () => (on ? this.turnDeviceOn(kind) : this.turnDeviceOff(kind)));
  }

  /** Stores which devices the person wants, without opening any. */
  storeWantedDevices(wanted: Partial<Record<CaptureKind, boolean>>): void {
    this.wanted.update((w) => ({ ...w, ...wanted }));
    this.storage.storeValue(KEY, this.wanted());
  }

  /**
   * Keeps exactly these kinds off from now on. A device that was on stays off when the hold ends, until the person
   * turns it on. The next call still begins with the devices that they wanted.
   */
  holdMediaKinds(kinds: readonly MediaKind[]): void {
    this.held.set(kinds);
    for (const kind of ['microphone', 'camera'] as const) {
      if (!kinds.includes(kind)) continue;
      this.stopped.add(kind);
      const track = this.open[kind]()?.track;
      // At once, without waiting for other steps of the device.
      if (track) track.enabled = false;
      void this.enqueueDeviceStep(kind, () => this.turnDeviceOff(kind));
    }
    const sharing = this.sharing();
    if (kinds.includes('screen')) sharing?.stop();
    if (sharing && kinds.includes('screenSound')) this.stopScreenSound(sharing);
  }

  /** Goes on without a device that cannot be opened. */
  async continueWithoutDevice(kind: CaptureKind): Promise<void> {
    this.problems.update((problems) => ({ ...problems, [kind]: undefined }));
    await this.setDeviceEnabled(kind, false);
  }

  async openWantedDevices(): Promise<void> {
    const { microphone, camera } = this.wanted();
    await Promise.all([
      microphone ? this.enqueueDeviceStep('microphone', () => this.turnDeviceOn('microphone')) : undefined,
      camera ? this.enqueueDeviceStep('camera', () => this.turnDeviceOn('camera')) : undefined,
    ]);
  }

  /** Prefers another device, and changes to it if one is open. */
  async switchToDevice(kind: CaptureKind, deviceId: string): Promise<void> {
    this.choice.storePreferredDevice(kind, deviceId);
    if (this.open[kind]() || this.problems()[kind]) await this.enqueueDeviceStep(kind, () => this.reopenDevice(kind));
  }

  /** @throws MediaError when there is nothing to share; `denied` also when the picker was cancelled */
  async shareScreen(): Promise<void> {
    if (this.held().includes('screen')) return;
    const use = this.shareUse;
    const screen = await this.choice.devices.openScreenShare();
    if (use.isClosed || this.held().includes('screen')) return screen.stop();
    this.sharing()?.stop();
    if (this.held().includes('screenSound')) this.stopScreenSound(screen);
    this.sharing.set(screen);
    void screen.ended.then(() => this.sharing.update((current) => (current === screen ? null : current)));
  }

  stopScreenSharing(): void {
    this.shareUse.closeScope();
    this.shareUse = new Scope();
    this.sharing()?.stop();
  }

  /** Closes every device. */
  closeLocalMedia(): void {
    this.stopScreenSharing();
    this.use.closeScope();
    this.use = new Scope();
    for (const kind of ['microphone', 'camera'] as const) this.releaseOpenDevice(kind);
    this.problems.set({});
    this.stopped.clear();
  }

  private stopScreenSound(sharing: OpenScreen): void {
    sharing.screenSound?.stop();
    this.silent.set(sharing);
  }

  private shouldBeEnabled(kind: CaptureKind): boolean {
    return this.wanted()[kind] && !this.stopped.has(kind);
  }

  private enqueueDeviceStep(kind: CaptureKind, work: () => Promise<void>): Promise<void> {
    const { use } = this;
    return this.turn[kind].runExclusive(() => (use.isClosed ? undefined : work()));
  }

  private async turnDeviceOn(kind: CaptureKind): Promise<void> {
    if (this.held().includes(kind)) return;
    const open = this.open[kind]();
    if (!open) return this.reopenDevice(kind);
    open.track.enabled = true;
    this.on.update((on) => ({ ...on, [kind]: true }));
  }

  /** A muted microphone stays open, so that it is back at once; the camera is closed and its lamp goes out. */
  private async turnDeviceOff(kind: CaptureKind): Promise<void> {
    const track = this.open[kind]()?.track;
    if (kind === 'camera') this.releaseOpenDevice('camera');
    else if (track) track.enabled = false;
    this.on.update((on) => ({ ...on, [kind]: false }));
  }

  private async reopenDevice(kind: CaptureKind): Promise<void> {
    const { use } = this;
    const { devices } = this.choice;
    const preferredId = this.choice.preferredDeviceId(kind);
    const former = this.open[kind]()?.track;
    this.busy.update((busy) => ({ ...busy, [kind]: true }));
    // A phone opens one camera at a time, so the former one closes first. A microphone runs until it is replaced.
    if (former && kind === 'camera') devices.releaseTracks(former);
    try {
      const opened = await (kind === 'microphone'
        ? devices.openMicrophone(preferredId)
        : devices.openCamera(preferredId));
      if (use.isClosed) return devices.releaseTracks(opened.track);
      opened.track.enabled = this.shouldBeEnabled(kind);
      opened.track.addEventListener('ended', () => this.handleDeviceLost(kind, opened));
      this.open[kind].set(opened);
      this.on.update((on) => ({ ...on, [kind]: this.shouldBeEnabled(kind) }));
      this.problems.update((problems) => ({ ...problems, [kind]: undefined }));
      if (former) devices.releaseTracks(former);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      if (use.isClosed) return;
      if (error.reason === 'failed') console.warn('a device could not be opened', error);
      this.releaseOpenDevice(kind);
      this.problems.update((problems) => ({ ...problems, [kind]: error.reason }));
    } finally {
      this.busy.update((busy) => ({ ...busy, [kind]: false }));
    }
  }

  /** The device was removed, or the browser ended its track. */
  private handleDeviceLost(kind: CaptureKind, former: OpenDevice): void {
    if (this.open[kind]() !== former) return;
    void this.enqueueDeviceStep(kind, async () => {
      if (this.open[kind]() !== former) return;
      const { label } = former.track;
      await this.reopenDevice(kind);
      const replacement = this.open[kind]();
      this.news.next(
        replacement ? { kind, type: 'replaced', name: replacement.track.label } : { kind, type: 'lost', name: label },
      );
    });
  }

  private releaseOpenDevice(kind: CaptureKind): void {
    const track = this.open[kind]()?.track;
    this.open[kind].set(null);
    this.on.update((on) => ({ ...on, [kind]: false }));
    if (track) this.choice.devices.releaseTracks(track);
  }
}
