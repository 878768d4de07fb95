import { Component, computed, input } from '@angular/core';
import { ICON_PATHS, type IconName } from './icons';

/** An icon, hidden from screen readers: a button with nothing but an icon needs its own label. */
@Component({
  selector: 'wc-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  host: { '[class.more]': "name() === 'more'" },
  styles: `
    :host {
      display: inline-block;
      flex: none;
      width: 1.25rem;
      height: 1.25rem;
    }
    svg {
      width: 100%;
      height: 100%;
    }
    path {
      fill: none;
      stroke: currentColor;
      stroke-width: var(--stroke, 1.75);
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    :host(.more) path {
      stroke-width: 2.5;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => ICON_PATHS[this.name()]);
}
