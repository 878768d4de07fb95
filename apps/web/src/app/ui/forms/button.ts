import { Component, booleanAttribute, input } from '@angular/core';

export type ButtonLook = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-ghost';

/** The look of buttons and of links that are like buttons: `<button wcButton="primary">`. */
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
  /** Square, for an icon alone: give the button an `aria-label`. */
  readonly iconOnly = input(false, { transform: booleanAttribute });
  readonly round = input(false, { transform: booleanAttribute });
  /** Something the button began is under way. It keeps its name and focus; whoever handles the click ignores repeats. */
  readonly busy = input(false);
}
