import { Component, computed, inject, output } from '@angular/core';
import { Session } from '../../../core/session/session';
import { I18n } from '../../../core/text/i18n';
import { OwnMediaControls } from '../../../flows/own-media-controls';
import { type CaptureKind, LocalMedia } from '../../../state/media/local-media';
import { Avatar } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { MediaTrack } from '../../../ui/display/media-track';
import { IconLabel } from '../../../ui/feedback/tooltip';
import { Button } from '../../../ui/forms/button';

/** The user's own camera picture, with switches for microphone and camera and their problems. */
@Component({
  selector: 'wc-own-preview',
  imports: [Avatar, Button, Icon, IconLabel, MediaTrack],
  templateUrl: './own-preview.html',
  styleUrl: './own-preview.scss',
})
export class OwnPreview {
  protected readonly local = inject(LocalMedia);
  protected readonly own = inject(OwnMediaControls);
  protected readonly user = inject(Session).user;
  protected readonly t = inject(I18n).t;
  /** The user continues without a device that cannot be opened. */
  readonly without = output<CaptureKind>();

  protected readonly kinds: readonly CaptureKind[] = ['microphone', 'camera'];
  protected readonly problems = computed(() => {
    const problems = this.local.problems();
    const t = this.t().devices;
    return this.kinds.flatMap((kind) => {
      const reason = problems[kind];
      return reason ? [{ kind, text: t.problem[kind][reason], fix: t.fix[reason] }] : [];
    });
  });

  protected toggleCaptureDevice(kind: CaptureKind): void {
    void this.local.setDeviceEnabled(kind, !this.local.on()[kind]);
  }

  protected retryCaptureDevice(kind: CaptureKind): void {
    void this.local.setDeviceEnabled(kind, true);
  }

  protected goOnWithoutDevice(kind: CaptureKind): void {
    void this.local.continueWithoutDevice(kind);
    this.without.emit(kind);
  }
}
