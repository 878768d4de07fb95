import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RoomDto } from '@webcall/contracts';
import { I18n } from '../../core/text/i18n';
import { Contacts } from '../../state/people/contacts';
import { PresenceTexts } from '../../state/people/presence-texts';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Dialogs } from '../../ui/feedback/dialog';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { PersonButton } from '../../widgets/person-button';
import { InviteDialog } from './invite-dialog';
import { RoomSlot } from './room-slot';

/** The header of a room: name, presence, and the buttons for its call and panels. */
@Component({
  selector: 'wc-room-header',
  imports: [Avatar, Button, IconLabel, PersonButton, PresenceDot, RoomSlot, RouterLink],
  template: `
    @if (room.room(); as it) {
      <a wcButton="ghost" iconOnly="back" class="back" routerLink="/" [attr.aria-label]="t().common.back"></a>
      @let direct = it.kind === 'direct';
      <span class="face">
        <wc-avatar
          [id]="direct ? (it.peerId ?? it.id) : it.id"
          [name]="it.name"
          [size]="36"
          [shape]="direct ? 'person' : 'room'"
        />
        @if (peer()?.presence; as presence) {
          <wc-presence-dot [presence]="words.shownPresence(presence)" />
        }
      </span>
      <div class="title">
        <div class="names">
          <h1 class="truncate">
            @if (direct && it.peerId) {
              <wc-person [userId]="it.peerId" [name]="it.name"
                ><bdi>{{ it.name }}</bdi></wc-person
              >
            } @else {
              <bdi>{{ it.name }}</bdi>
            }
          </h1>
          <p class="truncate">
            @if (peer(); as contact) {
              {{ words.describePresence(contact) }}
            } @else if (!direct) {
              {{ t().common.members(it.memberCount) }}
            }
          </p>
        </div>
        @if (!direct) {
          <button
            wcButton="ghost"
            iconOnly="people"
            type="button"
            class="members"
            data-opens="members"
            [wcLabel]="t().rooms.members"
            [attr.aria-pressed]="room.panel() === 'members'"
            wcTooltipSide="bottom"
            (click)="room.togglePanel('members')"
          ></button>
        }
      </div>
      @if (!inCall()) {
        <wc-room-slot part="callActions" />
      }
      @if (room.canPerformAction('invitation:create')) {
        <button
          wcButton="ghost"
          iconOnly="personAdd"
          type="button"
          [wcLabel]="t().rooms.inviteShort"
          wcTooltipSide="bottom"
          (click)="inviteToRoom(it)"
        ></button>
      }
      <button
        wcButton="ghost"
        iconOnly="settings"
        type="button"
        data-opens="settings"
        [wcLabel]="t().rooms.settings"
        [attr.aria-pressed]="room.panel() === 'settings'"
        wcTooltipSide="bottom"
        (click)="room.togglePanel('settings')"
      ></button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      align-items: center;
      gap: var(--space-4);
      min-height: 60px;
      padding: var(--space-8) var(--space-8) var(--space-8) var(--space-16);
      border-bottom: 1px solid var(--line);
    }
    .back {
      display: none;
    }
    .face {
      position: relative;
      flex: none;
    }
    .face wc-avatar {
      display: grid;
    }
    .title {
      display: flex;
      flex: 1;
      align-items: center;
      min-width: 0;
    }
    .names {
      flex: 1;
      min-width: 0;
      padding: 0 var(--space-8);
    }
    h1 {
      font-size: var(--text-17);
      letter-spacing: 0;
    }
    p {
      color: var(--muted);
      font-size: var(--text-12);
      line-height: 1.35;
    }
    [aria-pressed='true'] {
      background: var(--accent-soft);
      color: var(--accent);
    }
    @media (max-width: 639.98px) {
      :host {
        gap: 0;
        padding-left: var(--space-4);
      }
      .back {
        display: inline-flex;
      }
      .face {
        display: none;
      }
      .names {
        padding: 0 var(--space-4);
      }
      // Behind the name, which has no space beside it.
      .title {
        position: relative;
      }
      .names {
        z-index: 1;
        pointer-events: none;
      }
      .names wc-person {
        pointer-events: auto;
      }
      .members {
        position: absolute;
        inset: 0;
        width: auto;
        background: none;
        color: transparent;
      }
    }
  `,
})
export class RoomHeader {
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly words = inject(PresenceTexts);
  private readonly contacts = inject(Contacts);
  private readonly dialogs = inject(Dialogs);
  readonly inCall = input(false);
  /** The peer of a direct room, while a contact of the user. */
  protected readonly peer = computed(() => {
    const room = this.room.room();
    return room?.kind === 'direct' ? this.contacts.findContact(room.peerId) : undefined;
  });

  protected async inviteToRoom(room: RoomDto): Promise<void> {
    const chosen = await this.dialogs.openDialog<'all'>(InviteDialog, room, this.t().rooms.inviteTo(room.name));
    if (chosen === 'all') this.room.openInvitations();
  }
}
