import { Component, input } from '@angular/core';
import { Icon } from '../display/icon';
import type { IconName } from '../display/icons';

/** Replaces an empty list: says what belongs here and what to do first; buttons are projected inside. */
@Component({
  selector: 'wc-empty-state',
  imports: [Icon],
  template: `
    <span class="mark" [class.bad]="bad()"><wc-icon [name]="icon()" /></span>
    @if (page()) {
      <h1>{{ title() }}</h1>
    } @else {
      <h2>{{ title() }}</h2>
    }
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <div class="actions"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: var(--space-8);
      max-width: 26rem;
      margin: auto;
      padding: var(--space-32) var(--space-16);
      text-align: center;
    }
    .mark {
      display: grid;
      place-items: center;
      width: 56px;
      height: 56px;
      margin-bottom: var(--space-8);
      border-radius: var(--radius-full);
      background: var(--accent-soft);
      color: var(--accent);
    }
    h1 {
      font-size: var(--text-20);
      letter-spacing: 0;
    }
    .mark.bad {
      background: var(--danger-soft);
      color: var(--danger);
    }
    p {
      text-wrap: pretty;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: var(--space-8);
      margin-top: var(--space-8);
    }
    .actions:empty {
      display: none;
    }
  `,
})
export class EmptyState {
  readonly icon = input<IconName>('chat');
  readonly title = input.required<string>();
  readonly text = input('');
  /** The only content of the page, so its title becomes the page heading. */
  readonly page = input(false);
  /** Shown for an error. */
  readonly bad = input(false);
}
