import { sqlStatement } from '../platform/database/sql-statement';
import { bool, integer, jsonParameter, nullable, text, uuid, uuidsParameter } from '../platform/database/sql-types';
import { memberMaySql } from '../rooms/member-may-sql';
import { HEAD_COLUMNS, HEAD_TYPES, MESSAGE_COLUMNS, MESSAGE_TYPES } from './message-columns';

/**
 * @param session SQL of the id of a session
 * @param device SQL of the id of a device, as text
 * @returns SQL condition: the session belongs to that device, which is in the list of its user
 */
const sessionIsOfDeviceSql = (session: string, device: string): string =>
  `EXISTS (SELECT FROM sessions s JOIN devices d ON d.user_id = s.user_id AND d.id = s.device_id AND d.ended_at IS NULL
    WHERE s.id = ${session} AND d.id::text = ${device})`;

/**
 * SQL condition with the rule of `refuseSealing`: the room `r` takes what was sealed in epoch $8 of generation $7, or
 * plain messages if these are null. What is sealed comes from the device that it names: a session is not enough. The
 * device is not held: one that ends at the same moment marks that a rekey is due.
 */
const TAKES_SEALED_IN = `CASE WHEN $7::integer IS NULL THEN r.encrypted_from IS NULL
    ELSE r.encrypted_from IS NOT NULL AND (r.generation, r.epoch) = ($7, $8::integer) AND r.rekey_due_since IS NULL
      AND ${sessionIsOfDeviceSql('$9::uuid', `$4::jsonb->>'device'`)} END`;

/** SQL that gives a row if the author may post this in the room, whose rows it locks against a change of that. */
const PLACE = `place AS (
    SELECT r.id AS room_id FROM rooms r JOIN members m ON m.room_id = r.id AND m.user_id = $3
    WHERE r.id = $1 AND ${memberMaySql('message:post')} AND ${TAKES_SEALED_IN} FOR NO KEY UPDATE
  ),`;

export const TODAY = `(now() AT TIME ZONE 'UTC')::date`;

/**
 * SQL that increments the author's counter row of the day, and gives a row unless that has reached the limit $10. The
 * room is locked before, in the same order as when a user is deleted, which locks their rooms before the user.
 */
const COUNTED = `counted AS (
    INSERT INTO message_counts AS c (user_id, day, messages) SELECT $3::uuid, ${TODAY}, 1 FROM place
    ON CONFLICT (user_id) DO UPDATE SET day = excluded.day,
      messages = CASE WHEN c.day = excluded.day THEN c.messages + 1 ELSE 1 END
    WHERE c.day <> excluded.day OR c.messages < $10
    RETURNING user_id
  ),`;

/** SQL that counts a message of the room's epoch, if it is sealed. */
const COUNT_OF_EPOCH = ', epoch_messages = epoch_messages + ($7::integer IS NOT NULL)::integer';

/** SQL that stores a message under the room's next number, if `condition`, one of `conditions`, gives a row. */
const buildMessageInsertSql = (
  columns: string,
  conditions = '',
  condition = '',
): string => `WITH ${conditions} room AS (
    UPDATE rooms SET last_seq = last_seq + 1, active_at = now()
      ${condition && `${COUNT_OF_EPOCH} FROM ${condition}`} WHERE id = $1
    RETURNING last_seq
  ), m AS (
    INSERT INTO messages (id, room_id, seq, author_id, content)
    SELECT $2::uuid, $1::uuid, last_seq, $3::uuid, $4::jsonb FROM room RETURNING *
  ), read AS (
    UPDATE members SET read_seq = room.last_seq FROM room
    WHERE room_id = $1 AND user_id = ANY ($5::uuid[]) AND (NOT $6::boolean OR read_seq = room.last_seq - 1)
  )
  SELECT ${columns} FROM m LEFT JOIN users u ON u.id = m.author_id`;

export const FIND_SEALING_SESSION = sqlStatement({
  takes: [uuid, text],
  gives: { isOfDevice: bool },
  sql: `SELECT ${sessionIsOfDeviceSql('$1', '$2')} AS "isOfDevice"`,
});

export const INSERT_MESSAGE = sqlStatement({
  takes: [uuid, uuid, nullable(uuid), jsonParameter, uuidsParameter, bool],
  gives: MESSAGE_TYPES,
  sql: buildMessageInsertSql(MESSAGE_COLUMNS),
});

const POSTED_PARAMETERS = [
  uuid,
  uuid,
  nullable(uuid),
  jsonParameter,
  uuidsParameter,
  bool,
  nullable(integer),
  nullable(integer),
  uuid,
] as const;

export const INSERT_POSTED_MESSAGE = sqlStatement({
  takes: POSTED_PARAMETERS,
  gives: HEAD_TYPES,
  sql: buildMessageInsertSql(HEAD_COLUMNS, PLACE, 'place'),
});

export const INSERT_COUNTED_MESSAGE = sqlStatement({
  takes: [...POSTED_PARAMETERS, integer],
  gives: HEAD_TYPES,
  sql: buildMessageInsertSql(HEAD_COLUMNS, PLACE + COUNTED, 'counted'),
});
