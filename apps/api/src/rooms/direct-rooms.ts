import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RoomDto } from '@webcall/contracts';
import { AppError } from '../platform/http/app-error';
import { Announcements } from './core/announcements';
import { RoomViews } from './core/room-views';

/** Two users, in any order. */
export type Two = readonly [string, string];

/** The rooms of two. Who may have one together, and when it is closed, is for others to decide. */
@Injectable()
export class DirectRooms {
  constructor(
    private readonly db: DataSource,
    private readonly views: RoomViews,
    private readonly announcements: Announcements,
  ) {}

  /**
   * Opens the room of two users, which is made when they have none yet: its key is unique, so there is never a second one.
   * @param require throws unless they may have it, in the same transaction
   * @returns the room as the first of the two sees it, and whether it is new
   */
  async open(two: Two, require: (manager: EntityManager) => Promise<void>): Promise<{ room: RoomDto; made: boolean }> {
    const made = await this.db.transaction(async (manager) => {
      await require(manager);
      return this.make(manager, two);
    });
    if (made) for (const userId of two) await this.announcements.joined(made, userId);
    const room = await this.views.roomOf(two[0], made ?? (await this.idOf(two)));
    return { room, made: made !== undefined };
  }

  /**
   * Closes the room of two users, or opens it again, as a step of the caller's transaction; `told` tells of it later.
   * @returns its id, if they have one and this is a change
   */
  async close(manager: EntityManager, two: Two, closed: boolean): Promise<string | undefined> {
    const [[room]] = await manager.query<[{ id: string }[], number]>(
      'UPDATE rooms SET closed = $2 WHERE direct_pair = $1 AND closed <> $2 RETURNING id',
      [pairOf(two), closed],
    );
    return room?.id;
  }

  /** Tells both of what `close` has stored. */
  closed(roomId: string): Promise<void> {
    return this.announcements.closed(roomId);
  }

  private async make(manager: EntityManager, two: Two): Promise<string | undefined> {
    const [room] = await manager.query<{ id: string }[]>(
      `INSERT INTO rooms (kind, name, visibility, direct_pair) VALUES ('direct', '', 'private', $1)
       ON CONFLICT (direct_pair) DO NOTHING RETURNING id`,
      [pairOf(two)],
    );
    if (!room) return undefined;
    await manager.query(`INSERT INTO members (room_id, user_id, role) SELECT $1::uuid, unnest($2::uuid[]), 'member'`, [
      room.id,
      two,
    ]);
    return room.id;
  }

  private async idOf(two: Two): Promise<string> {
    const [room] = await this.db.query<{ id: string }[]>('SELECT id FROM rooms WHERE direct_pair = $1', [pairOf(two)]);
    if (!room) throw new AppError('room_not_found');
    return room.id;
  }
}

/** The lower id first. */
function pairOf(two: Two): string {
  return [...two].sort().join(':');
}
