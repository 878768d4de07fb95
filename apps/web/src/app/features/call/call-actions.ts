import { afterNextRender, afterRenderEffect, Component, computed, ElementRef, inject, viewChild } from '@angular/core';
import { isFocusLost } from '../../core/browser/focus';
import { I18n } from '../../core/text/i18n';
import { joinNames } from '../../core/text/isolate-text';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Knocking } from '../../state/call/knocking';
import { Rings } from '../../state/rings/rings';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { IconLabel, Tooltip } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';

/** The call part of the room header: faces of the participants and the buttons to enter the call. */
@Component({
  selector: 'wc-call-actions',
  imports: [Avatar, Button, Icon, IconLabel, Tooltip],
  template: `
    @if (room.participants().length) {
      <span class="faces" [wcTooltip]="names()" wcTooltipSide="bottom">
        @for (participant of room.participants().slice(0, 3); track participant.id) {
          <wc-avatar [id]="participant.userId" [name]="participant.name" [size]="28" />
        }
        <span class="visually-hidden">{{ t().call.inCall(room.participants().length) }}: {{ names() }}</span>
      </span>
    }
    @if (room.isLockedOut() && !room.isBarred() && !atDoor()) {
      <span class="locked">
        <wc-icon name="lock" />{{ room.calling() ? t().door.callLocked : t().door.fact.locked }}
      </span>
    }
    @if (room.isBarred()) {
      <span class="barred">{{ t().moderation.removedShort }}</span>
    } @else if (!room.lobby() && !atDoor() && !room.room()?.closed && !unanswered()) {
      <button
        #setUp
        wcButton="ghost"
        iconOnly="device"
        type="button"
        [wcLabel]="t().call.setUp"
        wcTooltipSide="bottom"
        (click)="room.lobby.set(true)"
      ></button>
      @if (!room.calling() && !room.isLockedOut()) {
        <button
          wcButton="ghost"
          iconOnly="camera"
          type="button"
          [wcLabel]="t().call.startWithVideo"
          wcTooltipSide="bottom"
          (click)="startCall({ camera: true })"
        ></button>
      }
      <button
        #enter
        [wcButton]="room.calling() ? 'primary' : 'secondary'"
        class="join"
        type="button"
        [attr.aria-label]="enterName()"
        [busy]="joining()"
        (click)="room.calling() || room.isLockedOut() ? joinOrOpenLobby() : startCall({ camera: false })"
      >
        <wc-icon [name]="room.isLockedOut() ? 'hand' : 'call'" /><span class="word">{{ enterName() }}</span>
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
    .barred,
    .locked {
      display: flex;
      align-items: center;
      gap: var(--space-4);
      padding: 0 var(--space-8);
      color: var(--muted);
      font-size: var(--text-13);
    }
    .count {
      font-style: normal;
      opacity: 0.85;
    }
    .join {
      margin-right: var(--space-4);
    }
    .locked wc-icon {
      width: 1rem;
      height: 1rem;
    }
    @media (max-width: 639.98px) {
      :host {
        gap: 0;
      }
      .locked {
        gap: 0;
        font-size: 0;
      }
      .faces,
      .word {
        display: none;
      }
      .join {
        width: var(--touch);
        margin: 0;
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
        font-weight: 600;
        opacity: 1;
      }
    }
  `,
})
export class CallActions {
  private readonly session = inject(CallSession);
  private readonly entry = inject(CallEntry);
  private readonly rings = inject(Rings);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly knocking = inject(Knocking);
  protected readonly atDoor = computed(() => this.knocking.knockState()?.roomId === this.room.id());
  protected readonly joining = computed(() => this.session.joining() === this.room.id());
  /** In a direct room with no running call the button calls the peer. */
  protected readonly enterName = computed(() => {
    if (this.room.isLockedOut()) return this.t().door.ask;
    if (this.room.calling()) return this.t().call.join;
    return this.room.room()?.kind === 'direct' ? this.t().rings.call : this.t().call.start;
  });
  protected readonly unanswered = computed(() => this.rings.outcome()?.roomId === this.room.id());
  protected readonly names = computed(() => joinNames(this.room.participants().map(({ name }) => name)));

  private readonly setUp = viewChild<unknown, ElementRef<HTMLButtonElement>>('setUp', { read: ElementRef });
  private readonly enter = viewChild<unknown, ElementRef<HTMLButtonElement>>('enter', { read: ElementRef });

  constructor() {
    // The button that had the focus is removed with the call or lobby; focus the button that leads back there.
    afterNextRender(() => {
      if (this.room.backFromCall() && isFocusLost()) this.enter()?.nativeElement.focus();
      this.room.backFromCall.set(false);
    });
    let lobbyWasOpen = false;
    afterRenderEffect(() => {
      const isOpen = this.room.lobby();
      if (lobbyWasOpen && !isOpen && isFocusLost()) this.setUp()?.nativeElement.focus();
      lobbyWasOpen = isOpen;
    });
  }

  protected startCall(devices: { camera: boolean }): void {
    if (!this.joining()) void this.entry.joinWithDevices(this.room.id(), devices);
  }

  protected async joinOrOpenLobby(): Promise<void> {
    if ((await this.entry.joinWithWantedDevices(this.room.id())) === 'device') this.room.lobby.set(true);
  }
}
