import type { EntityManager } from 'typeorm';
import { sqlStatement } from '../platform/database/sql-statement';
import { uuid } from '../platform/database/sql-types';

const LOCK_ROOM = sqlStatement({ takes: [uuid], sql: 'SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE' });

/**
 * Locks the row of a room until the transaction ends. What decides about the members of a room, or about the one entry
 * of something in it, runs under this lock, one after another.
 * @returns whether the room exists, once the lock is held
 */
export async function lockRoomRow(manager: EntityManager, roomId: string): Promise<boolean> {
  return (await LOCK_ROOM.findRow(manager, roomId)) !== undefined;
}
