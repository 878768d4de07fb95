import { booleanAttribute, Component, input } from '@angular/core';
import { Icon } from '../display/icon';
import type { IconName } from '../display/icons';

export type ButtonLook = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-ghost';

/** Styles buttons and links that look like buttons: `<button wcButton="primary">`. */
@Component({
  selector: 'button[wcButton], a[wcButton]',
  imports: [Icon],
  template: `
    <span class="content">
      @if (iconOnly(); as icon) {
        <wc-icon [name]="icon" />
      }
      <ng-content />
    </span>
    @if (busy()) {
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    }
  `,
  styleUrl: './button.scss',
  host: {
    '[class]': "look() || 'secondary'",
    '[class.small]': 'small()',
    '[class.wide]': 'wide()',
    '[class.icon-only]': 'iconOnly() !== null',
    '[class.round]': 'round()',
    '[attr.aria-busy]': 'busy() || null',
    '[attr.aria-disabled]': 'busy() || inactive() || null',
  },
})
export class Button {
  readonly look = input<ButtonLook | ''>('', { alias: 'wcButton' });
  readonly small = input(false, { transform: booleanAttribute });
  readonly wide = input(false, { transform: booleanAttribute });
  /** Square, with this icon alone: give the button its name by `wcLabel` or `aria-label`. */
  readonly iconOnly = input<IconName | null>(null);
  readonly round = input(false, { transform: booleanAttribute });
  /** The action of the button is running. It keeps its name and focus; the click handler must ignore repeats. */
  readonly busy = input(false);
  /** There is nothing to do yet. It can be focused, unlike a disabled button; the click handler must ignore it. */
  readonly inactive = input(false);
}
