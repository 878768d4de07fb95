import type { MemoryRooms } from '../../rooms/testing/memory-rooms';
import type { Engaged } from '../core/engaged';
import { type MemberRow, RingCallees } from '../rings/ring-callees';

/** Whom a member may ring, by the rules of the service, told from rooms that are kept in this process. */
export class MemoryCallees extends RingCallees {
  constructor(
    private readonly rooms: MemoryRooms,
    engaged: Engaged,
  ) {
    super(undefined as never, engaged);
  }

  override async blockers(callerId: string, userIds: readonly string[]): Promise<string[]> {
    return userIds.filter((userId) => this.rooms.person(userId).blocked.has(callerId));
  }

  protected override async members(
    roomId: string,
    callerId: string,
    userIds?: readonly string[],
  ): Promise<MemberRow[]> {
    const caller = this.rooms.person(callerId);
    const asked = this.rooms
      .membersOf(roomId)
      .filter(({ id }) => id !== callerId && (!userIds || userIds.includes(id)));
    return asked.map(({ id, name, role, doNotDisturb, quietHere, blocked }) => ({
      userId: id,
      name,
      role,
      quiet: doNotDisturb || quietHere || blocked.has(callerId),
      blocked: caller.blocked.has(id),
    }));
  }
}
