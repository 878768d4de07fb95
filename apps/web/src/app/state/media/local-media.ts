import { computed, effect, inject, Injectable, signal } from '@angular/core';
import type { MediaKind, MediaState } from '@webcall/domain';
import { Lock, Scope } from '@webcall/base';
import { MediaError, type MediaErrorReason, type OpenDevice, type OpenScreen } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { DeviceChoice } from './devices';
import { MediaPreferences } from './media-preferences';
import { NoiseFilter } from './noise-filter';
import { BrowserStorage } from '../../core/browser/storage';

/** The devices that can be on or off in a call. */
export type CaptureKind = 'microphone' | 'camera';

/** Something about the own devices that a person should hear of. */
export interface DeviceNews {
  kind: CaptureKind;
  /** `replaced`: the device is gone and another one took over; `lost`: there is no other one. */
  type: 'replaced' | 'lost';
  name: string;
}

const KEY = 'media';
const OFF = { microphone: false, camera: false };

/** What this device sends, in the lobby and in the call: its open microphone, camera and screen. */
@Injectable({ providedIn: 'root' })
export class LocalMedia {
  private readonly choice = inject(DeviceChoice);
  private readonly storage = inject(BrowserStorage).browser;
  private readonly preferences = inject(MediaPreferences);
  private readonly open = { microphone: signal<OpenDevice | null>(null), camera: signal<OpenDevice | null>(null) };
  private readonly sharing = signal<OpenScreen | null>(null);
  /** The shared screen whose sound was stopped. */
  private readonly silent = signal<OpenScreen | null>(null);
  /** What was turned off by `hold`, until the person turns it on. */
  private readonly stopped = new Set<CaptureKind>();
  private readonly turn = { microphone: new Lock(), camera: new Lock() };
  /** Until the devices, or the screen, are let go of: what the browser gives after that comes too late. */
  private use = new Scope();
  private shareUse = new Scope();

  /** What the person wants, remembered for the next call. The first call begins with sound and without picture. */
  readonly wanted = signal<Record<CaptureKind, boolean>>({
    microphone: true,
    camera: false,
    ...(this.storage.get(KEY) as Partial<Record<CaptureKind, boolean>> | null),
  });
  /** Whether sound and picture really go out. */
  readonly on = signal<Record<CaptureKind, boolean>>(OFF);
  readonly busy = signal<Record<CaptureKind, boolean>>(OFF);
  /** What a moderator of the call keeps off: it cannot be turned on. */
  readonly held = signal<readonly MediaKind[]>([], { equal: (a, b) => a.join() === b.join() });
  readonly problems = signal<Partial<Record<CaptureKind, MediaErrorReason>>>({});
  readonly news = new Subject<DeviceNews>();

  readonly microphone = inject(NoiseFilter).follow(computed(() => this.open.microphone()?.track ?? null));
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
  openId(kind: CaptureKind): string | undefined {
    return this.open[kind]()?.deviceId;
  }

  /**
   * Turns one on or off and remembers it. A device that cannot be opened stays off and `problems` says why; one that is
   * held stays off too.
   */
  async set(kind: CaptureKind, on: boolean): Promise<void> {
    if (on && this.held().includes(kind)) return;
    if (on) this.stopped.delete(kind);
    this.want({ [kind]: on });
    return this.inTurn(kind, () => (on ? this.turnOn(kind) : this.turnOff(kind)));
  }

  /** Remembers a wish without opening anything. */
  want(wanted: Partial<Record<CaptureKind, boolean>>): void {
    this.wanted.update((w) => ({ ...w, ...wanted }));
    this.storage.set(KEY, this.wanted());
  }

  /**
   * Keeps these off from now on, and no others. What was on stays off when it is let go of: it is for the person to turn
   * it on. The next call begins with what they wanted all the same.
   */
  hold(kinds: readonly MediaKind[]): void {
    this.held.set(kinds);
    for (const kind of ['microphone', 'camera'] as const) {
      if (!kinds.includes(kind)) continue;
      this.stopped.add(kind);
      const track = this.open[kind]()?.track;
      // At once, whatever else is under way with the device.
      if (track) track.enabled = false;
      void this.inTurn(kind, () => this.turnOff(kind));
    }
    const sharing = this.sharing();
    if (kinds.includes('screen')) sharing?.stop();
    if (sharing && kinds.includes('screenSound')) this.silence(sharing);
  }

  /** Goes on without a device that cannot be opened. */
  async giveUp(kind: CaptureKind): Promise<void> {
    this.problems.update((problems) => ({ ...problems, [kind]: undefined }));
    await this.set(kind, false);
  }

