import { CdkMenu, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject } from '@angular/core';
import type { ChangeRoleDto, MemberDto } from '@webcall/contracts';
import { canChangeRole, canRemoveMemberOfRole, type Participant, ROLES } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { FailureToasts } from '../../flows/failure-toasts';
import { type ModeratorAction, ModeratorControls } from '../../flows/moderator-controls';
import { Contacts } from '../../state/people/contacts';
import { PresenceTexts } from '../../state/people/presence-texts';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Dialogs } from '../../ui/feedback/dialog';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { MenuItem } from '../../ui/forms/menu-item';
import { LoadView } from '../../widgets/load-view';
import { PersonButton } from '../../widgets/person-button';
import { ShowMore } from '../../widgets/show-more';
import { CallPeople } from './call-people';

type AssignableRole = ChangeRoleDto['role'];

/** The panel with the room's members, their presence, and the actions that the user's role allows. */
@Component({
  selector: 'wc-members-panel',
  imports: [
    Avatar,
    Button,
    CallPeople,
    CdkMenu,
    CdkMenuTrigger,
    Icon,
    IconLabel,
    LoadView,
    MenuItem,
    PersonButton,
    PresenceDot,
    ShowMore,
  ],
  templateUrl: './members-panel.html',
  styleUrl: './members-panel.scss',
})
export class MembersPanel {
  private readonly api = inject(ApiClient);
  private readonly dialogs = inject(Dialogs);
  private readonly failures = inject(FailureToasts);
  private readonly entry = inject(CallEntry);
  protected readonly moderating = inject(ModeratorControls);
  protected readonly contacts = inject(Contacts);
  protected readonly words = inject(PresenceTexts);
  protected readonly room = inject(RoomStore);
  protected readonly selfId = inject(Session).user()?.id;
  protected readonly t = inject(I18n).t;
  protected readonly loader = this.room.memberLoader;

  /** By role, then by name, like on the server, so that the next page is added at the end. */
  protected readonly members = computed(() => this.room.members()?.toSorted(compareByRoleAndName));

  constructor() {
    void this.loader.loadSnapshot();
  }

  protected participantOfMember({ userId }: MemberDto): Participant | undefined {
    return this.room.participants().find((participant) => participant.userId === userId);
  }

  protected memberActionsFor(member: MemberDto): ModeratorAction[] {
    const seat = member.userId === this.selfId ? undefined : this.participantOfMember(member);
    return seat ? this.moderating.listModeratorActions(this.room.room()?.role, seat) : [];
  }

  /** Only members who are not in the call can be rung. */
  protected canRingMember(member: MemberDto): boolean {
    return (
      !this.participantOfMember(member) && member.userId !== this.selfId && this.room.canPerformAction('call:ring')
    );
  }

  protected ringMember({ userId }: MemberDto): void {
    void this.entry.ringRoomMembers(this.room.id(), [userId]);
  }

  protected assignableRolesOf(member: MemberDto): AssignableRole[] {
    const own = this.room.room()?.role;
    if (!own || member.userId === this.selfId) return [];
    const roles: AssignableRole[] = ['moderator', 'member', 'owner'];
    return roles.filter((role) => role !== member.role && canChangeRole(own, member.role, role));
  }

  protected canRemoveMember(member: MemberDto): boolean {
    const own = this.room.room()?.role;
    return !!own && member.userId !== this.selfId && canRemoveMemberOfRole(own, member.role);
  }

  protected async giveMemberRole(member: MemberDto, role: AssignableRole): Promise<void> {
    const t = this.t().rooms;
    const confirmed =
      role !== 'owner' ||
      (await this.dialogs.askConfirmation({
        title: t.handOverTitle(member.name),
        text: t.handOverText,
        confirm: t.handOver,
        cancel: this.t().common.cancel,
      }));
    // The change arrives as an event.
    if (confirmed)
      await this.failures.runWithToast(() =>
        this.api.sendRequest('PATCH /rooms/:roomId/members/:userId', {
          roomId: this.room.id(),
          userId: member.userId,
          body: {
            role,
          },
        }),
      );
  }

  protected removeListedMember(member: MemberDto): void {
    void this.moderating.confirmRoomRemoval(this.room.id(), member);
  }
}

function compareByRoleAndName(a: MemberDto, b: MemberDto): number {
  const key = ({ role, name, userId }: MemberDto): string => `${ROLES.indexOf(role)}${name.toLowerCase()}\0${userId}`;
  return key(a) < key(b) ? -1 : 1;
}
