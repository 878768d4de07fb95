import { booleanAttribute, Component, input } from '@angular/core';

export type ButtonLook = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-ghost';

/** Styles buttons and links that look like buttons: `<button wcButton="primary">`. */
@Component({
  selector: 'button[wcButton], a[wcButton]',
  template: `
    <span class="content"><ng-content /></span>
    @if (busy()) {
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    }
  `,
  styleUrl: './button.scss',
  host: {
    '[class]': "look() || 'secondary'",
    '[class.small]': 'small()',
    '[class.wide]': 'wide()',
    '[class.icon-only]': 'iconOnly()',
    '[class.round]': 'round()',
    '[attr.aria-busy]': 'busy() || null',
    '[attr.aria-disabled]': 'busy() || null',
  },
})
export class Button {
  readonly look = input<ButtonLook | ''>('', { alias: 'wcButton' });
  readonly small = input(false, { transform: booleanAttribute });
  readonly wide = input(false, { transform: booleanAttribute });
  /** Square, for a single icon: give the button an `aria-label`. */
  readonly iconOnly = input(false, { transform: booleanAttribute });
  readonly round = input(false, { transform: booleanAttribute });
  /** The action of the button is running. It keeps its name and focus; the click handler must ignore repeats. */
  readonly busy = input(false);
}
