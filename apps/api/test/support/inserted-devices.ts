import { randomBytes, randomUUID } from 'node:crypto';
import type { TestDatabase } from './database';
import type { RestClient } from './rest';
import type { TestUser } from './test-app';

/** What a signed list would say, in rows: for tests that are about other things than lists, and need many devices. */
const PRESENT_IDENTITY = `WITH made AS (
    INSERT INTO identities (user_id, key, list, signature, version) VALUES ($1, $2, '', '', 1)
    ON CONFLICT (user_id) WHERE replaced_at IS NULL DO NOTHING RETURNING key
  )
  SELECT key FROM made UNION ALL SELECT key FROM identities WHERE user_id = $1 AND replaced_at IS NULL LIMIT 1`;

/**
 * Inserts a new device of a user, and has the session of a client belong to it.
 * @returns its id
 */
export async function insertDevice(
  db: TestDatabase,
  user: Pick<TestUser, 'id' | 'rest'>,
  client: RestClient = user.rest,
): Promise<string> {
  const [deviceId] = await insertDevices(db, user.id, 1);
  const claims = JSON.parse(Buffer.from(client.token!.split('.')[1]!, 'base64url').toString()) as { sid: string };
  await db.query('UPDATE sessions SET device_id = $2 WHERE id = $1', [claims.sid, deviceId]);
  return deviceId!;
}

/** Inserts new devices of a user that nobody uses. @returns their ids */
export async function insertDevices(db: TestDatabase, userId: string, count: number): Promise<string[]> {
  const [identity] = await db.query<{ key: Buffer }>(PRESENT_IDENTITY, [userId, randomBytes(32)]);
  const ids = Array.from({ length: count }, () => randomUUID());
  await db.query(
    `INSERT INTO devices (user_id, id, identity, signing_key)
     SELECT $1::uuid, unnest($2::uuid[]), $3::bytea, $4::bytea`,
    [userId, ids, identity!.key, randomBytes(32)],
  );
  return ids;
}
