import { Component, DestroyRef, inject, signal } from '@angular/core';
import { I18n } from '../../core/text/i18n';
import { CallSession } from '../../state/call/call-session';
import { type CaptureKind, LocalMedia } from '../../state/media/local-media';
import { Icon } from '../../ui/display/icon';
import { MediaTrack } from '../../ui/display/media-track';
import { Button } from '../../ui/forms/button';
import { DeviceSelects } from '../../widgets/device-selects';
import { MediaSwitches } from '../../widgets/media-switches';

/** The choice of devices for calls, and a trial of them. No device is opened before the user starts the trial. */
@Component({
  selector: 'wc-device-settings',
  imports: [Button, DeviceSelects, Icon, MediaSwitches, MediaTrack],
  template: `
    <wc-device-selects>
      @if (local.camera(); as track) {
        <video muted autoplay playsinline [wcTrack]="track" [attr.aria-label]="t().devices.preview"></video>
      }
    </wc-device-selects>
    @for (kind of kinds; track kind) {
      @if (local.problems()[kind]; as reason) {
        <p class="bad" role="alert">{{ t().devices.problem[kind][reason] }} {{ t().devices.fix[reason] }}</p>
      }
    }
    @if (!inCall()) {
      <button wcButton small type="button" class="try" [attr.aria-pressed]="trying()" (click)="toggleDeviceTrial()">
        <wc-icon [name]="trying() ? 'cameraOff' : 'camera'" />{{ trying() ? t().devices.stopTrying : t().devices.try }}
      </button>
    }
    <wc-media-switches />
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-16);
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
    .try {
      justify-self: start;
    }
    .bad {
      color: var(--danger);
      font-size: var(--text-13);
    }
  `,
})
export class DeviceSettings {
  private readonly session = inject(CallSession);
  protected readonly local = inject(LocalMedia);
  protected readonly t = inject(I18n).t;
  protected readonly kinds: CaptureKind[] = ['microphone', 'camera'];
  protected readonly trying = signal(false);
  protected readonly inCall = (): boolean => this.session.active() !== null;
  /** Restored after a trial, so that it does not affect the next call. */
  private readonly wanted = this.local.wanted();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stopDeviceTrial());
  }

  protected async toggleDeviceTrial(): Promise<void> {
    if (this.trying()) return this.stopDeviceTrial();
    this.trying.set(true);
    await Promise.all(this.kinds.map((kind) => this.local.setDeviceEnabled(kind, true)));
    this.local.storeWantedDevices(this.wanted);
  }

  private stopDeviceTrial(): void {
    if (!this.trying()) return;
    this.trying.set(false);
    if (!this.inCall()) this.local.closeLocalMedia();
  }
}
