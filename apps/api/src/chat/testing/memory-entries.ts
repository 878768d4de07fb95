import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { Realtime } from '../../platform/realtime/realtime';
import type { Entries, Entry } from '../entries';

/** What the server enters in rooms, kept in this process. */
export class MemoryEntries implements Pick<Entries, keyof Entries> {
  /** Whether nothing can be written now, as while the database is away. */
  away = false;
  private readonly entered = new Map<string, Entry & { roomId: string }>();

  constructor(private readonly realtime: Realtime) {}

  idOf(roomId: string, type: Entry['content']['type'], about: string): string {
    return `entry ${roomId} ${type} ${about}`;
  }

  async put(roomId: string, read: (tx: EntityManager) => Promise<Entry | undefined>): Promise<void> {
    if (this.away) throw new Error('the database is away');
    // Nothing here has transactions.
    const entry = await read(undefined as never);
    const before = entry && this.entered.get(entry.id);
    if (!entry || isDeepStrictEqual(before?.content, entry.content)) return;
    const message = { ...entry, roomId };
    this.entered.set(entry.id, message);
    this.realtime.toRoom(roomId).emit(before ? 'chat:changed' : 'chat:posted', message as never);
  }

  of(roomId: string): Entry['content'][] {
    return [...this.entered.values()].filter((entry) => entry.roomId === roomId).map(({ content }) => content);
  }
}
