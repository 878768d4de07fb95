import { Component, input } from '@angular/core';
import { RoomView } from './room-view';

/** The page `/r/:roomId`. Each room gets a new view, so that no state of one room is left in the next. */
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
