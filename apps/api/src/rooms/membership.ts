import type { Door, Role, RoomKind, Visibility } from '@webcall/domain';

/** A user in a room, with what the rules need to know of both. */
export interface Membership {
  readonly roomId: string;
  readonly userId: string;
  /** What the user is called now. */
  readonly userName: string;
  readonly role: Role;
  /** The last message that the member has read. */
  readonly readSeq: number;
  /** Name of the room. */
  readonly name: string;
  readonly visibility: Visibility;
  readonly kind: RoomKind;
  /** Who may come into its calls. */
  readonly door: Door;
  /** A direct room whose two users are no contacts. */
  readonly closed: boolean;
  readonly lastSeq: number;
  readonly revision: number;
}

/** How a member stands in a room at the moment. */
export interface Standing {
  readonly role: Role;
  readonly name: string;
}
