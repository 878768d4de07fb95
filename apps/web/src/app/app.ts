import { Component, DOCUMENT, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map, pairwise, startWith } from 'rxjs';
import { Session } from './core/session/session';
import { I18n } from './core/text/i18n';
import { Mark } from './ui/display/mark';
import { ErrorState } from './ui/feedback/error-state';
import { ToastOutlet } from './ui/feedback/toasts';

@Component({
  selector: 'wc-root',
  imports: [ErrorState, Mark, RouterOutlet, ToastOutlet],
  template: `
    <a class="skip" href="#main" (click)="focusMainContent($event)">{{ t().common.skipToContent }}</a>
    @if (session.unreachable()) {
      <main id="main" class="centre">
        <h1 class="visually-hidden">{{ t().connection.unreachableTitle }}</h1>
        <wc-error-state
          [title]="t().connection.unreachableTitle"
          [text]="t().connection.unreachableText"
          [retryText]="t().common.retry"
          (retry)="session.restoreSession()"
        />
      </main>
    } @else if (!started()) {
      <main id="main" class="centre splash appear-late" aria-busy="true">
        <p class="visually-hidden" role="status">{{ t().common.loading }}</p>
        <wc-mark />
      </main>
    }
    <router-outlet />
    <wc-toasts [closeText]="t().common.dismissNote" />
  `,
  styles: `
    .skip {
      position: fixed;
      z-index: 300;
      top: var(--space-8);
      left: var(--space-8);
      padding: var(--space-12) var(--space-16);
      border-radius: var(--radius-control);
      background: var(--accent);
      color: var(--on-accent);
      transform: translateY(-200%);
    }
    .skip:focus {
      transform: none;
    }
    .centre {
      display: grid;
      min-height: 100dvh;
    }
    .splash {
      place-items: center;
    }
  `,
})
export class App {
  protected readonly t = inject(I18n).t;
  protected readonly session = inject(Session);
  private readonly document = inject(DOCUMENT);
  /** Whether the first page is shown: over a slow connection its code may take a while to load. */
  protected readonly started = signal(false);

  constructor() {
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.split(/[?#]/)[0]),
        startWith(null),
        pairwise(),
        takeUntilDestroyed(),
      )
      .subscribe(([from, to]) => {
        this.started.set(true);
        if (from !== null && from !== to) requestAnimationFrame(() => this.focusNewPage());
      });
  }

  protected focusMainContent(event: Event): void {
    event.preventDefault();
    this.findMainElement()?.focus();
  }

  /** Focuses the new page so that screen readers announce it, unless the page has set the focus itself. */
  private focusNewPage(): void {
    const main = this.findMainElement();
    // On wide windows the page scrolls in a frame that keeps its scroll position from page to page.
    main?.scrollTo(0, 0);
    if (!main || main.contains(this.document.activeElement)) return;
    const heading = main.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    (heading ?? main).focus({ preventScroll: true });
  }

  private findMainElement(): HTMLElement | null {
    const main = this.document.getElementById('main');
    main?.setAttribute('tabindex', '-1');
    return main;
  }
}
