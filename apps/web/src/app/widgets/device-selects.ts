import { Component, inject, signal } from '@angular/core';
import { playTestSound } from '@webcall/rtc';
import { I18n } from '../core/text/i18n';
import { DeviceChoice } from '../state/media/device-choice';
import { DeviceOptions } from '../state/media/device-options';
import { LocalMedia } from '../state/media/local-media';
import { Icon } from '../ui/display/icon';
import { LevelMeter } from '../ui/display/level-meter';
import { Toasts } from '../ui/feedback/toasts';
import { Button } from '../ui/forms/button';
import { Select } from '../ui/forms/select';

/** Selects for microphone, camera and speaker, with a live level and a test sound. Content goes below the camera. */
@Component({
  selector: 'wc-device-selects',
  imports: [Button, Icon, LevelMeter, Select],
  template: `
    <div class="device">
      <wc-select
        icon="microphone"
        [label]="t().devices.microphone"
        [options]="options.microphones()"
        [value]="options.microphone()"
        (valueChange)="local.switchToDevice('microphone', $event)"
      />
      <wc-level-meter [track]="local.on().microphone ? local.microphone() : null" [label]="t().devices.level" />
    </div>
    <div class="device">
      <wc-select
        icon="camera"
        [label]="t().devices.camera"
        [options]="options.cameras()"
        [value]="options.camera()"
        (valueChange)="local.switchToDevice('camera', $event)"
      />
      <ng-content />
    </div>
    <div class="device">
      @if (options.speakerCanBeChosen) {
        <wc-select
          icon="sound"
          [label]="t().devices.speaker"
          [options]="options.speakers()"
          [value]="choice.speaker()"
          (valueChange)="choice.storePreferredDevice('speaker', $event)"
        />
      }
      <button wcButton small type="button" class="test" [busy]="testing()" (click)="testSpeakerSound()">
        <wc-icon name="sound" />{{ t().devices.testSound }}
      </button>
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-16);
    }
    .device {
      display: grid;
      gap: var(--space-8);
    }
    .test {
      justify-self: start;
    }
  `,
})
export class DeviceSelects {
  private readonly toasts = inject(Toasts);
  protected readonly local = inject(LocalMedia);
  protected readonly choice = inject(DeviceChoice);
  protected readonly options = inject(DeviceOptions);
  protected readonly t = inject(I18n).t;
  protected readonly testing = signal(false);

  protected async testSpeakerSound(): Promise<void> {
    if (this.testing()) return;
    this.testing.set(true);
    try {
      await playTestSound(this.choice.speaker());
    } catch (error) {
      console.warn('the test sound could not be played', error);
      this.toasts.showToast(this.t().devices.testFailed, 'bad');
    } finally {
      this.testing.set(false);
    }
  }
}
