import type { Role, Visibility } from '@webcall/domain';

/** A user in a room, with what the rules need to know of both. */
export interface Membership {
  readonly roomId: string;
  readonly userId: string;
  readonly role: Role;
  /** The last message that the member has read. */
  readonly readSeq: number;
  /** Name of the room. */
  readonly name: string;
  readonly visibility: Visibility;
  readonly lastSeq: number;
  readonly revision: number;
}