  /** Opens what is wanted. */
  async openWanted(): Promise<void> {
    const { microphone, camera } = this.wanted();
    await Promise.all([
      microphone ? this.inTurn('microphone', () => this.turnOn('microphone')) : undefined,
      camera ? this.inTurn('camera', () => this.turnOn('camera')) : undefined,
    ]);
  }

  /** Prefers another device, and changes to it if one is open. */
  async choose(kind: CaptureKind, deviceId: string): Promise<void> {
    this.choice.prefer(kind, deviceId);
    if (this.open[kind]() || this.problems()[kind]) await this.inTurn(kind, () => this.reopen(kind));
  }

  /** @throws MediaError when there is nothing to share; `denied` also when the picker was cancelled */
  async share(): Promise<void> {
    if (this.held().includes('screen')) return;
    const use = this.shareUse;
    const screen = await this.choice.devices.openScreen();
    if (use.closed || this.held().includes('screen')) return screen.stop();
    this.sharing()?.stop();
    if (this.held().includes('screenSound')) this.silence(screen);
    this.sharing.set(screen);
    void screen.ended.then(() => this.sharing.update((current) => (current === screen ? null : current)));
  }

  stopSharing(): void {
    this.shareUse.close();
    this.shareUse = new Scope();
    this.sharing()?.stop();
  }

  /** Lets go of every device. */
  close(): void {
    this.stopSharing();
    this.use.close();
    this.use = new Scope();
    for (const kind of ['microphone', 'camera'] as const) this.let(kind);
    this.problems.set({});
    this.stopped.clear();
  }

  private silence(sharing: OpenScreen): void {
    sharing.screenSound?.stop();
    this.silent.set(sharing);
  }

  private wishes(kind: CaptureKind): boolean {
    return this.wanted()[kind] && !this.stopped.has(kind);
  }

  private inTurn(kind: CaptureKind, work: () => Promise<void>): Promise<void> {
    const { use } = this;
    return this.turn[kind].run(() => (use.closed ? undefined : work()));
  }

  private async turnOn(kind: CaptureKind): Promise<void> {
    if (this.held().includes(kind)) return;
    const open = this.open[kind]();
    if (!open) return this.reopen(kind);
    open.track.enabled = true;
    this.on.update((on) => ({ ...on, [kind]: true }));
  }

  /** A muted microphone stays open, so that it is back at once; the camera is closed and its lamp goes out. */
  private async turnOff(kind: CaptureKind): Promise<void> {
    const track = this.open[kind]()?.track;
    if (kind === 'camera') this.let('camera');
    else if (track) track.enabled = false;
    this.on.update((on) => ({ ...on, [kind]: false }));
  }

  private async reopen(kind: CaptureKind): Promise<void> {
    const { use } = this;
    const { devices } = this.choice;
    const wanted = this.choice.preferred(kind);
    const former = this.open[kind]()?.track;
    this.busy.update((busy) => ({ ...busy, [kind]: true }));
    // A phone has one camera at a time: the former one is in the way of the next. A microphone goes on until then.
    if (former && kind === 'camera') devices.release(former);
    try {
      const opened = await (kind === 'microphone' ? devices.openMicrophone(wanted) : devices.openCamera(wanted));
      if (use.closed) return devices.release(opened.track);
      opened.track.enabled = this.wishes(kind);
      opened.track.addEventListener('ended', () => this.lost(kind, opened));
      this.open[kind].set(opened);
      this.on.update((on) => ({ ...on, [kind]: this.wishes(kind) }));
      this.problems.update((problems) => ({ ...problems, [kind]: undefined }));
      if (former) devices.release(former);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      if (use.closed) return;
      if (error.reason === 'failed') console.warn(error.message, error.cause);
      this.let(kind);
      this.problems.update((problems) => ({ ...problems, [kind]: error.reason }));
    } finally {
      this.busy.update((busy) => ({ ...busy, [kind]: false }));
    }
  }

  /** The device was pulled out, or the browser took it away. */
  private lost(kind: CaptureKind, former: OpenDevice): void {
    if (this.open[kind]() !== former) return;
    void this.inTurn(kind, async () => {
      if (this.open[kind]() !== former) return;
      const { label } = former.track;
      await this.reopen(kind);
      const now = this.open[kind]();
      this.news.next(now ? { kind, type: 'replaced', name: now.track.label } : { kind, type: 'lost', name: label });
    });
  }

  private let(kind: CaptureKind): void {
    const track = this.open[kind]()?.track;
    this.open[kind].set(null);
    this.on.update((on) => ({ ...on, [kind]: false }));
    if (track) this.choice.devices.release(track);
  }
}
