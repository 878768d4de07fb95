import { Injectable } from '@nestjs/common';
import type { Door } from '@webcall/domain';
import { Subject } from 'rxjs';

/** What happened to a room, for the other features of this process; told after it has been stored. */
export type RoomEvent =
  | { type: 'member_joined' | 'member_changed' | 'member_left'; roomId: string; userId: string }
  | { type: 'member_blocked'; roomId: string; userId: string; by: string }
  | { type: 'door_changed'; roomId: string; door: Door }
  | { type: 'room_deleted' | 'room_closed'; roomId: string };

/** Tells features that live on rooms what happens to them, so that rooms need not know them. */
@Injectable()
export class RoomEvents {
  readonly all = new Subject<RoomEvent>();
}
