import { Component, computed, inject } from '@angular/core';
import { CallSession } from '../../state/call/call-session';
import { Knocking } from '../../state/call/knocking';
import { Rings } from '../../state/rings/rings';
import { RoomStore } from '../../state/rooms/room-store';
import { Door } from './entrance/door';
import { Lobby } from './entrance/lobby';
import { Outcome } from './entrance/outcome';
import { Removed } from './entrance/removed';
import { Stage } from './stage/stage';

/** The stage of a room: shows the running call, the lobby or door before it, or how it ended. */
@Component({
  selector: 'wc-call',
  imports: [Door, Lobby, Outcome, Removed, Stage],
  template: `
    @if (activeCall(); as running) {
      <wc-stage [activeCall]="running" />
    } @else if (atDoor()) {
      <wc-door />
    } @else if (removed()) {
      <wc-removed />
    } @else if (outcome(); as over) {
      <wc-outcome [outcome]="over" />
    } @else {
      <wc-lobby />
    }
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
      min-height: 0;
    }
  `,
})
export class CallView {
  private readonly session = inject(CallSession);
  private readonly knocking = inject(Knocking);
  private readonly rings = inject(Rings);
  private readonly room = inject(RoomStore);
  protected readonly activeCall = computed(() => {
    const active = this.session.active();
    return active?.roomId === this.room.id() ? active : null;
  });
  protected readonly atDoor = computed(() => this.knocking.knockState()?.roomId === this.room.id());
  protected readonly outcome = computed(() => {
    const outcome = this.rings.outcome();
    return outcome?.roomId === this.room.id() && !this.room.lobby() ? outcome : null;
  });
  protected readonly removed = computed(() => {
    const ended = this.session.ended();
    return ended?.why === 'removed' && ended.roomId === this.room.id();
  });
}
