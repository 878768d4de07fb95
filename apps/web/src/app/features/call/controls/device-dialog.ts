import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { DialogFrame } from '../../../ui/feedback/dialog';
import { Button } from '../../../ui/forms/button';
import { DeviceSelects } from '../../../widgets/device-selects';
import { MediaSwitches } from '../../../widgets/media-switches';

/** A dialog for choosing other devices during a call. */
@Component({
  selector: 'wc-device-dialog',
  imports: [Button, DeviceSelects, DialogFrame, MediaSwitches],
  template: `
    <wc-dialog [title]="t().call.devices">
      <wc-device-selects />
      <wc-media-switches />
      <button actions wcButton="primary" type="button" (click)="ref.close()">{{ t().common.close }}</button>
    </wc-dialog>
  `,
})
export class DeviceDialog {
  protected readonly ref = inject(DialogRef);
  protected readonly t = inject(I18n).t;
}
