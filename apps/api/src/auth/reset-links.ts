import type { EntityManager } from 'typeorm';
import { createSecretToken, hashSecretToken } from '../platform/access/secrets';

/** How long a reset link works, in minutes. */
export const RESET_LINK_MINUTES = 30;

/**
 * Creates a reset link for an account; an earlier one no longer works.
 * @returns its token, of which only the hash is stored
 */
export async function createResetLink(manager: EntityManager, userId: string): Promise<string> {
  const token = createSecretToken();
  await manager.query(
    `INSERT INTO reset_links (user_id, token_hash, expires_at) VALUES ($1, $2, now() + make_interval(mins => $3))
     ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    [userId, hashSecretToken(token), RESET_LINK_MINUTES],
  );
  return token;
}

/** @returns the id of the user of a link that still works */
export async function findResetLinkUser(manager: EntityManager, token: string): Promise<string | undefined> {
  const [link] = await manager.query<{ userId: string }[]>(
    `SELECT user_id AS "userId" FROM reset_links WHERE token_hash = $1 AND expires_at > now()`,
    [hashSecretToken(token)],
  );
  return link?.userId;
}

/** @returns whether the link still worked; this was its only use */
export async function consumeResetLink(manager: EntityManager, token: string): Promise<boolean> {
  const [, used] = await manager.query<[unknown[], number]>(
    'DELETE FROM reset_links WHERE token_hash = $1 AND expires_at > now()',
    [hashSecretToken(token)],
  );
  return used === 1;
}

/** Deletes the link of a user whose password was changed. */
export async function deleteResetLink(manager: EntityManager, userId: string): Promise<void> {
  await manager.query('DELETE FROM reset_links WHERE user_id = $1', [userId]);
}
