import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { I18n } from '../../core/text/i18n';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Button } from '../../ui/forms/button';

@Component({
  selector: 'wc-not-found-page',
  imports: [Button, EmptyState, RouterLink],
  template: `
    <main id="main">
      <wc-empty-state [page]="true" icon="compass" [title]="t().notFound.title" [text]="t().notFound.text">
        <a wcButton="primary" routerLink="/">{{ t().notFound.home }}</a>
      </wc-empty-state>
    </main>
  `,
  styles: `
    main {
      display: grid;
      min-height: 100dvh;
    }
  `,
})
export class NotFoundPage {
  protected readonly t = inject(I18n).t;
}
