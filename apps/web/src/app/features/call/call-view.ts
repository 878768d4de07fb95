import { Component, computed, inject } from '@angular/core';
import { CallSession } from '../../core/call-session';
import { RoomStore } from '../../core/room-store';
import { Lobby } from './lobby';
import { Stage } from './stage';

/** On the stage of a room: the running call, or the lobby before it. */
@Component({
  selector: 'wc-call',
  imports: [Lobby, Stage],
  template: `
    @if (stay(); as running) {
      <wc-stage [stay]="running" />
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
  private readonly room = inject(RoomStore);
  protected readonly stay = computed(() => {
    const active = this.session.active();
    return active?.roomId === this.room.id() ? active : null;
  });
}
