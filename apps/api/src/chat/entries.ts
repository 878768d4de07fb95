import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { MessageContent } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { keyedId } from '../platform/access/keyed-id';
import { Realtime } from '../platform/realtime/realtime';
import { Messages } from './messages';

/** What the server itself enters in a room. */
export interface Entry {
  /** See `idOf`: there is one entry of an id. */
  id: string;
  /** On whose account it stands; null when the account is gone. */
  authorId: string | null;
  content: Exclude<MessageContent, { type: 'text' | 'deleted' }>;
}

/** Entries that the server makes in rooms, for features that have something to enter. */
@Injectable()
export class Entries {
  constructor(
    private readonly db: DataSource,
    private readonly realtime: Realtime,
    private readonly messages: Messages,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The id of the entry of that type about the same thing in a room. The same on every replica, and not to be guessed: else
   * somebody would write a message with it before.
   */
  idOf(roomId: string, type: Entry['content']['type'], about: string): string {
    return keyedId(this.config.jwtSecret, `entry ${roomId} ${type} ${about}`);
  }

  /**
   * Enters something in a room, or changes the entry of that id; nothing happens if it says the same already, or
   * if the room has gone. `read` finds out what to enter, as part of the same transaction and alone with the room: of
   * several replicas that do so for the same cause, the last one knows what the others have written.
   */
  async put(roomId: string, read: (tx: EntityManager) => Promise<Entry | undefined>): Promise<void> {
    const told = await this.db.transaction(async (tx) => {
      const rooms = await tx.query<unknown[]>('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE', [roomId]);
      const entry = rooms.length > 0 ? await read(tx) : undefined;
      if (!entry) return undefined;
      const { id, authorId, content } = entry;
      const before = await this.messages.find(id, tx);
      if (!before) {
        const message = await this.messages.post(roomId, id, authorId, content, tx);
        if (!message) throw new Error('the id of an entry was taken in the same moment');
        return { event: 'chat:posted', message } as const;
      }
      if (isDeepStrictEqual(before.content, content)) return undefined;
      const message = await this.messages.change(roomId, id, content, tx);
      return message && ({ event: 'chat:changed', message } as const);
    });
    if (told) this.realtime.toRoom(roomId).emit(told.event, told.message);
  }
}
