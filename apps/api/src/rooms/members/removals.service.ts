import { Injectable } from '@nestjs/common';
import type { PageQueryDto, RemovalDto, RemovalsDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../../platform/http/page';
import { RoomsService } from '../rooms.service';

type RemovalRow = Omit<RemovalDto, 'removedAt'> & {
  removedAt: Date;
  /** Time of the removal in µs, by which pages are ordered. */
  key: string;
};

/** Stores which users were removed from rooms and cannot come back until a moderator allows it. */
@Injectable()
export class RemovalsService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
  ) {}

  /** Stores a removal in the caller's transaction. */
  async storeRemoval(manager: EntityManager, removal: { roomId: string; userId: string; by: string }): Promise<void> {
    const { roomId, userId, by } = removal;
    await manager.query(
      `INSERT INTO removals (room_id, user_id, removed_by) VALUES ($1, $2, $3)
       ON CONFLICT (room_id, user_id) DO UPDATE SET removed_by = excluded.removed_by, removed_at = now()`,
      [roomId, userId, by],
    );
  }

  /** The newest first. */
  async loadRemovalPage(who: Principal, roomId: string, query: PageQueryDto): Promise<RemovalsDto> {
    await this.rooms.requireMember(who, roomId, 'removal:list');
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const found = await this.db.query<RemovalRow[]>(
      `SELECT x.user_id AS "userId", u.username AS name, m.username AS "removedBy", x.removed_at AS "removedAt",
              ${timestampKeySql('x.removed_at')} AS key
       FROM removals x JOIN users u ON u.id = x.user_id LEFT JOIN users m ON m.id = x.removed_by
       WHERE x.room_id = $1
         AND ($2::bigint IS NULL OR (x.removed_at, x.user_id) < (${timestampFromKeySql('$2')}, $3::uuid))
       ORDER BY x.removed_at DESC, x.user_id DESC LIMIT $4`,
      [roomId, after.key, after.id, limit + 1],
    );
    const { rows, next } = buildResultPage(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { removals: rows.map(({ key: _, ...row }) => ({ ...row, removedAt: row.removedAt.toISOString() })), next };
  }

  /** Allows the user to come back, in the same ways as everybody else. */
  async deleteRemoval(who: Principal, roomId: string, userId: string): Promise<void> {
    await this.rooms.requireMember(who, roomId, 'removal:undo');
    const [, count] = await this.db.query<[unknown[], number]>(
      'DELETE FROM removals WHERE room_id = $1 AND user_id = $2',
      [roomId, userId],
    );
    if (count === 0) throw new AppError('removal_not_found');
  }
}
