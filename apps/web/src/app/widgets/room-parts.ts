import { InjectionToken, type Type } from '@angular/core';

type Load = () => Promise<Type<unknown>>;

/**
 * What a room page is put together from. The features do not know each other: the routes say which component stands where,
 * and all of them find the room in `RoomStore`.
 */
export interface RoomParts {
  /** In the header: the way into the call. */
  callActions: Load;
  /** The stage: the lobby or the running call. */
  call: Load;
  chat: Load;
}

export const ROOM_PARTS = new InjectionToken<RoomParts>('ROOM_PARTS');
