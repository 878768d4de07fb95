import { afterNextRender, Component, computed, ElementRef, inject } from '@angular/core';
import { CallSession } from '../../../state/call/call-session';
import { I18n } from '../../../core/text/i18n';
import { RoomStore } from '../../../state/rooms/room-store';
import { Button } from '../../../ui/forms/button';
import { EmptyState } from '../../../ui/feedback/empty-state';

/** The end of a call for whoever was taken out of it: there is no way back but through a moderator. */
@Component({
  selector: 'wc-removed',
  imports: [Button, EmptyState],
  template: `
    <wc-empty-state role="alert" tabindex="-1" icon="door" [title]="words().title" [text]="words().text">
      <button wcButton type="button" (click)="session.dismiss()">{{ t().common.close }}</button>
    </wc-empty-state>
  `,
  styles: `
    :host {
      display: grid;
      height: 100%;
      overflow: auto;
      background: var(--ground);
    }
  `,
})
export class Removed {
  private readonly room = inject(RoomStore);
  protected readonly session = inject(CallSession);
  protected readonly t = inject(I18n).t;
  protected readonly words = computed(() => {
    const t = this.t().moderation;
    // Nobody moderates there: the two are no contacts any more.
    if (this.room.room()?.kind === 'direct') return { title: t.closedTitle, text: this.t().errors.not_contacts };
    if (this.room.isBarred()) return { title: t.removedTitle, text: t.removedText };
    if (this.room.calling()) return { title: t.letBackTitle, text: t.letBackText };
    return { title: t.removedTitle, text: t.removedAndOver };
  });

  constructor() {
    const page = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => page.querySelector<HTMLElement>('[tabindex]')?.focus());
  }
}
