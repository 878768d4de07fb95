import { Component, computed, DestroyRef, effect, inject, input, signal } from '@angular/core';
import type { Ring } from '@webcall/domain';
import { Scope } from '@webcall/base';
import type { CallStay } from '../../../state/call/call-stay';
import { ErrorTexts } from '../../../core/text/errors';
import { I18n } from '../../../core/text/i18n';
import { phaseOf } from '../../../state/rings/ring-phase';
import { ringKey, Rings } from '../../../state/rings/rings';
import { Session } from '../../../core/session/session';
import { Avatar } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { Toasts } from '../../../ui/feedback/toasts';
import { phaseWords } from '../notices/phase-words';

/** How long it is told that somebody does not come. */
const TOLD_MS = 8000;

/** Who is being rung into a call of several. */
@Component({
  selector: 'wc-ring-chips',
  imports: [Avatar, Icon],
  template: `
    @for (chip of chips(); track chip.ring.calleeId) {
      <span class="chip">
        <wc-avatar [id]="chip.ring.calleeId" [name]="chip.ring.calleeName" [size]="24" />
        <span class="truncate">{{ chip.ring.calleeName }}</span>
        <span class="words">{{ chip.words }}</span>
        @if (chip.mine) {
          <button
            type="button"
            [attr.aria-label]="t().rings.stopRinging(chip.ring.calleeName)"
            (click)="stop(chip.ring)"
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
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  protected readonly t = inject(I18n).t;
  readonly stay = input.required<CallStay>();
  /** Rings that have ended while one looked on, for as long as that is told. */
  private readonly told = signal<ReadonlySet<string>>(new Set());
  private readonly scope = new Scope();
  private before = new Map<string, Ring['status']>();

  protected readonly chips = computed(() => {
    const own = new Map(this.rings.outgoing().map((outgoing) => [ringKey(outgoing.ring), outgoing]));
    return this.stay()
      .rings()
      .filter((ring) => ring.status === 'ringing' || this.told().has(ringKey(ring)))
      .map((ring) => {
        const outgoing = own.get(ringKey(ring)) ?? { ring, phase: phaseOf(ring, 0) };
        const mine = ring.callerId === this.user()?.id && ring.status === 'ringing';
        return { ring, mine, words: phaseWords(outgoing, this.t()) };
      });
  });

  constructor() {
    effect(() => {
      const rings = this.stay().rings();
      for (const ring of rings) if (endsNow(ring, this.before.get(ringKey(ring)))) this.tell(ringKey(ring));
      this.before = new Map(rings.map((ring) => [ringKey(ring), ring.status]));
    });
    inject(DestroyRef).onDestroy(() => this.scope.close());
  }

  protected async stop(ring: Ring): Promise<void> {
    try {
      await this.rings.cancel(ring);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  private tell(key: string): void {
    this.told.update((told) => new Set(told).add(key));
    this.scope.timeout(TOLD_MS, () => this.told.update((told) => new Set([...told].filter((other) => other !== key))));
  }
}

/** Whoever came is on the stage, and who was given up is no news. A quiet ring is over as it begins. */
function endsNow(ring: Ring, before: Ring['status'] | undefined): boolean {
  const unanswered = ring.status === 'declined' || ring.status === 'missed';
  return unanswered && (before === 'ringing' || (before === undefined && ring.quiet));
}
