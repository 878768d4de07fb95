import type { MessageDto } from '@webcall/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { EventBus } from '../../platform/events/event-bus';
import type { RoomEntries, RoomEntry } from '../room-entries';

/** Entries of the server in rooms, kept in the memory of this process. */
export class MemoryRoomEntries implements Pick<RoomEntries, 'deriveEntryId' | 'upsertEntry'> {
  /** If set, writing fails as it does while the database is unavailable. */
  isUnavailable = false;
  private readonly entered = new Map<string, RoomEntry & { roomId: string }>();

  constructor(private readonly findEventBus: () => EventBus) {}

  deriveEntryId(roomId: string, type: RoomEntry['content']['type'], about: string): string {
    return `entry ${roomId} ${type} ${about}`;
  }

  async upsertEntry(roomId: string, read: (tx: EntityManager) => Promise<RoomEntry | undefined>): Promise<void> {
    if (this.isUnavailable) throw new Error('the database is unavailable');
    // There are no transactions in memory.
    const entry = await read(undefined as never);
    const before = entry && this.entered.get(entry.id);
    if (!entry || isDeepStrictEqual(before?.content, entry.content)) return;
    const stored = { ...entry, roomId };
    this.entered.set(entry.id, stored);
    const message = stored as unknown as MessageDto;
    const events = this.findEventBus();
    if (before) await events.publishCommitted('message.changed', { message });
    else await events.publishCommitted('message.posted', { message, repeated: false });
  }

  listEntryContents(roomId: string): RoomEntry['content'][] {
    return [...this.entered.values()].filter((entry) => entry.roomId === roomId).map(({ content }) => content);
  }
}
