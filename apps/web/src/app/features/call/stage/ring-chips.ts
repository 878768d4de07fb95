import { Component, computed, DestroyRef, effect, inject, input, signal } from '@angular/core';
import { Scope } from '@webcall/base';
import type { Ring } from '@webcall/domain';
import { Session } from '../../../core/session/session';
import { I18n } from '../../../core/text/i18n';
import { FailureToasts } from '../../../flows/failure-toasts';
import type { ActiveCall } from '../../../state/call/active-call';
import { ringPhaseOf } from '../../../state/rings/ring-phase';
import { ringCalleeKey, Rings } from '../../../state/rings/rings';
import { Avatar } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { describeRingPhase } from '../notices/describe-ring-phase';

/** How long an unanswered ring stays visible after its end. */
const ENDED_RING_SHOWN_MS = 8000;

/** Chips for the people who are being rung into a group call. */
@Component({
  selector: 'wc-ring-chips',
  imports: [Avatar, Icon],
  template: `
    @for (chip of chips(); track chip.ring.calleeId) {
      <span class="chip">
        <wc-avatar [id]="chip.ring.calleeId" [name]="chip.ring.calleeName" [size]="24" />
        <span class="truncate"
          ><bdi>{{ chip.ring.calleeName }}</bdi></span
        >
        <span class="words">{{ chip.words }}</span>
        @if (chip.mine) {
          <button
            type="button"
            [attr.aria-label]="t().rings.stopRinging(chip.ring.calleeName)"
            (click)="cancelShownRing(chip.ring)"
          >
            <wc-icon name="close" />
          </button>
        }
      </span>
    }
  `,
  host: { role: 'status' },
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-8);
      min-width: 0;
    }
    .chip {
      display: flex;
      align-items: center;
      gap: var(--space-8);
      max-width: 100%;
      min-height: 32px;
      padding: 3px 12px 3px 4px;
      border-radius: var(--radius-full);
      background: rgb(14 15 17 / 84%);
      font-size: var(--text-13);
      animation: appear var(--calm);
    }
    .words {
      flex: none;
      color: var(--muted);
    }
    button {
      display: grid;
      flex: none;
      place-items: center;
      width: 28px;
      height: 28px;
      margin: -3px -8px -3px 0;
      border-radius: 50%;
      pointer-events: auto;
    }
    button:hover {
      background: var(--hover);
    }
    wc-icon {
      width: 1rem;
      height: 1rem;
    }
  `,
})
export class RingChips {
  private readonly rings = inject(Rings);
  private readonly user = inject(Session).user;
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  readonly activeCall = input.required<ActiveCall>();
  /** Rings that ended a moment ago and are still shown. */
  private readonly shownEndedRings = signal<ReadonlySet<string>>(new Set());
  private readonly scope = new Scope();
  private before = new Map<string, Ring['status']>();

  protected readonly chips = computed(() => {
    const own = new Map(this.rings.outgoing().map((outgoing) => [ringCalleeKey(outgoing.ring), outgoing]));
    return this.activeCall()
      .rings()
      .filter((ring) => ring.status === 'ringing' || this.shownEndedRings().has(ringCalleeKey(ring)))
      .map((ring) => {
        const outgoing = own.get(ringCalleeKey(ring)) ?? { ring, phase: ringPhaseOf(ring, 0) };
        const mine = ring.callerId === this.user()?.id && ring.status === 'ringing';
        return { ring, mine, words: describeRingPhase(outgoing, this.t()) };
      });
  });

  constructor() {
    effect(() => {
      const rings = this.activeCall().rings();
      for (const ring of rings)
        if (hasJustGoneUnanswered(ring, this.before.get(ringCalleeKey(ring)))) this.showEndedRing(ringCalleeKey(ring));
      this.before = new Map(rings.map((ring) => [ringCalleeKey(ring), ring.status]));
    });
    inject(DestroyRef).onDestroy(() => this.scope.closeScope());
  }

  protected cancelShownRing(ring: Ring): void {
    void this.failures.runWithToast(() => this.rings.cancelOutgoingRing(ring));
  }

  private showEndedRing(key: string): void {
    this.shownEndedRings.update((shown) => new Set(shown).add(key));
    this.scope.scheduleTimeout(ENDED_RING_SHOWN_MS, () =>
      this.shownEndedRings.update((shown) => new Set([...shown].filter((other) => other !== key))),
    );
  }
}

/** Accepted and cancelled rings are not shown. A quiet ring has already ended when it first appears. */
function hasJustGoneUnanswered(ring: Ring, before: Ring['status'] | undefined): boolean {
  const unanswered = ring.status === 'declined' || ring.status === 'missed';
  return unanswered && (before === 'ringing' || (before === undefined && ring.quiet));
}
