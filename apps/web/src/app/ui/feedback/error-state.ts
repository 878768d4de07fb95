import { Component, input, output } from '@angular/core';
import { Button } from '../forms/button';
import { EmptyState } from './empty-state';

/** An error with its reason and a button to try again. */
@Component({
  selector: 'wc-error-state',
  imports: [Button, EmptyState],
  template: `
    <wc-empty-state icon="alert" role="alert" [bad]="true" [title]="title()" [text]="text()">
      @if (retryText()) {
        <button wcButton type="button" (click)="retry.emit()">{{ retryText() }}</button>
      }
      <ng-content />
    </wc-empty-state>
  `,
  styles: `
    :host {
      display: grid;
      align-content: center;
    }
  `,
})
export class ErrorState {
  readonly title = input.required<string>();
  readonly text = input('');
  /** Without a text there is no button. */
  readonly retryText = input('');
  readonly retry = output();
}
