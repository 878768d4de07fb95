import { Component, inject, signal } from '@angular/core';
import { playTestSound } from '@webcall/rtc';
import { DeviceOptions } from '../state/media/device-options';
import { DeviceChoice } from '../state/media/devices';
import { I18n } from '../core/text/i18n';
import { LocalMedia } from '../state/media/local-media';
import { Button } from '../ui/forms/button';
import { Icon } from '../ui/display/icon';
import { LevelMeter } from '../ui/display/level-meter';
import { Select } from '../ui/forms/select';
import { Toasts } from '../ui/feedback/toasts';

/** Which microphone, camera and speaker are used, with a live level and a test sound. What is inside follows the camera. */
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
      <ng-content />
    </div>
    <div class="device">
      @if (options.speakerCanBeChosen) {
        <wc-select
          icon="sound"
          [label]="t().devices.speaker"
          [options]="options.speakers()"
          [value]="choice.speaker()"
          (valueChange)="choice.prefer('speaker', $event)"
        />
      }
      <button wcButton small type="button" class="test" [busy]="testing()" (click)="testSound()">
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
}
