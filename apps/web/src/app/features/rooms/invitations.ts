import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CreateInvitationDto, InvitationDto, InvitationsDto } from '@webcall/contracts';
import { mayInviteAs, type Role } from '@webcall/domain';
import { filter } from 'rxjs';
import { ApiClient } from '../../core/net/api-client';
import { ErrorTexts } from '../../core/text/errors';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { Pages } from '../../core/net/pages';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomStore } from '../../state/rooms/room-store';
import { ShowMore } from '../../widgets/show-more';
import { Button } from '../../ui/forms/button';
import { Dialogs } from '../../ui/feedback/dialog';
import { Icon } from '../../ui/display/icon';
import { Select } from '../../ui/forms/select';
import { Toasts } from '../../ui/feedback/toasts';

type InvitedRole = CreateInvitationDto['role'];

const ROLES: readonly InvitedRole[] = ['guest', 'member', 'moderator'];
const EXPIRY = ['1', '24', '168', '720', ''] as const;
const USES = ['1', '10', '100', ''] as const;

/** The room's invitation links: making, copying and revoking them. */
@Component({
  selector: 'wc-invitations',
  imports: [Button, Icon, Select, ShowMore],
  templateUrl: './invitations.html',
  styleUrl: './invitations.scss',
})
export class Invitations {
  private readonly api = inject(ApiClient);
  private readonly injector = inject(Injector);
  private readonly errors = inject(ErrorTexts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly room = inject(RoomStore);
  private readonly formats = inject(Formats);
  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  private readonly linkField = viewChild<ElementRef<HTMLInputElement>>('linkField');
  protected readonly t = inject(I18n).t;

  protected readonly pages = new Pages<InvitationDto>(
    async (cursor) => {
      const { invitations, next } = await this.api.get<InvitationsDto>(this.path(), { cursor });
      return { items: invitations, next };
    },
    ({ id }) => id,
  );
  protected readonly failure = signal<string | null>(null);
  protected readonly creating = signal(false);
  /** The link of the invitation that was just made: its code is never told again. */
  protected readonly link = signal<string | null>(null);
  protected readonly role = signal<string>('guest');
  protected readonly roleHint = computed(() => this.t().rooms.roleHint[this.role() as InvitedRole]);
  protected readonly expiry = signal<string>('168');
  protected readonly uses = signal<string>('');
  protected readonly roleOptions = computed(() =>
    ROLES.filter((role) => mayInviteAs(this.ownRole(), role)).map((value) => ({
      value,
      label: this.t().common.roles[value],
    })),
  );
  protected readonly expiryOptions = computed(() =>
    EXPIRY.map((value) => ({ value, label: this.t().rooms.expiry[value] })),
  );
  protected readonly useOptions = computed(() =>
    USES.map((value) => ({ value, label: this.t().rooms.useCount[value] })),
  );
  private readonly ownRole = computed<Role>(() => this.room.room()?.role ?? 'guest');

  constructor() {
    void this.load();
    // Somebody may have come by one of the links.
    inject(RealtimeClient)
      .on('room:changed')
      .pipe(
        filter(({ roomId, change }) => roomId === this.room.id() && change.type === 'member_joined'),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.load());
    afterRenderEffect(() => {
      if (!this.room.inviting()) return;
      this.title().nativeElement.focus();
      this.room.inviting.set(false);
    });
  }

  protected async load(): Promise<void> {
    this.failure.set(null);
    try {
      await this.pages.renew();
    } catch (error) {
      this.failure.set(this.errors.of(error));
    }
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    if (this.creating()) return;
    this.creating.set(true);
    try {
      const wanted: CreateInvitationDto = {
        role: this.role() as InvitedRole,
        expiresInHours: Number(this.expiry()) || undefined,
        maxUses: Number(this.uses()) || undefined,
      };
      const { code, ...made } = await this.api.post<InvitationDto>(this.path(), wanted);
      this.link.set(`${location.origin}/join/${code}`);
      // It may be below what is in view.
      afterNextRender(() => this.linkField()?.nativeElement.focus(), { injector: this.injector });
      this.pages.change((all) => [made, ...all.filter(({ id }) => id !== made.id)]);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    } finally {
      this.creating.set(false);
    }
  }

  protected async copy(): Promise<void> {
    const link = this.link();
    if (!link) return;
    try {
      await navigator.clipboard.writeText(link);
      this.toasts.show(this.t().rooms.copied);
    } catch (error) {
      console.warn('The clipboard cannot be written', error);
      this.linkField()?.nativeElement.select();
      this.toasts.show(this.t().rooms.copyFailed, 'bad');
    }
  }

  protected async revoke(invitation: InvitationDto): Promise<void> {
    const t = this.t().rooms;
    const { cancel } = this.t().common;
    const question = { title: t.revokeTitle, text: t.revokeText, confirm: t.revoke, cancel, danger: true };
    if (!(await this.dialogs.ask(question))) return;
    try {
      await this.api.delete(`${this.path()}/${invitation.id}`);
      this.pages.change((all) => all.filter(({ id }) => id !== invitation.id));
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  protected facts({ uses, maxUses, expiresAt, createdBy }: InvitationDto): string {
    const t = this.t().rooms;
    const over = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
    const end = expiresAt === null ? t.endless : over ? t.ended : t.endsAt(this.formats.dateTime(expiresAt));
    return [t.usedTimes(uses, maxUses), end, createdBy && t.by(createdBy)].filter(Boolean).join(' · ');
  }

  private path(): string {
    return `/rooms/${this.room.id()}/invitations`;
  }
}
