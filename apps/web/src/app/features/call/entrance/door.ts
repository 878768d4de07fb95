import { afterNextRender, Component, computed, DestroyRef, type ElementRef, inject, viewChild } from '@angular/core';
import { CallSession } from '../../../state/call/call-session';
import { ErrorTexts } from '../../../core/text/errors';
import { I18n } from '../../../core/text/i18n';
import { Knocking } from '../../../state/call/knocking';
import { LocalMedia } from '../../../state/media/local-media';
import { Button } from '../../../ui/forms/button';
import { Icon } from '../../../ui/display/icon';
import { OwnPreview } from './own-preview';

/** Before a call that lets nobody in by themselves: asking, waiting, and how it ended. */
@Component({
  selector: 'wc-door',
  imports: [Button, Icon, OwnPreview],
  templateUrl: './door.html',
  styles: `
    :host {
      display: grid;
      height: 100%;
      overflow: auto;
      background: var(--ground);
    }
    .inner {
      display: grid;
      gap: var(--space-16);
      width: min(520px, 100%);
      margin: auto;
      padding: var(--space-16) var(--space-16) calc(var(--space-24) + var(--safe-bottom));
      text-align: center;
    }
    .problem {
      color: var(--danger);
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: var(--space-8);
    }
  `,
})
export class Door {
  private readonly knocking = inject(Knocking);
  private readonly errors = inject(ErrorTexts);
  protected readonly t = inject(I18n).t;
  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');

  protected readonly phase = computed(() => this.knocking.at()?.phase ?? 'idle');
  protected readonly words = computed(() => {
    const t = this.t().door;
    return {
      idle: { title: t.title, text: t.text },
      waiting: { title: t.waiting, text: t.waitingText },
      'no-call': { title: t.noCall, text: t.noCallText },
      denied: { title: t.denied, text: t.deniedText },
    }[this.phase()];
  });
  protected readonly problem = computed(() => {
    const problem = this.knocking.problem();
    return problem && this.errors.of(problem);
  });

  constructor() {
    const [session, local] = [inject(CallSession), inject(LocalMedia)];
    afterNextRender(() => this.title().nativeElement.focus());
    inject(DestroyRef).onDestroy(() => {
      if (this.knocking.at()) void this.knocking.leave();
      // Whoever goes away from the door turns the devices off.
      if (!session.active() && !session.joining()) local.close();
    });
  }

  protected ask(): void {
    // The button goes with the question; what comes of it is told by the title.
    this.title().nativeElement.focus();
    void this.knocking.ask();
  }

  protected leave(): void {
    void this.knocking.leave();
  }
}
