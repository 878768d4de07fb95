import { Component, computed, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import type { RoomDto } from '@webcall/contracts';
import { Formats } from '../core/formats';
import { I18n } from '../core/i18n';
import { Session } from '../core/session';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { Tooltip } from '../ui/tooltip';

/** A room in the rail: who said what last, when, and what is unread. */
@Component({
  selector: 'wc-room-row',
  imports: [Avatar, Icon, RouterLink, RouterLinkActive, Tooltip],
  template: `
    <a
      [routerLink]="['/r', room().id]"
      routerLinkActive="here"
      ariaCurrentWhenActive="page"
      [wcTooltip]="narrow() ? room().name : ''"
      wcTooltipSide="right"
    >
      <span class="face">
        <wc-avatar shape="room" [id]="room().id" [name]="room().name" />
        @if (room().callSize) {
          <span class="wave"><wc-icon name="wave" /></span>
        }
      </span>
      <span class="words">
        <span class="line">
          <strong class="truncate">{{ room().name }}</strong>
          @if (room().lastMessage; as last) {
            <time class="tabular" [attr.datetime]="last.sentAt">{{ formats.short(last.sentAt) }}</time>
          }
        </span>
        <span class="line">
          <span class="last truncate">{{ last() }}</span>
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
})
export class RoomRow {
  protected readonly t = inject(I18n).t;
  protected readonly formats = inject(Formats);
  private readonly session = inject(Session);
  readonly room = input.required<RoomDto>();
  protected readonly last = computed(() => {
    const { lastMessage, callSize } = this.room();
    const t = this.t();
    if (callSize) return t.common.inCall(callSize);
    if (!lastMessage) return t.home.quiet;
    if (lastMessage.text === null) return t.home.messageDeleted;
    const { authorId, authorName, text } = lastMessage;
    const own = authorId !== null && authorId === this.session.user()?.id;
    return `${own ? t.home.yourself : (authorName ?? t.common.deletedUser)}: ${text}`;
  });

  /** Whether only the face is shown. */
  protected narrow(): boolean {
    return matchMedia('(min-width: 640px) and (max-width: 1023.98px)').matches;
  }
}
