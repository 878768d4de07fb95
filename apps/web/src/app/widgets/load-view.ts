import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, contentChild, inject, input, output, TemplateRef } from '@angular/core';
import { isApiError, isTransientError } from '../core/net/api-error';
import { ErrorTexts } from '../core/text/error-texts';
import { I18n } from '../core/text/i18n';
import { ErrorState } from '../ui/feedback/error-state';
import { Skeleton } from '../ui/feedback/skeleton';

/** What the view has to know of a loader, such as `SnapshotLoader` or `QueryLoader`. */
interface Loader {
  state(): 'loading' | 'ready' | 'error';
  error(): unknown;
}

/**
 * Shows what a loader loads: a placeholder, then the content, which is given as a template; or why it failed, with a
 * button to try again where that may help. Content marked `afterError` stands beside that button.
 */
@Component({
  selector: 'wc-load-view',
  imports: [ErrorState, NgTemplateOutlet, Skeleton],
  template: `
    @switch (loader().state()) {
      @case ('loading') {
        @if (rows()) {
          <span class="visually-hidden" role="status">{{ t().common.loading }}</span>
          <wc-skeleton [shape]="shape()" [rows]="rows()" />
        }
      }
      @case ('error') {
        <wc-error-state
          [title]="errorTitle()"
          [text]="errors.translateError(loader().error())"
          [retryText]="mayPass() ? t().common.retry : ''"
          (retry)="retry.emit()"
        >
          <ng-content select="[afterError]" />
        </wc-error-state>
      }
      @case ('ready') {
        <ng-container [ngTemplateOutlet]="content()" />
      }
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class LoadView {
  protected readonly errors = inject(ErrorTexts);
  protected readonly t = inject(I18n).t;
  protected readonly content = contentChild.required<TemplateRef<void>>(TemplateRef);
  readonly loader = input.required<Loader>();
  readonly errorTitle = input.required<string>();
  /** Rows of the placeholder; 0 where nothing may be expected. */
  readonly rows = input(4);
  readonly shape = input<'person' | 'room'>('room');
  readonly retry = output();
  /** Any other error needs the person, or is a bug. */
  protected readonly mayPass = computed(() => {
    const error = this.loader().error();
    return isApiError(error) && isTransientError(error);
  });
}
