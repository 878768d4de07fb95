import { Component, computed, effect, inject } from '@angular/core';
import { Rings } from '../../state/rings/rings';
import { Tooltip } from '../../ui/feedback/tooltip';
import { RingCard } from './ring-card';

/** More cards would hide the page; further calls keep ringing without a card. */
const MAX_CARDS_SHOWN = 3;

/** The cards of incoming calls on every page: in the corner, on phones over the whole screen. */
@Component({
  selector: 'wc-ring-cards',
  imports: [RingCard],
  template: `
    @for (ring of shown(); track ring.roomId + ring.id) {
      <wc-ring-card [ring]="ring" [first]="$first" />
    }
  `,
  styles: `
    :host {
      position: fixed;
      z-index: 90;
      top: calc(var(--space-16) + var(--safe-top));
      right: var(--space-16);
      display: grid;
      gap: var(--space-12);
      width: min(360px, calc(100vw - 2 * var(--space-16)));
    }
    @media (max-width: 639.98px) {
      :host {
        inset: 0;
        width: auto;
        pointer-events: none;
      }
    }
  `,
})
export class RingCards {
  private readonly rings = inject(Rings);
  protected readonly shown = computed(() => this.rings.incoming().slice(0, MAX_CARDS_SHOWN));

  constructor() {
    effect(() => {
      if (this.shown().length > 0) Tooltip.hideCurrentTooltip();
    });
  }
}
