import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { DeviceOptions } from '../../core/device-options';
import { DeviceChoice } from '../../core/devices';
import { I18n } from '../../core/i18n';
import { LocalMedia } from '../../core/local-media';
import { Button } from '../../ui/button';
import { DialogFrame } from '../../ui/dialog';
import { LevelMeter } from '../../ui/level-meter';
import { Select } from '../../ui/select';

/** Other devices without leaving the call. */
@Component({
  selector: 'wc-device-dialog',
  imports: [Button, DialogFrame, LevelMeter, Select],
  template: `
    <wc-dialog [title]="t().call.devices">
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
      <wc-select
        icon="camera"
        [label]="t().devices.camera"
        [options]="options.cameras()"
        [value]="options.camera()"
        (valueChange)="local.choose('camera', $event)"
      />
      @if (options.speakerCanBeChosen) {
        <wc-select
          icon="sound"
          [label]="t().devices.speaker"
          [options]="options.speakers()"
          [value]="choice.speaker()"
          (valueChange)="choice.prefer('speaker', $event)"
        />
      }
      <button actions wcButton="primary" type="button" (click)="ref.close()">{{ t().common.close }}</button>
    </wc-dialog>
  `,
  styles: `
    .device {
      display: grid;
      gap: var(--space-8);
    }
  `,
})
export class DeviceDialog {
  protected readonly ref = inject(DialogRef);
  protected readonly local = inject(LocalMedia);
  protected readonly choice = inject(DeviceChoice);
  protected readonly options = inject(DeviceOptions);
  protected readonly t = inject(I18n).t;
}
