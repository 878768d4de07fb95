import type { EntityManager } from 'typeorm';
import { newSecretToken, secretTokenHash } from '../platform/access/secret-token';

/** How long a reset link works. */
export const RESET_LINK_MINUTES = 30;

/**
 * Makes a reset link for an account; the former one no longer works.
 * @returns its token, of which only the hash is stored
 */
export async function newResetLink(manager: EntityManager, userId: string): Promise<string> {
  const token = newSecretToken();
  await manager.query(
    `INSERT INTO reset_links (user_id, token_hash, expires_at) VALUES ($1, $2, now() + make_interval(mins => $3))
     ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    [userId, secretTokenHash(token), RESET_LINK_MINUTES],
  );
  return token;
}

/** @returns for whom a link was made that still works */
export async function userOfResetLink(manager: EntityManager, token: string): Promise<string | undefined> {
  const [link] = await manager.query<{ userId: string }[]>(
    `SELECT user_id AS "userId" FROM reset_links WHERE token_hash = $1 AND expires_at > now()`,
    [secretTokenHash(token)],
  );
  return link?.userId;
}

/** @returns whether the link worked until now; it does so once */
export async function useResetLink(manager: EntityManager, token: string): Promise<boolean> {
  const [, used] = await manager.query<[unknown[], number]>(
    'DELETE FROM reset_links WHERE token_hash = $1 AND expires_at > now()',
    [secretTokenHash(token)],
  );
  return used === 1;
}

/** Voids the link of a user whose password has changed meanwhile. */
export async function voidResetLink(manager: EntityManager, userId: string): Promise<void> {
  await manager.query('DELETE FROM reset_links WHERE user_id = $1', [userId]);
}
