import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { Button } from '../../ui/forms/button';

/** A public room as people outside see it: looking at it is not joining. */
@Component({
  selector: 'wc-room-visit',
  imports: [Avatar, Button, Icon, RouterLink],
  template: `
    @if (room.visited(); as visited) {
      <article class="card">
        <wc-avatar shape="room" [id]="visited.id" [name]="visited.name" [size]="72" />
        <h1>
          <bdi>{{ visited.name }}</bdi>
        </h1>
        <p class="muted facts">
          <span><wc-icon name="globe" />{{ t().rooms.public }}</span>
          <span><wc-icon name="people" />{{ t().common.members(visited.memberCount) }}</span>
        </p>
        <p class="muted small">{{ t().rooms.visitHint }}</p>
        <button wcButton="primary" wide type="button" [busy]="room.joining()" (click)="joinRoom()">
          {{ t().browse.join }}
        </button>
        <a wcButton="ghost" wide routerLink="/">{{ t().rooms.visitLeave }}</a>
      </article>
    }
  `,
  styles: `
    :host {
      display: grid;
      height: 100%;
      overflow: auto;
      padding: var(--space-16);
      background: var(--ground);
    }
    .card {
      display: grid;
      justify-items: center;
      gap: var(--space-8);
      width: min(380px, 100%);
      margin: auto;
      padding: var(--space-32);
      border-radius: var(--radius-tile);
      text-align: center;
    }
    h1 {
      margin-top: var(--space-8);
      font-size: var(--text-20);
      letter-spacing: 0;
      overflow-wrap: anywhere;
    }
    .facts {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: var(--space-4) var(--space-16);
    }
    .facts span {
      display: inline-flex;
      align-items: center;
      gap: var(--space-4);
    }
    .facts wc-icon {
      width: 1.125rem;
      height: 1.125rem;
    }
    .small {
      text-wrap: pretty;
    }
    button {
      margin-top: var(--space-16);
    }
  `,
})
export class RoomVisit {
  private readonly failures = inject(FailureToasts);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;

  protected joinRoom(): void {
    void this.failures.runWithToast(() => this.room.joinVisitedRoom());
  }
}
