import { inject, Injectable } from '@angular/core';
import { Toasts } from '../ui/feedback/toasts';

/** Copies texts for the person, and says how that went. */
@Injectable({ providedIn: 'root' })
export class TextCopy {
  private readonly toasts = inject(Toasts);

  /**
   * @param words without `failed`, a failure is not said, because nobody pressed a button for it
   * @returns whether the text is in the clipboard; browsers refuse it for instance outside a secure context, and Safari
   * when no press has just asked for it
   */
  async copyText(text: string, words: { copied: string; failed?: string }): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.showToast(words.copied);
      return true;
    } catch (error) {
      console.warn('the clipboard cannot be written', error);
      if (words.failed !== undefined) this.toasts.showToast(words.failed, 'bad');
      return false;
    }
  }
}
