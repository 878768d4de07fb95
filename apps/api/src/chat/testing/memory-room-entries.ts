import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { Realtime } from '../../platform/realtime/realtime';
import type { RoomEntries, RoomEntry } from '../room-entries';

/** Entries of the server in rooms, kept in the memory of this process. */
export class MemoryRoomEntries implements Pick<RoomEntries, keyof RoomEntries> {
  /** If set, writing fails as it does while the database is unavailable. */
  isUnavailable = false;
  private readonly entered = new Map<string, RoomEntry & { roomId: string }>();

  constructor(private readonly realtime: Realtime) {}

  deriveEntryId(roomId: string, type: RoomEntry['content']['type'], about: string): string {
    return `entry ${roomId} ${type} ${about}`;
  }

  async upsertEntry(roomId: string, read: (tx: EntityManager) => Promise<RoomEntry | undefined>): Promise<void> {
    if (this.isUnavailable) throw new Error('the database is unavailable');
    // There are no transactions in memory.
    const entry = await read(undefined as never);
    const before = entry && this.entered.get(entry.id);
    if (!entry || isDeepStrictEqual(before?.content, entry.content)) return;
    const message = { ...entry, roomId };
    this.entered.set(entry.id, message);
    this.realtime.toRoomMembers(roomId).emit(before ? 'chat:changed' : 'chat:posted', message as never);
  }

  listEntryContents(roomId: string): RoomEntry['content'][] {
    return [...this.entered.values()].filter((entry) => entry.roomId === roomId).map(({ content }) => content);
  }
}
