import { Component, input, model } from '@angular/core';

/** On or off, at once. */
@Component({
  selector: 'wc-switch',
  template: `
    <button
      type="button"
      role="switch"
      [attr.aria-checked]="checked()"
      [disabled]="disabled()"
      (click)="checked.set(!checked())"
    >
      <span class="label"
        >{{ label() }}
        @if (hint()) {
          <small>{{ hint() }}</small>
        }
      </span>
      <span class="track" aria-hidden="true"><i></i></span>
    </button>
  `,
  styles: `
    button {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: var(--space-16);
      width: 100%;
      min-height: var(--touch);
      border-radius: var(--radius-control);
    }
    small {
      display: block;
      color: var(--muted);
      font-size: var(--text-13);
    }
    .track {
      flex: none;
      width: 40px;
      height: 24px;
      padding: 3px;
      border-radius: var(--radius-full);
      background: var(--control-line);
      transition: background-color var(--quick);
    }
    i {
      display: block;
      width: 18px;
      height: 18px;
      border-radius: 50%;
      background: var(--surface);
      transition: transform var(--quick);
    }
    [aria-checked='true'] .track {
      background: var(--accent);
    }
    [aria-checked='true'] i {
      transform: translateX(16px);
    }
    :disabled {
      opacity: 0.5;
    }
  `,
})
export class Switch {
  readonly checked = model(false);
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly disabled = input(false);
}
