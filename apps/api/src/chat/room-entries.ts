import { Inject, Injectable } from '@nestjs/common';
import type { EntryContent } from '@webcall/domain';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { deriveKeyedId } from '../platform/access/secrets';
import { EventBus } from '../platform/events/event-bus';
import { lockRoomRow } from '../rooms/lock-room-row';
import { MessageStore } from './message-store';

/** A message that the server itself writes in a room. */
export interface RoomEntry {
  /** See `deriveEntryId`: there is one entry per id. */
  id: string;
  /** The user who counts as its author; null if the account has been deleted. */
  authorId: string | null;
  content: EntryContent;
}

/** Writes the server's own entries in rooms, on behalf of other features. */
@Injectable()
export class RoomEntries {
  constructor(
    private readonly events: EventBus,
    private readonly messages: MessageStore,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The id of the entry of a type about one thing in a room. It is the same on every replica, and cannot be guessed:
   * otherwise somebody could post a message with that id first.
   */
  deriveEntryId(roomId: string, type: RoomEntry['content']['type'], about: string): string {
    return deriveKeyedId(this.config.jwtSecret, `entry ${roomId} ${type} ${about}`);
  }

  /**
   * Writes an entry, or changes the entry with the same id; does nothing if it would stay the same, or if the room has
   * been deleted. `read` returns the entry. It runs in the same transaction while the room is locked: of several
   * replicas that write about the same thing, the last one sees what the others have written.
   */
  async upsertEntry(roomId: string, read: (tx: EntityManager) => Promise<RoomEntry | undefined>): Promise<void> {
    await this.events.runTransaction(async (tx) => {
      const entry = (await lockRoomRow(tx, roomId)) && (await read(tx));
      if (entry) await this.upsertEntryOfLockedRoom(tx, roomId, entry);
    });
  }

  /** Does the same in a transaction of the event bus in which the room is locked. */
  async upsertEntryOfLockedRoom(
    tx: EntityManager,
    roomId: string,
    { id, authorId, content }: RoomEntry,
  ): Promise<void> {
    const before = await this.messages.findMessage(id, tx);
    if (!before) {
      const message = await this.messages.storeMessage(tx, roomId, id, authorId, content);
      if (!message) throw new Error('the id of an entry was taken in the same moment');
      return this.events.publishEvent(tx, 'message.posted', { message, repeated: false });
    }
    if (isDeepStrictEqual(before.content, content)) return;
    const message = await this.messages.replaceMessageContent(tx, roomId, id, content);
    if (message) await this.events.publishEvent(tx, 'message.changed', { message });
  }
}
