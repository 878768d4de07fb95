import type { MemoryRooms } from '../../rooms/testing/memory-rooms';
import type { LiveCallPresence } from '../core/live-call-presence';
import { RingCallees, type RingMemberRow } from '../rings/ring-callees';

/** `RingCallees` with members from the in-memory rooms instead of the database. */
export class MemoryCallees extends RingCallees {
  constructor(
    private readonly rooms: MemoryRooms,
    callPresence: LiveCallPresence,
  ) {
    super(undefined as never, callPresence);
  }

  override async findBlockersOfCaller(callerId: string, userIds: readonly string[]): Promise<string[]> {
    return userIds.filter((userId) => this.rooms.requirePerson(userId).blocked.has(callerId));
  }

  protected override async loadRingMembers(
    roomId: string,
    callerId: string,
    userIds?: readonly string[],
  ): Promise<RingMemberRow[]> {
    const caller = this.rooms.requirePerson(callerId);
    const members = this.rooms
      .listMembersInOrder(roomId)
      .filter(({ id }) => id !== callerId && (!userIds || userIds.includes(id)));
    return members.map(({ id, name, role, doNotDisturb, quietHere, blocked }) => ({
      userId: id,
      name,
      role,
      quiet: doNotDisturb || quietHere || blocked.has(callerId),
      blocked: caller.blocked.has(id),
    }));
  }
}
