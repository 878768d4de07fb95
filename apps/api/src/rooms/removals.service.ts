import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RemovalDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import { RoomsService } from './rooms.service';

/** Users who were taken out of rooms and cannot come back until a moderator allows it. */
@Injectable()
export class RemovalsService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
  ) {}

  /** Remembers who was taken out, as a step of the caller's transaction. */
  async remember(manager: EntityManager, removal: { roomId: string; userId: string; by: string }): Promise<void> {
    const { roomId, userId, by } = removal;
    await manager.query(
      `INSERT INTO removals (room_id, user_id, removed_by) VALUES ($1, $2, $3)
       ON CONFLICT (room_id, user_id) DO UPDATE SET removed_by = excluded.removed_by, removed_at = now()`,
      [roomId, userId, by],
    );
  }

  /** The newest first. */
  async list(who: Principal, roomId: string): Promise<RemovalDto[]> {
    await this.rooms.requireMember(who, roomId, 'removal:list');
    const rows = await this.db.query<(Omit<RemovalDto, 'removedAt'> & { removedAt: Date })[]>(
      `SELECT x.user_id AS "userId", u.username AS name, m.username AS "removedBy", x.removed_at AS "removedAt"
       FROM removals x JOIN users u ON u.id = x.user_id LEFT JOIN users m ON m.id = x.removed_by
       WHERE x.room_id = $1 ORDER BY x.removed_at DESC, x.user_id`,
      [roomId],
    );
    return rows.map((row) => ({ ...row, removedAt: row.removedAt.toISOString() }));
  }

  /** From now on the user may come back, by the ways in which everybody comes. */
  async undo(who: Principal, roomId: string, userId: string): Promise<void> {
    await this.rooms.requireMember(who, roomId, 'removal:undo');
    const [, count] = await this.db.query<[unknown[], number]>(
      'DELETE FROM removals WHERE room_id = $1 AND user_id = $2',
      [roomId, userId],
    );
    if (count === 0) throw new AppError('removal_not_found');
  }
}
