import { Component, inject, input } from '@angular/core';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import type { Pages } from '../core/net/pages';
import { Button } from '../ui/forms/button';
import { Toasts } from '../ui/feedback/toasts';

/** The way to the next page beneath a list; not there when there is none. */
@Component({
  selector: 'wc-show-more',
  imports: [Button],
  template: `
    @if (pages().hasMore()) {
      <button wcButton type="button" [busy]="pages().loading()" (click)="more()">{{ t().common.showMore }}</button>
    }
  `,
  styles: `
    :host:not(:has(button)) {
      display: none;
    }
    button {
      display: flex;
      margin: var(--space-12) auto;
    }
  `,
})
export class ShowMore {
  private readonly errors = inject(ErrorTexts);
  private readonly toasts = inject(Toasts);
  protected readonly t = inject(I18n).t;
  readonly pages = input.required<Pick<Pages<unknown>, 'hasMore' | 'loading' | 'more'>>();

  protected async more(): Promise<void> {
    try {
      await this.pages().more();
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }
}
