import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PageQueryDto, RemovalDto, RemovalsDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { MOMENT_KEYS, momentKey, momentOf, pageOf, pageStart } from '../../platform/http/page';
import { RoomsService } from '../rooms.service';

type RemovalRow = Omit<RemovalDto, 'removedAt'> & {
  removedAt: Date;
  /** When it was, in µs: the order of the pages. */
  key: string;
};

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
  async list(who: Principal, roomId: string, query: PageQueryDto): Promise<RemovalsDto> {
    await this.rooms.requireMember(who, roomId, 'removal:list');
    const { after, limit } = pageStart(query, MOMENT_KEYS);
    const found = await this.db.query<RemovalRow[]>(
      `SELECT x.user_id AS "userId", u.username AS name, m.username AS "removedBy", x.removed_at AS "removedAt",
              ${momentKey('x.removed_at')} AS key
       FROM removals x JOIN users u ON u.id = x.user_id LEFT JOIN users m ON m.id = x.removed_by
       WHERE x.room_id = $1
         AND ($2::bigint IS NULL OR (x.removed_at, x.user_id) < (${momentOf('$2')}, $3::uuid))
       ORDER BY x.removed_at DESC, x.user_id DESC LIMIT $4`,
      [roomId, after.key, after.id, limit + 1],
    );
    const { rows, next } = pageOf(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { removals: rows.map(({ key: _, ...row }) => ({ ...row, removedAt: row.removedAt.toISOString() })), next };
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
