import { afterNextRender, Component, computed, DestroyRef, type ElementRef, inject, viewChild } from '@angular/core';
import { ErrorTexts } from '../../../core/text/error-texts';
import { I18n } from '../../../core/text/i18n';
import { CallSession } from '../../../state/call/call-session';
import { Knocking } from '../../../state/call/knocking';
import { LocalMedia } from '../../../state/media/local-media';
import { RoomStore } from '../../../state/rooms/room-store';
import { Icon } from '../../../ui/display/icon';
import { Button } from '../../../ui/forms/button';
import { OwnPreview } from './own-preview';

/** The page before a call that requires admission: asking, waiting, and the outcome. */
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
  private readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');

  protected readonly phase = computed(() => this.knocking.knockState()?.phase ?? 'idle');
  protected readonly words = computed(() => {
    const t = this.t().door;
    return {
      idle: this.room.isLockedOut() ? { title: t.callLocked, text: t.lockedText } : { title: t.title, text: t.text },
      waiting: { title: t.waiting, text: t.waitingText },
      'no-call': { title: t.noCall, text: t.noCallText },
      denied: { title: t.denied, text: t.deniedText },
      lost: { title: t.lost, text: t.lostText },
    }[this.phase()];
  });
  protected readonly problem = computed(() => {
    const problem = this.knocking.problem();
    return problem && this.errors.translateError(problem);
  });

  constructor() {
    const [session, local] = [inject(CallSession), inject(LocalMedia)];
    afterNextRender(() => this.title().nativeElement.focus());
    inject(DestroyRef).onDestroy(() => {
      if (this.knocking.knockState()) void this.knocking.leaveDoor();
      // Leaving the door without joining turns the devices off.
      if (!session.active() && !session.joining()) local.closeLocalMedia();
    });
  }

  protected knockOnCallDoor(): void {
    // The button is removed after asking; the title announces the result.
    this.title().nativeElement.focus();
    void this.knocking.requestAdmission();
  }

  protected leaveCallDoor(): void {
    void this.knocking.leaveDoor();
  }
}
