import type { Door, Role, RoomKind, Visibility } from '@webcall/domain';

/** A user in a room, with the facts about both that the rules need. */
export interface Membership {
  readonly roomId: string;
  readonly userId: string;
  /** Current name of the user. */
  readonly userName: string;
  readonly role: Role;
  /** Number of the last message that the member has read. */
  readonly readSeq: number;
  /** Name of the room. */
  readonly name: string;
  readonly visibility: Visibility;
  readonly kind: RoomKind;
  /** Who may come into its calls. */
  readonly door: Door;
  /** True for a direct room in which nobody writes or calls any more. */
  readonly closed: boolean;
  readonly lastSeq: number;
  readonly revision: number;
}

/** The current role and name of a member. */
export interface MemberStanding {
  readonly role: Role;
  readonly name: string;
}
