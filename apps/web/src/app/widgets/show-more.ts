import { Component, effect, ElementRef, inject, input } from '@angular/core';
import { I18n } from '../core/text/i18n';
import { FailureToasts } from '../flows/failure-toasts';
import { Button } from '../ui/forms/button';

/** What the button has to know of a list, such as `PagedList` or `PartialList`. */
interface ContinuedList {
  hasMore(): boolean;
  loading(): boolean;
  loadNextPage(): Promise<void>;
}

/** The distance from which on a list continues by itself, so that the focus meets its next row and not the button. */
const AHEAD = '600px';

/**
 * A button below a list that loads the next page; hidden if there is none. A list that is scrolled through can continue
 * by itself when its end comes into view.
 */
@Component({
  selector: 'wc-show-more',
  imports: [Button],
  template: `
    @if (pages().hasMore()) {
      <button wcButton type="button" [busy]="pages().loading()" (click)="loadNextListPage()">
        {{ label() || t().common.showMore }}
      </button>
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
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  readonly label = input('');
  /** Whether the next page is loaded as soon as the button is about to be seen. */
  readonly whenSeen = input(false);
  readonly pages = input.required<ContinuedList>();

  constructor() {
    const { nativeElement } = inject<ElementRef<HTMLElement>>(ElementRef);
    effect((onCleanup) => {
      if (!this.whenSeen() || !this.pages().hasMore()) return;
      const seen = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) this.loadNextListPage();
        },
        { rootMargin: AHEAD, scrollMargin: AHEAD },
      );
      seen.observe(nativeElement);
      onCleanup(() => seen.disconnect());
    });
  }

  protected loadNextListPage(): void {
    void this.failures.runWithToast(() => this.pages().loadNextPage());
  }
}
