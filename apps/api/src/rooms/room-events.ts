import { Injectable } from '@nestjs/common';
import type { Door } from '@webcall/domain';
import { Subject } from 'rxjs';

/** A stored change of a room, for the other features of this process. */
export type RoomEvent =
  | { type: 'member_joined' | 'member_changed' | 'member_left'; roomId: string; userId: string }
  | { type: 'member_blocked'; roomId: string; userId: string; by: string }
  | { type: 'door_changed'; roomId: string; door: Door }
  | { type: 'room_deleted' | 'room_closed'; roomId: string };

/** Publishes room events to the features that depend on rooms, so that rooms need not know those features. */
@Injectable()
export class RoomEvents {
  readonly eventStream = new Subject<RoomEvent>();
}
