import { InjectionToken, type Type } from '@angular/core';

type ComponentLoader = () => Promise<Type<unknown>>;

/**
 * Components of other features that a room page consists of. Features do not import each other: the routes provide
 * these loaders, and all components get the room from `RoomStore`.
 */
export interface RoomParts {
  /** Buttons in the header for entering the call. */
  callActions: ComponentLoader;
  /** The call area with the lobby or the running call. */
  call: ComponentLoader;
  chat: ComponentLoader;
}

export const ROOM_PARTS = new InjectionToken<RoomParts>('ROOM_PARTS');
