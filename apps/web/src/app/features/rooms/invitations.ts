import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CreateInvitationDto, InvitationDto } from '@webcall/contracts';
import { canInviteAsRole } from '@webcall/domain';
import { filter } from 'rxjs';
import { WallClock } from '../../core/browser/wall-clock';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { TextCopy } from '../../flows/text-copy';
import { RoomStore } from '../../state/rooms/room-store';
import { Icon } from '../../ui/display/icon';
import { Dialogs } from '../../ui/feedback/dialog';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { Select } from '../../ui/forms/select';
import { LoadView } from '../../widgets/load-view';
import { ShowMore } from '../../widgets/show-more';
import { InvitationLink, invitationUrlOf } from './invitation-link';

type InvitedRole = CreateInvitationDto['role'];

const INVITED_ROLES: readonly InvitedRole[] = ['guest', 'member', 'moderator'];
const EXPIRY_HOURS = ['1', '24', '168', '720', ''] as const;
const MAX_USES_CHOICES = ['1', '10', '100', ''] as const;

/** The section for creating, copying and revoking the room's invitation links. */
@Component({
  selector: 'wc-invitations',
  imports: [Button, Icon, IconLabel, InvitationLink, LoadView, Select, ShowMore],
  templateUrl: './invitations.html',
  styleUrl: './invitations.scss',
})
export class Invitations {
  private readonly api = inject(ApiClient);
  private readonly injector = inject(Injector);
  private readonly dialogs = inject(Dialogs);
  private readonly copy = inject(TextCopy);
  private readonly failures = inject(FailureToasts);
  private readonly room = inject(RoomStore);
  private readonly formats = inject(DateTimeFormats);
  private readonly clock = inject(WallClock);
  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  private readonly linkField = viewChild(InvitationLink);
  protected readonly t = inject(I18n).t;

  protected readonly pages = new PagedList<InvitationDto>(
    async (cursor) => {
      const { invitations, next } = await this.api.sendRequest('GET /rooms/:roomId/invitations', {
        roomId: this.room.id(),
        query: { cursor },
      });
      return { items: invitations, next };
    },
    ({ id }) => id,
  );
  protected readonly loader = new SnapshotLoader(() => this.pages.reloadShownPages());
  protected readonly creating = signal(false);
  /** The link of the invitation just created. */
  protected readonly link = signal<string | null>(null);
  private readonly grantable = computed(() => {
    const room = this.room.room();
    return INVITED_ROLES.filter((role) => room && canInviteAsRole(room.role, role, room.visibility));
  });
  private readonly defaultRole = computed(() => this.grantable()[0] ?? 'member');
  protected readonly role = linkedSignal<string>(() => this.defaultRole());
  protected readonly roleHint = computed(() => this.t().rooms.roleHint[this.role() as InvitedRole]);
  protected readonly expiry = signal<string>('168');
  protected readonly uses = signal<string>('');
  protected readonly roleOptions = computed(() =>
    this.grantable().map((value) => ({ value, label: this.t().common.roles[value] })),
  );
  protected readonly expiryOptions = computed(() =>
    EXPIRY_HOURS.map((value) => ({ value, label: this.t().rooms.expiry[value] })),
  );
  protected readonly useOptions = computed(() =>
    MAX_USES_CHOICES.map((value) => ({ value, label: this.t().rooms.useCount[value] })),
  );

  constructor() {
    void this.loader.loadSnapshot();
    // A member who joined may have used one of the links.
    inject(RealtimeClient)
      .observeEvents('room:changed')
      .pipe(
        filter(({ roomId, change }) => roomId === this.room.id() && change.type === 'member_joined'),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.loader.loadSnapshot());
    afterRenderEffect(() => {
      if (!this.room.inviting()) return;
      this.title().nativeElement.focus();
      this.room.inviting.set(false);
    });
  }

  protected async createInvitationLink(event: Event): Promise<void> {
    event.preventDefault();
    if (this.creating()) return;
    this.creating.set(true);
    await this.failures.runWithToast(async () => {
      const body: CreateInvitationDto = {
        role: this.role() as InvitedRole,
        expiresInHours: Number(this.expiry()) || undefined,
        maxUses: Number(this.uses()) || undefined,
      };
      const created = await this.api.sendRequest('POST /rooms/:roomId/invitations', {
        roomId: this.room.id(),
        body,
      });
      this.link.set(created.code ? invitationUrlOf(created.code) : null);
      // The link may be outside the visible part of the panel.
      afterNextRender(() => this.linkField()?.focusLink(), { injector: this.injector });
      this.pages.applyListChange((all) => [created, ...all.filter(({ id }) => id !== created.id)]);
    });
    this.creating.set(false);
  }

  protected copyListedLink(code: string): void {
    const { copied, copyFailed: failed } = this.t().rooms;
    void this.copy.copyText(invitationUrlOf(code), { copied, failed });
  }

  protected async confirmRevokeLink(invitation: InvitationDto): Promise<void> {
    const t = this.t().rooms;
    const { cancel } = this.t().common;
    const question = { title: t.revokeTitle, text: t.revokeText, confirm: t.revoke, cancel, danger: true };
    if (!(await this.dialogs.askConfirmation(question))) return;
    await this.failures.runWithToast(async () => {
      await this.api.sendRequest('DELETE /rooms/:roomId/invitations/:invitationId', {
        roomId: this.room.id(),
        invitationId: invitation.id,
      });
      this.pages.applyListChange((all) => all.filter(({ id }) => id !== invitation.id));
    });
  }

  protected invitationFactsOf({ uses, maxUses, expiresAt, createdBy }: InvitationDto): string {
    const t = this.t().rooms;
    const isExpired = expiresAt !== null && Date.parse(expiresAt) <= this.clock.now();
    const end = expiresAt === null ? t.endless : isExpired ? t.ended : t.endsAt(this.formats.formatDateTime(expiresAt));
    return [t.usedTimes(uses, maxUses), end, createdBy && t.by(createdBy)].filter(Boolean).join(' · ');
  }
}
