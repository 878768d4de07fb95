import { Component, computed, inject, output } from '@angular/core';
import { I18n } from '../../core/i18n';
import { type CaptureKind, LocalMedia } from '../../core/local-media';
import { Session } from '../../core/session';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { MediaTrack } from '../../ui/media-track';
import { Tooltip } from '../../ui/tooltip';

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
