import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { afterNextRender, Component, computed, DestroyRef, inject, Injector, signal, viewChild } from '@angular/core';
import type { InvitationDto, RoomDto } from '@webcall/contracts';
import { canInviteAsRole } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { Session } from '../../core/session/session';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { DialogFrame } from '../../ui/feedback/dialog';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Button } from '../../ui/forms/button';
import { InvitationLink, invitationUrlOf } from './invitation-link';

const HOUR_MS = 60 * 60 * 1000;
/** How long the link works that is made without asking for anything. */
const DEFAULT_HOURS = 168;
/** A link that ends sooner is not given away again. */
const REUSABLE_FROM_HOURS = 48;

/**
 * Gives the person a link to a room, already copied where the browser allows it, and as a QR code for the phone of
 * somebody beside them.
 */
@Component({
  selector: 'wc-invite-dialog',
  imports: [Button, DialogFrame, InvitationLink, Skeleton],
  template: `
    <wc-dialog [title]="t().rooms.inviteTo(room.name)">
      @if (invitation(); as made) {
        <p class="muted small">{{ t().rooms.roleHint[made.role] }} {{ end() }}</p>
        <wc-invitation-link [url]="url()" />
        @if (qr(); as code) {
          <figure>
            <svg
              role="img"
              shape-rendering="crispEdges"
              [attr.aria-label]="t().rooms.qrCode"
              [attr.viewBox]="code.viewBox"
            >
              <path [attr.d]="code.path" />
            </svg>
            <figcaption class="muted small">{{ t().rooms.qrHint }}</figcaption>
          </figure>
        }
      } @else {
        <wc-skeleton [rows]="3" [withAvatar]="false" />
        <span class="visually-hidden" role="status">{{ t().common.loading }}</span>
      }
      <ng-container actions>
        <button wcButton="ghost" type="button" (click)="ref.close('all')">{{ t().rooms.otherLinks }}</button>
        <button wcButton="primary" type="button" (click)="ref.close()">{{ t().rooms.inviteDone }}</button>
      </ng-container>
    </wc-dialog>
  `,
  styles: `
    figure {
      display: grid;
      justify-items: center;
      gap: var(--space-8);
      text-align: center;
    }
    // Cameras read dark on light, so the code looks the same in both themes.
    svg {
      width: 200px;
      height: 200px;
      border-radius: var(--radius-control);
      background: #fff;
    }
    path {
      fill: #000;
    }
  `,
})
export class InviteDialog {
  private readonly api = inject(ApiClient);
  private readonly failures = inject(FailureToasts);
  private readonly formats = inject(DateTimeFormats);
  private readonly injector = inject(Injector);
  private readonly destroyRef = inject(DestroyRef);
  private readonly self = inject(Session).user;
  private readonly link = viewChild(InvitationLink);
  protected readonly room = inject<RoomDto>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<'all'>>(DialogRef);
  protected readonly t = inject(I18n).t;
  protected readonly invitation = signal<InvitationDto | null>(null);
  protected readonly qr = signal<{ viewBox: string; path: string } | null>(null);
  protected readonly url = computed(() => invitationUrlOf(this.invitation()?.code ?? ''));
  protected readonly end = computed(() => {
    const expiresAt = this.invitation()?.expiresAt;
    return expiresAt ? this.t().rooms.linkEnds(this.formats.formatDateTime(expiresAt)) : '';
  });

  constructor() {
    void this.showDefaultLink();
  }

  private async showDefaultLink(): Promise<void> {
    const invitation = await this.failures.resultOrToast(() => this.findOrCreateInvitation());
    // Closed meanwhile.
    if (this.destroyRef.destroyed) return;
    if (!invitation?.code) return this.ref.close();
    this.invitation.set(invitation);
    afterNextRender(() => void this.link()?.copyLinkUnasked(), { injector: this.injector });
    await this.drawQrCode();
  }

  /** The link that the person made before is given again, so that pressing the button twice makes no second one. */
  private async findOrCreateInvitation(): Promise<InvitationDto> {
    const { id: roomId, role: ownRole, visibility } = this.room;
    const role = canInviteAsRole(ownRole, 'guest', visibility) ? 'guest' : 'member';
    const { invitations } = await this.api.sendRequest('GET /rooms/:roomId/invitations', { roomId });
    const before = invitations.find(
      (known) =>
        known.code !== undefined &&
        known.role === role &&
        known.maxUses === null &&
        known.createdBy === this.self()?.username &&
        (known.expiresAt === null || Date.parse(known.expiresAt) > Date.now() + REUSABLE_FROM_HOURS * HOUR_MS),
    );
    if (before) return before;
    const body = { role, expiresInHours: DEFAULT_HOURS } as const;
    return this.api.sendRequest('POST /rooms/:roomId/invitations', { roomId, body });
  }

  private async drawQrCode(): Promise<void> {
    try {
      const { drawQrCode } = await import('./qr-code');
      this.qr.set(drawQrCode(this.url()));
    } catch (error) {
      console.warn('the code of QR codes could not be loaded', error);
    }
  }
}
