import type { DataSource, EntityManager } from 'typeorm';
import { createSecretToken, hashSecretToken } from '../platform/access/secrets';
import { sqlStatement } from '../platform/database/sql-statement';
import { bool, integer, text, uuid } from '../platform/database/sql-types';

/** How long a reset link works, in minutes. */
export const RESET_LINK_MINUTES = 30;

const FIND_TABLE = sqlStatement({
  takes: [],
  gives: { exists: bool },
  sql: `SELECT to_regclass('reset_links') IS NOT NULL AS exists`,
});

const STORE_LINK = sqlStatement({
  takes: [uuid, text, integer],
  sql: `INSERT INTO reset_links (user_id, token_hash, expires_at) VALUES ($1, $2, now() + make_interval(mins => $3))
    ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
});

const FIND_LINK_USER = sqlStatement({
  takes: [text],
  gives: { userId: uuid },
  sql: `SELECT user_id AS "userId" FROM reset_links WHERE token_hash = $1 AND expires_at > now()`,
});

const CONSUME_LINK = sqlStatement({
  takes: [text],
  sql: 'DELETE FROM reset_links WHERE token_hash = $1 AND expires_at > now()',
});

const DELETE_LINK = sqlStatement({ takes: [uuid], sql: 'DELETE FROM reset_links WHERE user_id = $1' });

/** @returns whether the database is new enough for reset links */
export async function hasResetLinkTable(db: DataSource): Promise<boolean> {
  return (await FIND_TABLE.findRow(db))?.exists === true;
}

/**
 * Creates a reset link for an account; an earlier one no longer works.
 * @returns its token, of which only the hash is stored
 */
export async function createResetLink(manager: EntityManager, userId: string): Promise<string> {
  const token = createSecretToken();
  await STORE_LINK.execute(manager, userId, hashSecretToken(token), RESET_LINK_MINUTES);
  return token;
}

/** @returns the id of the user of a link that still works */
export async function findResetLinkUser(manager: EntityManager, token: string): Promise<string | undefined> {
  return (await FIND_LINK_USER.findRow(manager, hashSecretToken(token)))?.userId;
}

/** @returns whether the link still worked; this was its only use */
export async function consumeResetLink(manager: EntityManager, token: string): Promise<boolean> {
  return (await CONSUME_LINK.countChanges(manager, hashSecretToken(token))) === 1;
}

/** Deletes the link of a user whose password was changed. */
export async function deleteResetLink(manager: EntityManager, userId: string): Promise<void> {
  await DELETE_LINK.execute(manager, userId);
}
