import { Component, input } from '@angular/core';

/** A row in a list of people or rooms: avatar, name, note and actions. */
@Component({
  selector: 'li[wcRow]',
  template: `
    <span class="face"><ng-content select="wc-avatar, wc-presence-dot" /></span>
    <span class="words">
      <strong class="truncate"
        ><bdi>{{ name() }}</bdi></strong
      >
      @if (note(); as text) {
        <bdi class="muted small">{{ text }}</bdi>
      }
    </span>
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-4);
      min-height: 60px;
      padding: var(--space-8) 0;
    }
    .face {
      position: relative;
      display: grid;
      flex: none;
      margin-right: var(--space-8);
    }
    .words {
      display: grid;
      flex: 1 1 8rem;
      min-width: 0;
    }
    strong {
      font-weight: 500;
    }
  `,
})
export class Row {
  readonly name = input.required<string>();
  readonly note = input<string | null>(null);
}
