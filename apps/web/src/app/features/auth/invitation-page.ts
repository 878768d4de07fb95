import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { isValidGuestName } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { QueryLoader } from '../../core/net/query-loader';
import { Session } from '../../core/session/session';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { FormFooter } from '../../ui/forms/form-footer';
import { LoadView } from '../../widgets/load-view';
import { AuthFrame } from './auth-frame';

/** The page of an invitation link: shows the inviter and the room, and the ways to join. */
@Component({
  selector: 'wc-invitation-page',
  imports: [AuthFrame, Avatar, Button, ConnectedForm, Field, FormFooter, LoadView, RouterLink],
  templateUrl: './invitation-page.html',
  styleUrls: ['./auth-form.scss', './invitation-page.scss'],
})
export class InvitationPage {
  private readonly api = inject(ApiClient);
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  protected readonly t = inject(I18n).t;

  /** From the URL. */
  readonly code = input.required<string>();

  protected readonly preview = new QueryLoader(this.code, (code) =>
    this.api.sendRequest('GET /invitations/:code', { code }),
  );
  protected readonly returnTarget = computed(() => ({ next: `/join/${encodeURIComponent(this.code())}` }));

  protected readonly joinForm = createForm<never>({
    check: () => ({}),
    submit: () => this.joinInvitedRoom(),
  });

  protected readonly guestName = signal('');
  protected readonly guestForm = createForm<'name'>({
    check: () => ({
      name: isValidGuestName(this.guestName().trim()) ? undefined : (t) => t.invitation.yourNameMissing,
    }),
    submit: async () => {
      await this.session.joinRoomAsGuest(this.code(), { name: this.guestName().trim() });
      await this.openInvitedRoom(this.preview.found()?.result.roomId);
    },
    fieldOf: { invalid_input: 'name', name_reserved: 'name', name_taken: 'name' },
  });

  protected async signOutGuest(): Promise<void> {
    await this.session.signOutUser(this.returnTarget().next);
  }

  private async joinInvitedRoom(): Promise<void> {
    const room = await this.api.sendRequest('POST /invitations/:code/join', { code: this.code() });
    await this.openInvitedRoom(room.id);
  }

  private async openInvitedRoom(roomId?: string): Promise<void> {
    await this.router.navigateByUrl(roomId ? `/r/${roomId}` : '/');
  }
}
