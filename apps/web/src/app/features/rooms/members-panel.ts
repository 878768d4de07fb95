import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject } from '@angular/core';
import type { ChangeRoleDto, MemberDto } from '@webcall/contracts';
import { mayChangeRole, mayRemove, type Participant, ROLES } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { Contacts } from '../../state/people/contacts';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { PresenceWords } from '../../state/people/presence-words';
import { RoomStore } from '../../state/rooms/room-store';
import { Session } from '../../core/session/session';
import { CallEntry } from '../../flows/call-entry';
import { Moderating, type ModeratorAction } from '../../flows/moderating';
import { ShowMore } from '../../widgets/show-more';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { Dialogs } from '../../ui/feedback/dialog';
import { ErrorState } from '../../ui/feedback/error-state';
import { Icon } from '../../ui/display/icon';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Toasts } from '../../ui/feedback/toasts';
import { Tooltip } from '../../ui/feedback/tooltip';
import { CallPeople } from './call-people';

type NewRole = ChangeRoleDto['role'];

/** Who is in the room, who of them is there, and what the roles allow to do about it. */
@Component({
  selector: 'wc-members-panel',
  imports: [
    Avatar,
    Button,
    CallPeople,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    ErrorState,
    Icon,
    PresenceDot,
    ShowMore,
    Skeleton,
    Tooltip,
  ],
  templateUrl: './members-panel.html',
  styleUrl: './members-panel.scss',
})
export class MembersPanel {
  private readonly api = inject(ApiClient);
  private readonly errors = inject(ErrorTexts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly entry = inject(CallEntry);
  protected readonly moderating = inject(Moderating);
  protected readonly contacts = inject(Contacts);
  protected readonly words = inject(PresenceWords);
  protected readonly room = inject(RoomStore);
  protected readonly selfId = inject(Session).user()?.id;
  protected readonly t = inject(I18n).t;
  protected readonly loader = this.room.memberLoader;
  protected readonly failure = computed(() =>
    this.loader.state() === 'error' ? this.errors.of(this.loader.error()) : null,
  );

  /** By role, then by name, as the server has them: so the next page comes beneath what is shown. */
  protected readonly members = computed(() => this.room.members()?.toSorted(byRoleAndName));

  constructor() {
    void this.loader.load();
  }

  protected seatOf({ userId }: MemberDto): Participant | undefined {
    return this.room.participants().find((participant) => participant.userId === userId);
  }

  protected actionsFor(member: MemberDto): ModeratorAction[] {
    const seat = member.userId === this.selfId ? undefined : this.seatOf(member);
    return seat ? this.moderating.actionsFor(this.room.room()?.role, seat) : [];
  }

  /** Whoever is not in the call can be rung into it. */
  protected ringable(member: MemberDto): boolean {
    return !this.seatOf(member) && member.userId !== this.selfId && this.room.may('call:ring');
  }

  protected ring({ userId }: MemberDto): void {
    void this.entry.ring(this.room.id(), [userId]);
  }

  protected newRoles(member: MemberDto): NewRole[] {
    const own = this.room.room()?.role;
    if (!own || member.userId === this.selfId) return [];
    const roles: NewRole[] = ['moderator', 'member', 'owner'];
    return roles.filter((role) => role !== member.role && mayChangeRole(own, member.role, role));
  }

  protected removable(member: MemberDto): boolean {
    const own = this.room.room()?.role;
    return !!own && member.userId !== this.selfId && mayRemove(own, member.role);
  }

  protected async giveRole(member: MemberDto, role: NewRole): Promise<void> {
    const t = this.t().rooms;
    const sure =
      role !== 'owner' ||
      (await this.dialogs.ask({
        title: t.handOverTitle(member.name),
        text: t.handOverText,
        confirm: t.handOver,
        cancel: this.t().common.cancel,
      }));
    if (sure) await this.attempt(() => this.api.patch<MemberDto>(this.path(member), { role } satisfies ChangeRoleDto));
  }

  protected remove(member: MemberDto): void {
    void this.moderating.removeFromRoom(this.room.id(), member);
  }

  private path(member: MemberDto): string {
    return `/rooms/${this.room.id()}/members/${member.userId}`;
  }

  /** What changed comes back as an event. */
  private async attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }
}

function byRoleAndName(a: MemberDto, b: MemberDto): number {
  const key = ({ role, name, userId }: MemberDto): string => `${ROLES.indexOf(role)}${name.toLowerCase()}\0${userId}`;
  return key(a) < key(b) ? -1 : 1;
}
