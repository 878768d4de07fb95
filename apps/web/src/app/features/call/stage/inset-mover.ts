import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Component, inject, input, output } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { Icon } from '../../../ui/display/icon';
import { cornerAfterKey, type InsetCorner, nextCornerAfter } from './inset';

/** Moves the inset without dragging: arrow keys choose a corner, a press takes the next one. */
@Component({
  selector: 'wc-inset-mover',
  imports: [Icon],
  template: `
    <button
      type="button"
      [attr.aria-label]="t().call.moveInset"
      (keydown)="moveByKey($event)"
      (click)="moveInsetTo(nextCorner())"
    >
      <wc-icon name="move" />
    </button>
  `,
  styles: `
    @use './tile-button';

    :host {
      display: contents;
    }
    button {
      @include tile-button.tile-button;

      opacity: 0;
      transition: opacity var(--quick);
    }
    :host-context(.inset:hover) button,
    button:focus-visible {
      opacity: 1;
    }
    // Fingers drag the inset, and do not see the button that they would press; a keyboard reaches it.
    @media (hover: none) {
      button {
        pointer-events: none;
      }
    }
  `,
})
export class InsetMover {
  private readonly announcer = inject(LiveAnnouncer);
  protected readonly t = inject(I18n).t;
  readonly corner = input.required<InsetCorner>();
  readonly moved = output<InsetCorner>();

  protected nextCorner(): InsetCorner {
    return nextCornerAfter(this.corner());
  }

  protected moveByKey(event: KeyboardEvent): void {
    const corner = cornerAfterKey(this.corner(), event.key);
    if (!corner) return;
    event.preventDefault();
    this.moveInsetTo(corner);
  }

  protected moveInsetTo(corner: InsetCorner): void {
    this.moved.emit(corner);
    void this.announcer.announce(this.t().call.insetCorners[corner]);
  }
}
