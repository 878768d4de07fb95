import { afterNextRender, Component, computed, ElementRef, inject } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { CallSession } from '../../../state/call/call-session';
import { Contacts } from '../../../state/people/contacts';
import { RoomStore } from '../../../state/rooms/room-store';
import { EmptyState } from '../../../ui/feedback/empty-state';
import { Button } from '../../../ui/forms/button';

/** Shown to a user who was removed from a call and can only be let back in by a moderator. */
@Component({
  selector: 'wc-removed',
  imports: [Button, EmptyState],
  template: `
    <wc-empty-state role="alert" tabindex="-1" icon="door" [title]="words().title" [text]="words().text">
      <button wcButton type="button" (click)="session.dismissCallEnd()">{{ t().common.close }}</button>
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
  private readonly contacts = inject(Contacts);
  protected readonly session = inject(CallSession);
  protected readonly t = inject(I18n).t;
  protected readonly words = computed(() => {
    const t = this.t().moderation;
    // A direct room has no moderators: the two users are no longer contacts.
    const room = this.room.room();
    if (room?.kind === 'direct') {
      const text = this.contacts.hasBlocked(room.peerId) ? this.t().errors.user_blocked : this.t().errors.not_contacts;
      return { title: t.closedTitle, text };
    }
    if (this.room.isBarred()) return { title: t.removedTitle, text: t.removedText };
    if (this.room.calling()) return { title: t.letBackTitle, text: t.letBackText };
    return { title: t.removedTitle, text: t.removedAndOver };
  });

  constructor() {
    const page = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => page.querySelector<HTMLElement>('[tabindex]')?.focus());
  }
}
