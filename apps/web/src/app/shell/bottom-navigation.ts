import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Session } from '../core/session/session';
import { I18n } from '../core/text/i18n';
import { Contacts } from '../state/people/contacts';
import { RoomList } from '../state/rooms/room-list';
import { Icon } from '../ui/display/icon';

/** The navigation bar at the bottom of the page on phones. */
@Component({
  selector: 'wc-bottom-navigation',
  imports: [Icon, RouterLink, RouterLinkActive],
  template: `
    <nav [attr.aria-label]="t().home.navigation">
      <a
        routerLink="/"
        routerLinkActive="here"
        ariaCurrentWhenActive="page"
        [routerLinkActiveOptions]="{ exact: true }"
      >
        <wc-icon name="chat" />{{ t().home.title }}
        @if (rooms.unread()) {
          <i aria-hidden="true"></i>
          <span class="visually-hidden">{{ t().common.unread(rooms.unread()) }}</span>
        }
      </a>
      @if (!user()?.guest) {
        <a routerLink="/calls" routerLinkActive="here" ariaCurrentWhenActive="page">
          <wc-icon name="call" />{{ t().history.title }}
        </a>
        <a routerLink="/people" routerLinkActive="here" ariaCurrentWhenActive="page">
          <wc-icon name="people" />{{ t().people.title }}
          @if (contacts.waiting(); as count) {
            <i aria-hidden="true"></i>
            <span class="visually-hidden">{{ t().people.waiting(count) }}</span>
          }
        </a>
      }
      <a routerLink="/settings" routerLinkActive="here" ariaCurrentWhenActive="page">
        <wc-icon name="person" />{{ t().home.me }}
      </a>
    </nav>
  `,
  styles: `
    :host {
      display: none;
    }
    nav {
      display: flex;
      padding-bottom: var(--safe-bottom);
      background: var(--surface);
      box-shadow: 0 -1px 0 var(--line);
    }
    a {
      position: relative;
      display: flex;
      flex: 1;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      gap: 2px;
      height: var(--bar);
      color: var(--muted);
      font-size: var(--text-12);
      font-weight: 500;
      text-decoration: none;
    }
    a:focus-visible {
      outline-offset: -4px;
    }
    .here {
      color: var(--accent);
    }
    i {
      position: absolute;
      top: 8px;
      left: calc(50% + 8px);
      width: 9px;
      height: 9px;
      border: 2px solid var(--surface);
      border-radius: 50%;
      background: var(--accent);
      box-sizing: content-box;
    }
    @media (max-width: 639.98px) {
      :host {
        display: block;
      }
    }
  `,
})
export class BottomNavigation {
  protected readonly t = inject(I18n).t;
  protected readonly user = inject(Session).user;
  protected readonly rooms = inject(RoomList);
  protected readonly contacts = inject(Contacts);
}
