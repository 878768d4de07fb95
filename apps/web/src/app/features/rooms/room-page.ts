import { Component, input } from '@angular/core';
import { RoomView } from './room-view';

/** `/r/:roomId`. Each room gets a view of its own, so that nothing of one room is left over in the next. */
@Component({
  selector: 'wc-room-page',
  imports: [RoomView],
  template: `
    @for (id of [roomId()]; track id) {
      <wc-room-view [roomId]="id" />
    }
  `,
})
export class RoomPage {
  readonly roomId = input.required<string>();
}
