import type { EntityManager } from 'typeorm';
import { sqlStatement } from '../database/sql-statement';
import { uuid } from '../database/sql-types';

const LOCK_USER = sqlStatement({ takes: [uuid], sql: 'SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE' });

/**
 * Locks the row of a user until the transaction ends. All changes that decide who can sign in as this user run under
 * this lock, one after another: changing the password, beginning, renewing or ending a session, deleting the account.
 * So do additions that are counted against a quota, such as rooms. Take it before any other lock. The deletion of
 * guests does without it: it runs under the lock of their room. What locks both for a guest locks the room first. Rows
 * that refer to the user (`FOR KEY SHARE`), such as messages, can still be inserted meanwhile.
 * @returns whether the user exists, once the lock is held
 */
export async function lockUserRow(manager: EntityManager, userId: string): Promise<boolean> {
  return (await LOCK_USER.findRow(manager, userId)) !== undefined;
}
