import { Injectable } from '@nestjs/common';
import type { PageQueryDto, RemovalsDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bigintParameter, nullable, text, timestamp, uuid } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../../platform/http/page';
import { RoomsService } from '../rooms.service';

const STORE_REMOVAL = sqlStatement({
  takes: [uuid, uuid, uuid],
  sql: `INSERT INTO removals (room_id, user_id, removed_by) VALUES ($1, $2, $3)
    ON CONFLICT (room_id, user_id) DO UPDATE SET removed_by = excluded.removed_by, removed_at = now()`,
});

const LIST_REMOVALS = sqlStatement({
  takes: [uuid, nullable(bigintParameter), nullable(uuid), bigintParameter],
  gives: { userId: uuid, name: text, removedBy: nullable(text), removedAt: timestamp, key: text },
  sql: `SELECT x.user_id AS "userId", u.username AS name, m.username AS "removedBy", x.removed_at AS "removedAt",
           ${timestampKeySql('x.removed_at')} AS key
    FROM removals x JOIN users u ON u.id = x.user_id LEFT JOIN users m ON m.id = x.removed_by
    WHERE x.room_id = $1
      AND ($2::bigint IS NULL OR (x.removed_at, x.user_id) < (${timestampFromKeySql('$2')}, $3::uuid))
    ORDER BY x.removed_at DESC, x.user_id DESC LIMIT $4`,
});

const DELETE_REMOVAL = sqlStatement({
  takes: [uuid, uuid],
  sql: 'DELETE FROM removals WHERE room_id = $1 AND user_id = $2',
});

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
    await STORE_REMOVAL.execute(manager, roomId, userId, by);
  }

  /** The newest first. */
  async loadRemovalPage(who: Principal, roomId: string, query: PageQueryDto): Promise<RemovalsDto> {
    await this.rooms.requireMember(who, roomId, 'removal:list');
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const found = await LIST_REMOVALS.loadRows(this.db, roomId, after.key, after.id, limit + 1);
    const { rows, next } = buildResultPage(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { removals: rows.map(({ key: _, ...row }) => ({ ...row, removedAt: row.removedAt.toISOString() })), next };
  }

  /** Allows the user to come back, in the same ways as everybody else. */
  async deleteRemoval(who: Principal, roomId: string, userId: string): Promise<void> {
    await this.rooms.requireMember(who, roomId, 'removal:undo');
    if ((await DELETE_REMOVAL.countChanges(this.db, roomId, userId)) === 0) throw new AppError('removal_not_found');
  }
}
