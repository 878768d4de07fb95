import { computed, inject, Injectable } from '@angular/core';
import type { MediaKind } from '@webcall/domain';
import { MediaError } from '@webcall/rtc';
import { isApiError } from '../core/net/api-error';
import { CallSigns } from '../state/call/call-signs';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import { type CaptureKind, LocalMedia } from '../state/media/local-media';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';

type Switch = Exclude<MediaKind, 'screenSound'>;

/** The own switches in a call: on and off, and what to do when a moderator keeps something off. */
@Injectable({ providedIn: 'root' })
export class OwnMedia {
  private readonly local = inject(LocalMedia);
  private readonly signs = inject(CallSigns);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  private readonly t = inject(I18n).t;

  /** What a moderator keeps off, in words. */
  readonly heldTexts = computed(() => {
    const t = this.t().moderation.youAreHeld;
    const held = this.local.held();
    return (['microphone', 'camera', 'screen'] as const).filter((kind) => held.includes(kind)).map((kind) => t[kind]);
  });

  isHeld(kind: Switch): boolean {
    return this.local.held().includes(kind);
  }

  async toggle(kind: CaptureKind): Promise<void> {
    if (this.isHeld(kind)) return this.offerHand(kind);
    await this.local.set(kind, !this.local.on()[kind]);
    const reason = this.local.problems()[kind];
    const { problem, fix } = this.t().devices;
    if (reason) this.toasts.show(`${problem[kind][reason]} ${fix[reason]}`, 'bad');
  }

  async toggleScreen(): Promise<void> {
    if (this.isHeld('screen')) return this.offerHand('screen');
    if (this.local.screen()) return this.local.stopSharing();
    try {
      await this.local.share();
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      // Whoever closes the browser's picker has changed their mind.
      if (error.reason !== 'denied') this.toasts.show(this.t().devices.shareFailed, 'bad');
    }
  }

  async raiseHand(raised: boolean): Promise<void> {
    try {
      await this.signs.raiseHand(raised);
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  /** It stays off; what one can do about it is to ask. */
  private async offerHand(kind: Switch): Promise<void> {
    const t = this.t();
    const title = t.moderation.youAreHeld[kind];
    if (this.signs.handIsUp()) return this.toasts.show(`${title}. ${t.moderation.handIsUpHint}`, 'bad');
    const question = { title, text: t.moderation.heldHint, confirm: t.signs.raise, cancel: t.common.close };
    if (await this.dialogs.ask(question)) await this.raiseHand(true);
  }
}
