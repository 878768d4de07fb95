import { Component, DestroyRef, inject, signal } from '@angular/core';
import { playTestSound } from '@webcall/rtc';
import { CallSession } from '../../core/call-session';
import { DeviceOptions } from '../../core/device-options';
import { DeviceChoice } from '../../core/devices';
import { I18n } from '../../core/i18n';
import { type CaptureKind, LocalMedia } from '../../core/local-media';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { LevelMeter } from '../../ui/level-meter';
import { MediaTrack } from '../../ui/media-track';
import { Select } from '../../ui/select';
import { Toasts } from '../../ui/toasts';

/** Which microphone, camera and speaker calls use, and trying them. Nothing is opened before the person asks. */
@Component({
  selector: 'wc-device-settings',
  imports: [Button, Icon, LevelMeter, MediaTrack, Select],
  template: `
    <div class="device">
      <wc-select
        icon="microphone"
        [label]="t().devices.microphone"
        [options]="options.microphones()"
        [value]="options.microphone()"
        (valueChange)="local.choose('microphone', $event)"
      />
      <wc-level-meter [track]="local.on().microphone ? local.microphone() : null" [label]="t().devices.level" />
    </div>
    <div class="device">
      <wc-select
        icon="camera"
        [label]="t().devices.camera"
        [options]="options.cameras()"
        [value]="options.camera()"
        (valueChange)="local.choose('camera', $event)"
      />
      @if (local.camera(); as track) {
        <video muted autoplay playsinline [wcTrack]="track" [attr.aria-label]="t().devices.preview"></video>
      }
    </div>
    @if (options.speakerCanBeChosen) {
      <wc-select
        icon="sound"
        [label]="t().devices.speaker"
        [options]="options.speakers()"
        [value]="choice.speaker()"
        (valueChange)="choice.prefer('speaker', $event)"
      />
    }
    @for (kind of kinds; track kind) {
      @if (local.problems()[kind]; as reason) {
        <p class="bad" role="alert">{{ t().devices.problem[kind][reason] }} {{ t().devices.fix[reason] }}</p>
      }
    }
    @if (!inCall()) {
      <div class="row">
        <button wcButton small type="button" [attr.aria-pressed]="trying()" (click)="toggle()">
          <wc-icon [name]="trying() ? 'cameraOff' : 'camera'" />{{
            trying() ? t().devices.stopTrying : t().devices.try
          }}
        </button>
        <button wcButton small type="button" [busy]="testing()" (click)="testSound()">
          <wc-icon name="sound" />{{ t().devices.testSound }}
        </button>
      </div>
    }
  `,
  styles: `
    :host,
    .device {
      display: grid;
      gap: var(--space-16);
    }
    .device {
      gap: var(--space-8);
    }
    video {
      width: 100%;
      max-width: 320px;
      aspect-ratio: 16 / 9;
      border-radius: var(--radius-card);
      background: var(--stage);
      object-fit: cover;
      transform: scaleX(-1);
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-8);
    }
    .bad {
      color: var(--danger);
      font-size: var(--text-13);
    }
  `,
})
export class DeviceSettings {
  private readonly session = inject(CallSession);
  private readonly toasts = inject(Toasts);
  protected readonly local = inject(LocalMedia);
  protected readonly choice = inject(DeviceChoice);
  protected readonly options = inject(DeviceOptions);
  protected readonly t = inject(I18n).t;
  protected readonly kinds: CaptureKind[] = ['microphone', 'camera'];
  protected readonly trying = signal(false);
  protected readonly testing = signal(false);
  protected readonly inCall = (): boolean => this.session.active() !== null;
  /** Trying the devices changes nothing about the next call. */
  private readonly wanted = this.local.wanted();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  protected async toggle(): Promise<void> {
    if (this.trying()) return this.stop();
    this.trying.set(true);
    await Promise.all(this.kinds.map((kind) => this.local.set(kind, true)));
    this.local.want(this.wanted);
  }

  protected async testSound(): Promise<void> {
    if (this.testing()) return;
    this.testing.set(true);
    try {
      await playTestSound(this.choice.speaker());
    } catch (error) {
      console.warn('The test sound could not be played', error);
      this.toasts.show(this.t().devices.testFailed, 'bad');
    } finally {
      this.testing.set(false);
    }
  }

  private stop(): void {
    if (!this.trying()) return;
    this.trying.set(false);
    if (!this.inCall()) this.local.close();
  }
}
