import { booleanAttribute, Component, input } from '@angular/core';
import { Button, type ButtonLook } from './button';

/** The end of a form: why it was refused, and the button that sends it. */
@Component({
  selector: 'wc-form-footer',
  imports: [Button],
  template: `
    @if (form().error(); as why) {
      <p role="alert" [class.notice]="wide()">{{ why }}</p>
    }
    <button type="submit" [wcButton]="look()" [wide]="wide()" [inactive]="inactive()" [busy]="form().busy()">
      {{ text() }}
    </button>
  `,
  styles: `
    :host {
      display: contents;
    }
    p {
      color: var(--danger);
      font-size: var(--text-13);
    }
    .notice {
      padding: var(--space-12);
      border-radius: var(--radius-control);
      background: var(--danger-soft);
    }
    button[aria-disabled='true']:not([aria-busy='true']) {
      opacity: 0.5;
    }
    button:not(.wide) {
      justify-self: start;
    }
    @media (max-width: 639.98px) {
      button.primary {
        justify-self: stretch;
      }
    }
  `,
})
export class FormFooter {
  readonly form = input.required<{ error(): string; busy(): boolean }>();
  readonly text = input.required<string>();
  readonly look = input<ButtonLook | ''>('');
  /** As the only form of its page. */
  readonly wide = input(false, { transform: booleanAttribute });
  /** There is nothing to send yet; the form must ignore a press. */
  readonly inactive = input(false);
}
