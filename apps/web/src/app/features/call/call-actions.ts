import { Component, computed, inject } from '@angular/core';
import { CallSession } from '../../core/call-session';
import { I18n } from '../../core/i18n';
import { RoomStore } from '../../core/room-store';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Tooltip } from '../../ui/tooltip';
import { CallEntry } from './call-entry';

/** In the room's header: who is in the call, and the ways into it. */
@Component({
  selector: 'wc-call-actions',
  imports: [Avatar, Button, Icon, Tooltip],
  template: `
    @if (room.participants().length) {
      <span class="faces" [wcTooltip]="names()" wcTooltipSide="bottom">
        @for (participant of room.participants().slice(0, 3); track participant.id) {
          <wc-avatar [id]="participant.userId" [name]="participant.name" [size]="28" />
        }
        <span class="visually-hidden">{{ t().call.inCall(room.participants().length) }}: {{ names() }}</span>
      </span>
    }
    @if (!room.lobby()) {
      <button
        wcButton="ghost"
        iconOnly
        type="button"
        [attr.aria-label]="t().call.setUp"
        [wcTooltip]="t().call.setUp"
        wcTooltipSide="bottom"
        (click)="room.lobby.set(true)"
      >
        <wc-icon name="camera" />
      </button>
      <button
        wcButton="primary"
        class="join"
        type="button"
        [attr.aria-label]="t().call.join"
        [busy]="joining()"
        (click)="join()"
      >
        <wc-icon name="call" /><span class="word">{{ t().call.join }}</span>
        @if (room.participants().length; as count) {
          <i class="count tabular" aria-hidden="true">{{ count }}</i>
        }
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      align-items: center;
      gap: var(--space-4);
    }
    .faces {
      display: flex;
      padding-right: var(--space-4);
    }
    .faces wc-avatar {
      box-shadow: 0 0 0 2px var(--surface);
    }
    .faces wc-avatar + wc-avatar {
      margin-left: -8px;
    }
    .count {
      display: none;
    }
    .join {
      margin-right: var(--space-4);
    }
    @media (max-width: 639.98px) {
      .faces,
      .word {
        display: none;
      }
      .join {
        width: var(--touch);
        margin-right: 0;
        padding: 0;
      }
      .count {
        position: absolute;
        top: -4px;
        right: -4px;
        display: grid;
        place-items: center;
        min-width: 18px;
        height: 18px;
        border-radius: var(--radius-full);
        background: var(--good);
        color: var(--surface);
        font-size: 11px;
        font-style: normal;
        font-weight: 600;
      }
    }
  `,
})
export class CallActions {
  private readonly session = inject(CallSession);
  private readonly entry = inject(CallEntry);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly joining = computed(() => this.session.joining() === this.room.id());
  protected readonly names = computed(() =>
    this.room
      .participants()
      .map((p) => p.name)
      .join(', '),
  );

  protected async join(): Promise<void> {
    if ((await this.entry.joinDirectly(this.room.id())) === 'device') this.room.lobby.set(true);
  }
}
