import { afterNextRender, Component, computed, ElementRef, inject, input } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { CallEntry } from '../../../flows/call-entry';
import { CallSession } from '../../../state/call/call-session';
import { type RingOutcome, Rings } from '../../../state/rings/rings';
import { Avatar } from '../../../ui/display/avatar';
import { Button } from '../../../ui/forms/button';

/** Shown on the stage after a declined or unanswered call to one person: the reason and a button to call again. */
@Component({
  selector: 'wc-outcome',
  imports: [Avatar, Button],
  template: `
    <wc-avatar [id]="outcome().ring.calleeId" [name]="outcome().ring.calleeName" [size]="112" />
    <div role="status">
      <h2 tabindex="-1">
        <bdi>{{ outcome().ring.calleeName }}</bdi>
      </h2>
      <p>{{ outcomeText() }}</p>
      <p class="hint">{{ hint() }}</p>
    </div>
    <div class="actions">
      <button wcButton="ghost" type="button" (click)="dismissRingOutcome()">{{ t().common.close }}</button>
      <button wcButton="primary" type="button" [busy]="joining()" (click)="callPersonAgain()">
        {{ t().rings.callAgain }}
      </button>
    </div>
  `,
  styles: `
    @use '../../../../styles/tokens';

    :host {
      @include tokens.stage;

      display: grid;
      align-content: center;
      justify-items: center;
      gap: var(--space-24);
      height: 100%;
      padding: var(--space-24);
      background: var(--ground);
      text-align: center;
    }
    .hint {
      color: var(--muted);
      font-size: var(--text-13);
    }
    .actions {
      display: flex;
      gap: var(--space-8);
    }
  `,
})
export class Outcome {
  private readonly rings = inject(Rings);
  private readonly entry = inject(CallEntry);
  private readonly session = inject(CallSession);
  protected readonly t = inject(I18n).t;
  readonly outcome = input.required<RingOutcome>();
  protected readonly joining = computed(() => this.session.joining() !== null);
  protected readonly outcomeText = computed(() => {
    const { phase } = this.outcome();
    const { phase: words } = this.t().rings;
    return phase === 'declined' || phase === 'quiet' ? words[phase] : words.missed;
  });
  protected readonly hint = computed(() => {
    const { phase } = this.outcome();
    const { outcomeHint: words } = this.t().rings;
    return phase === 'declined' || phase === 'quiet' ? words[phase] : words.missed;
  });

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => element.querySelector('h2')?.focus());
  }

  protected dismissRingOutcome(): void {
    this.rings.outcome.set(null);
  }

  protected callPersonAgain(): void {
    void this.entry.startOrJoinRoomCall(this.outcome().roomId);
  }
}
