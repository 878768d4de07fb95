import { Component, computed, inject, input, resource, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { InvitationPreviewDto, RoomDto } from '@webcall/contracts';
import { GUEST_NAME_PATTERN } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { ErrorTexts } from '../../core/text/errors';
import { form } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Session } from '../../core/session/session';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { ErrorState } from '../../ui/feedback/error-state';
import { Field } from '../../ui/forms/field';
import { Skeleton } from '../../ui/feedback/skeleton';
import { AuthFrame } from './auth-frame';

/** Who invites to what, and the ways in. */
@Component({
  selector: 'wc-invitation-page',
  imports: [AuthFrame, Avatar, Button, ErrorState, Field, RouterLink, Skeleton],
  templateUrl: './invitation-page.html',
  styleUrls: ['./auth-form.scss', './invitation-page.scss'],
})
export class InvitationPage {
  private readonly api = inject(ApiClient);
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  protected readonly t = inject(I18n).t;
  protected readonly errors = inject(ErrorTexts);

  /** From the address. */
  readonly code = input.required<string>();

  private readonly path = computed(() => `/invitations/${encodeURIComponent(this.code())}`);
  protected readonly preview = resource({
    params: () => this.path(),
    loader: ({ params }) => this.api.get<InvitationPreviewDto>(params),
  });
  protected readonly here = computed(() => ({ next: `/join/${encodeURIComponent(this.code())}` }));

  protected readonly joining = form<never>({
    check: () => ({}),
    submit: () => this.join(),
  });

  protected readonly guestName = signal('');
  protected readonly guest = form<'name'>({
    check: () => ({
      name: GUEST_NAME_PATTERN.test(this.guestName().trim()) ? undefined : (t) => t.invitation.yourNameMissing,
    }),
    submit: async () => {
      await this.session.joinAsGuest(this.code(), { name: this.guestName().trim() });
      await this.open(this.preview.value()?.roomId);
    },
    fieldOf: { invalid_input: 'name', name_reserved: 'name', name_taken: 'name' },
  });

  protected async leaveGuest(): Promise<void> {
    await this.session.signOut(this.here().next);
  }

  private async join(): Promise<void> {
    const room = await this.api.post<RoomDto>(`${this.path()}/join`);
    await this.open(room.id);
  }

  private async open(roomId?: string): Promise<void> {
    await this.router.navigateByUrl(roomId ? `/r/${roomId}` : '/');
  }
}
