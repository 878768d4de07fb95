import { inject, Injectable } from '@angular/core';
import { isApiError } from '../core/api-error';
import { CallSession } from '../core/call-session';
import { ErrorTexts } from '../core/errors';
import { I18n } from '../core/i18n';
import { LocalMedia } from '../core/local-media';
import { Dialogs } from '../ui/dialog';
import { Toasts } from '../ui/toasts';

/** The way into a call, with all that can stand in it. */
@Injectable({ providedIn: 'root' })
export class CallEntry {
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  private readonly t = inject(I18n).t;

  /**
   * Joins with what is wanted: sound and picture as the last time.
   * @returns `device` when the person is needed, because a device that is wanted cannot be opened
   */
  async joinDirectly(roomId: string): Promise<'joined' | 'refused' | 'device'> {
    if (this.session.joining()) return 'refused';
    await this.local.openWanted();
    const { microphone, camera } = this.local.wanted();
    if ((microphone && !this.local.microphone()) || (camera && !this.local.camera())) return 'device';
    const joined = await this.join(roomId);
    if (!joined && !this.session.active()) this.local.close();
    return joined ? 'joined' : 'refused';
  }

  /** Joins with what is open. @returns whether that worked */
  async join(roomId: string, takeOver = false): Promise<boolean> {
    try {
      await this.session.join(roomId, takeOver);
      return true;
    } catch (error) {
      if (isApiError(error, 'already_in_call') && !takeOver) return this.askWhichTab(roomId);
      if (!isApiError(error)) throw error;
      this.toasts.show(this.errors.of(error), 'bad');
      return false;
    }
  }

  private async askWhichTab(roomId: string): Promise<boolean> {
    const t = this.t().call;
    const question = { title: t.otherTabTitle, text: t.otherTabText, confirm: t.useThisTab, cancel: t.keepOtherTab };
    return (await this.dialogs.ask(question)) && this.join(roomId, true);
  }
}
