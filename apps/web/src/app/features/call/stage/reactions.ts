import { Component, computed, inject, input } from '@angular/core';
import { CallReactions } from '../../../state/call/call-reactions';

/** The reactions of one participant floating over the tile; `ModerationNotices` announces them to screen readers. */
@Component({
  selector: 'wc-reactions',
  template: `
    @for (it of shown(); track it.key) {
      <span [class]="'way-' + (it.key % 3)">{{ it.reaction }}</span>
    }
  `,
  host: { 'aria-hidden': 'true' },
  styles: `
    :host {
      position: absolute;
      inset: 0;
      overflow: hidden;
      pointer-events: none;
    }
    span {
      position: absolute;
      bottom: 12%;
      left: 50%;
      font-size: clamp(28px, 14cqmin, 72px);
      line-height: 1;
      opacity: 0;
      animation: float 3.6s ease-out;
    }
    .way-1 {
      left: 42%;
    }
    .way-2 {
      left: 58%;
    }
    @keyframes float {
      from {
        opacity: 0;
        transform: translate(-50%, 40%) scale(0.6);
      }
      12% {
        opacity: 1;
        transform: translate(-50%, 0);
      }
      70% {
        opacity: 1;
      }
      to {
        opacity: 0;
        transform: translate(-50%, -240%);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      span {
        bottom: 40%;
        // Without motion the reaction just appears and disappears.
        opacity: 1;
        transform: translate(-50%, 0);
        animation: none;
      }
    }
  `,
})
export class Reactions {
  private readonly signs = inject(CallReactions);
  readonly participantId = input.required<string>();
  protected readonly shown = computed(() =>
    this.signs.reactions().filter(({ participantId }) => participantId === this.participantId()),
  );
}
