import type { EntityManager } from 'typeorm';

/**
 * Locks the row of a user until the transaction ends. Whatever decides who comes in as this user happens under it, one
 * after another: the password changes, a session begins, goes on or ends, the account goes. So does what is counted of
 * them, such as the rooms that they make. It is taken before anything else is locked. Guests go without it, under the lock
 * of their room, which is the only other one that they meet. What refers to the user (`FOR KEY SHARE`), such as a message,
 * can still be stored meanwhile.
 * @returns whether there is such a user, now that it is their turn
 */
export async function lockUser(manager: EntityManager, userId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  return rows.length > 0;
}
