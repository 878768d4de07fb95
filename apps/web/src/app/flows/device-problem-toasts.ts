import { inject, Injectable } from '@angular/core';
import { I18n } from '../core/text/i18n';
import { type CaptureKind, LocalMedia } from '../state/media/local-media';
import { Toasts } from '../ui/feedback/toasts';

/** Shows in a toast why a device could not be opened, and what may help. */
@Injectable({ providedIn: 'root' })
export class DeviceProblemToasts {
  private readonly local = inject(LocalMedia);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;

  /** Shows nothing about a device without a problem. */
  showDeviceProblem(kind: CaptureKind): void {
    const reason = this.local.problems()[kind];
    const { problem, fix } = this.t().devices;
    if (reason) this.toasts.showToast(`${problem[kind][reason]} ${fix[reason]}`, 'bad');
  }
}
