import { Component, computed, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import type { RoomDto } from '@webcall/contracts';
import { Session } from '../core/session/session';
import { DateTimeFormats } from '../core/text/date-time-formats';
import { I18n } from '../core/text/i18n';
import { Contacts } from '../state/people/contacts';
import { PresenceTexts } from '../state/people/presence-texts';
import { Rings } from '../state/rings/rings';
import { previewRoom, type RoomPreview } from '../state/rooms/room-preview';
import { Avatar } from '../ui/display/avatar';
import { Icon } from '../ui/display/icon';
import { PresenceDot } from '../ui/display/presence-dot';
import { Tooltip } from '../ui/feedback/tooltip';

/** A room in the rail: its last message with the time, and how many are unread. */
@Component({
  selector: 'wc-room-row',
  imports: [Avatar, Icon, PresenceDot, RouterLink, RouterLinkActive, Tooltip],
  template: `
    <a
      [routerLink]="['/r', room().id]"
      routerLinkActive="here"
      ariaCurrentWhenActive="page"
      [wcTooltip]="isRailCollapsed() ? room().name : ''"
      wcTooltipSide="right"
    >
      <span class="face">
        @if (direct()) {
          <wc-avatar [id]="room().peerId ?? room().id" [name]="room().name" />
        } @else {
          <wc-avatar shape="room" [id]="room().id" [name]="room().name" />
        }
        @if (room().callSize) {
          <span class="wave"><wc-icon name="wave" /></span>
        } @else if (peer(); as contact) {
          <wc-presence-dot [presence]="words.shownPresence(contact.presence)" />
          <span class="visually-hidden">{{ words.describePresence(contact) }}</span>
        }
      </span>
      <span class="words">
        <span class="line">
          <strong class="truncate"
            ><bdi>{{ room().name }}</bdi></strong
          >
          @if (room().lastMessage; as last) {
            <time class="tabular" [attr.datetime]="last.sentAt">{{ formats.formatCompactTime(last.sentAt) }}</time>
          }
        </span>
        <span class="line">
          <span class="last truncate">
            @if (last().author; as author) {
              <span class="author">
                <bdi>{{ author }}</bdi>:
              </span>
            }
            <bdi>{{ last().text }}</bdi>
          </span>
          @if (room().unread) {
            <span class="unread tabular">
              <span aria-hidden="true">{{ room().unread > 99 ? '99+' : room().unread }}</span>
              <span class="visually-hidden">{{ t().common.unread(room().unread) }}</span>
            </span>
          }
        </span>
      </span>
    </a>
  `,
  styleUrl: './room-row.scss',
  host: { '[class.folded]': 'folded()' },
})
export class RoomRow {
  protected readonly t = inject(I18n).t;
  protected readonly formats = inject(DateTimeFormats);
  protected readonly words = inject(PresenceTexts);
  private readonly contacts = inject(Contacts);
  private readonly session = inject(Session);
  private readonly rings = inject(Rings);
  readonly room = input.required<RoomDto>();
  /** The rail is folded to icons also on a wide window. */
  readonly folded = input(false);
  protected readonly direct = computed(() => this.room().kind === 'direct');
  /** The other user of a direct room, as long as they are a contact. */
  protected readonly peer = computed(() => (this.direct() ? this.contacts.findContact(this.room().peerId) : undefined));
  protected readonly last = computed((): RoomPreview => {
    const [room, { rings }] = [this.room(), this.t()];
    if (this.rings.incoming().some(({ roomId }) => roomId === room.id)) return { text: rings.incoming };
    if (room.callSize === 1 && this.rings.isRingingOthersInRoom(room.id)) return { text: rings.phase.calling };
    return previewRoom(room, this.session.user()?.id, this.t());
  });

  /** Whether only the avatar is shown. */
  protected isRailCollapsed(): boolean {
    return this.folded() || matchMedia('(min-width: 640px) and (max-width: 1023.98px)').matches;
  }
}
