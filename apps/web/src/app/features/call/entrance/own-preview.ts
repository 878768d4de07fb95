import { Component, computed, inject, output } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { type CaptureKind, LocalMedia } from '../../../state/media/local-media';
import { Session } from '../../../core/session/session';
import { Avatar } from '../../../ui/display/avatar';
import { Button } from '../../../ui/forms/button';
import { Icon } from '../../../ui/display/icon';
import { MediaTrack } from '../../../ui/display/media-track';
import { Tooltip } from '../../../ui/feedback/tooltip';

/** How others will see one, with the switches of microphone and camera, and what is wrong with them. */
@Component({
  selector: 'wc-own-preview',
  imports: [Avatar, Button, Icon, MediaTrack, Tooltip],
  templateUrl: './own-preview.html',
  styleUrl: './own-preview.scss',
})
export class OwnPreview {
  protected readonly local = inject(LocalMedia);
  protected readonly user = inject(Session).user;
  protected readonly t = inject(I18n).t;
  /** The person goes on without a device that cannot be opened. */
  readonly without = output<CaptureKind>();

  protected readonly problems = computed(() => {
    const problems = this.local.problems();
    const t = this.t().devices;
    const kinds: CaptureKind[] = ['microphone', 'camera'];
    return kinds.flatMap((kind) => {
      const reason = problems[kind];
      return reason ? [{ kind, text: t.problem[kind][reason], fix: t.fix[reason] }] : [];
    });
  });

  protected toggle(kind: CaptureKind): void {
    void this.local.set(kind, !this.local.on()[kind]);
  }

  protected retry(kind: CaptureKind): void {
    void this.local.set(kind, true);
  }

  protected goWithout(kind: CaptureKind): void {
    void this.local.giveUp(kind);
    this.without.emit(kind);
  }
}
