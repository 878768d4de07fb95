import { Injectable } from '@nestjs/common';
import type { MessageDto } from '@webcall/contracts';
import {
  editableTextOf,
  type GroupEpoch,
  initialReadersOf,
  type MessageContent,
  type PostedContent,
  refuseSealing,
} from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../platform/access/principal';
import { quotaReachedError, Quotas } from '../platform/access/quotas';
import { sqlStatement, type StatementRow } from '../platform/database/sql-statement';
import { bigintParameter, bool, integer, jsonParameter, nullable, uuid } from '../platform/database/sql-types';
import { AppError } from '../platform/http/app-error';
import { databaseErrorOf } from '../platform/http/error-translation';
import { memberMaySql } from '../rooms/member-may-sql';
import { MESSAGE_COLUMNS, MESSAGE_TYPES } from './message-columns';
import {
  FIND_SEALING_SESSION,
  INSERT_COUNTED_MESSAGE,
  INSERT_MESSAGE,
  INSERT_POSTED_MESSAGE,
  TODAY,
} from './message-insert';

const FIND_COUNT_OF_TODAY = sqlStatement({
  takes: [uuid],
  gives: { messages: integer },
  sql: `SELECT messages FROM message_counts WHERE user_id = $1 AND day = ${TODAY}`,
});

const REPLACE_CONTENT = sqlStatement({
  takes: [uuid, uuid, jsonParameter, bool],
  gives: MESSAGE_TYPES,
  sql: `WITH room AS (
      UPDATE rooms SET revision = revision + 1
      WHERE id = $1 AND (encrypted_from IS NULL OR NOT $4::boolean)
        AND EXISTS (SELECT FROM messages WHERE id = $2 AND content->>'type' <> 'deleted')
      RETURNING revision
    ), m AS (
      UPDATE messages SET content = $3, revision = room.revision,
        edited_at = CASE WHEN $4::boolean THEN now() ELSE edited_at END FROM room
      WHERE id = $2 AND content->>'type' <> 'deleted' RETURNING messages.*
    )
    SELECT ${MESSAGE_COLUMNS} FROM m LEFT JOIN users u ON u.id = m.author_id`,
});

const FIND_SEALING = sqlStatement({
  takes: [uuid],
  gives: { encryptedFrom: nullable(integer), generation: integer, epoch: integer, isRekeyDue: bool },
  sql: `SELECT encrypted_from AS "encryptedFrom", generation, epoch, rekey_due_since IS NOT NULL AS "isRekeyDue"
    FROM rooms WHERE id = $1`,
});

const SELECT_MESSAGES = `SELECT ${MESSAGE_COLUMNS} FROM messages m LEFT JOIN users u ON u.id = m.author_id`;

const FIND_MESSAGE = sqlStatement({
  takes: [uuid],
  gives: MESSAGE_TYPES,
  sql: `${SELECT_MESSAGES} WHERE m.id = $1`,
});

const LIST_AFTER = sqlStatement({
  takes: [uuid, bigintParameter, bigintParameter],
  gives: MESSAGE_TYPES,
  sql: `${SELECT_MESSAGES} WHERE m.room_id = $1 AND m.seq > $2::bigint ORDER BY m.seq LIMIT $3`,
});

const LIST_BEFORE = sqlStatement({
  takes: [uuid, bigintParameter, bigintParameter],
  gives: MESSAGE_TYPES,
  sql: `${SELECT_MESSAGES} WHERE m.room_id = $1 AND m.seq < $2::bigint ORDER BY m.seq DESC LIMIT $3`,
});

const LIST_CHANGED_AFTER = sqlStatement({
  takes: [uuid, bigintParameter, bigintParameter],
  gives: MESSAGE_TYPES,
  sql: `${SELECT_MESSAGES} WHERE m.room_id = $1 AND m.revision > 0 AND m.revision > $2::bigint
    ORDER BY m.revision LIMIT $3`,
});

const ADVANCE_READ_POSITION = sqlStatement({
  takes: [uuid, uuid, bigintParameter],
  gives: { seq: integer, moved: bool },
  sql: `WITH member AS (
      SELECT m.read_seq AS before, greatest(m.read_seq, least($3::bigint, r.last_seq))::int AS after
      FROM members m JOIN rooms r ON r.id = m.room_id
      WHERE m.room_id = $1 AND m.user_id = $2 AND ${memberMaySql('message:read')} FOR UPDATE OF m
    ), moved AS (
      UPDATE members SET read_seq = after FROM member WHERE room_id = $1 AND user_id = $2 AND after > before
    )
    SELECT after AS seq, after > before AS moved FROM member`,
});

type MessageRow = StatementRow<typeof FIND_MESSAGE>;

/** Messages in PostgreSQL. Every new message or change locks the room's row, so that their numbers have no gaps. */
@Injectable()
export class MessageStore {
  constructor(
    private readonly db: DataSource,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Stores a member's message as `storeMessage` does, and counts it towards its author's daily quota, if there is one.
   * The statement is also the access check, so nobody can lose their right to post between the two.
   * @param posted with the epoch in which it was sealed; null for a plain one
   * @returns undefined when the author may not post, the room does not take it, it is not from the device that it names,
   * the id is taken, or the quota is used up; if the id is taken, a transaction of `tx` is over then
   */
  async storePostedMessage(
    tx: EntityManager,
    roomId: string,
    id: string,
    { userId, sessionId }: Principal,
    { content, sealedIn }: { content: PostedContent; sealedIn: GroupEpoch | null },
  ): Promise<MessageDto | undefined> {
    const place = [sealedIn?.generation ?? null, sealedIn?.epoch ?? null] as const;
    const values = [...insertValuesOf(roomId, id, userId, content), ...place, sessionId] as const;
    const limit = this.quotas.quotaLimitOf('messages');
    const rows = await undefinedIfIdTaken(
      limit === undefined
        ? INSERT_POSTED_MESSAGE.loadRows(tx, ...values)
        : INSERT_COUNTED_MESSAGE.loadRows(tx, ...values, limit),
    );
    return rows?.map((head) => toMessageDto({ ...head, content }))[0];
  }

  /**
   * Requires that the room takes what was sealed in that epoch, or plain messages.
   * @throws AppError as `refuseSealing` says
   */
  async requireSealing(roomId: string, sealedIn: GroupEpoch | null): Promise<void> {
    const room = await FIND_SEALING.findRow(this.db, roomId);
    const refused = room && refuseSealing(room, sealedIn);
    if (refused) throw new AppError(refused);
  }

  /**
   * Requires that sealed content comes from the device that it names.
   * @throws AppError device_required
   */
  async requireSealingDevice({ sessionId }: Principal, content: PostedContent): Promise<void> {
    if (content.type !== 'sealed') return;
    const session = await FIND_SEALING_SESSION.findRow(this.db, sessionId, content.device);
    if (!session?.isOfDevice) throw new AppError('device_required');
  }

  /** @returns the refusal of a message that its author may post, and whose id is free */
  async createUnstoredError(authorId: string): Promise<AppError> {
    const limit = this.quotas.quotaLimitOf('messages');
    const used = limit === undefined ? undefined : await FIND_COUNT_OF_TODAY.findRow(this.db, authorId);
    const isReached = limit !== undefined && used !== undefined && used.messages >= limit;
    // Otherwise the author may post only since a moment ago.
    return isReached ? quotaReachedError('messages', limit) : new AppError('unavailable');
  }

  /**
   * Stores a message under the room's next number, and marks it as read for its `initialReadersOf`. One statement, so all
   * or nothing.
   * @returns undefined when the id is taken; a transaction of `tx` is over then
   * @throws AppError room_not_found when the room has been deleted meanwhile
   */
  async storeMessage(
    tx: EntityManager,
    roomId: string,
    id: string,
    authorId: string | null,
    content: MessageContent,
  ): Promise<MessageDto | undefined> {
    const values = insertValuesOf(roomId, id, authorId, content);
    const rows = await undefinedIfIdTaken(INSERT_MESSAGE.loadRows(tx, ...values));
    if (rows?.length === 0) throw new AppError('room_not_found');
    return rows?.map(toMessageDto)[0];
  }

  async findMessage(id: string, tx: EntityManager = this.db.manager): Promise<MessageDto | undefined> {
    const row = await FIND_MESSAGE.findRow(tx, id);
    return row && toMessageDto(row);
  }

  /**
   * Replaces the content of a message, under the room's next revision. An encrypted room takes no plain text, of
   * messages before it was encrypted neither.
   * @returns undefined when it has been deleted, or the room does not take it
   */
  async replaceMessageContent(
    tx: EntityManager,
    roomId: string,
    id: string,
    content: MessageContent,
  ): Promise<MessageDto | undefined> {
    const edited = editableTextOf(content) !== null;
    const row = await REPLACE_CONTENT.findRow(tx, roomId, id, JSON.stringify(content), edited);
    return row && toMessageDto(row);
  }

  /** The oldest messages after a number. */
  async listMessagesAfter(roomId: string, seq: number, limit: number): Promise<MessageDto[]> {
    return (await LIST_AFTER.loadRows(this.db, roomId, seq, limit)).map(toMessageDto);
  }

  /** The newest messages before a number, oldest first. */
  async listMessagesBefore(roomId: string, seq: number, limit: number): Promise<MessageDto[]> {
    return (await LIST_BEFORE.loadRows(this.db, roomId, seq, limit)).map(toMessageDto).reverse();
  }

  /** The first messages that were changed after a revision, ascending by number. */
  async listMessagesChangedAfter(roomId: string, revision: number, limit: number): Promise<MessageDto[]> {
    const rows = await LIST_CHANGED_AFTER.loadRows(this.db, roomId, revision, limit);
    return rows.map(toMessageDto).sort((a, b) => a.seq - b.seq);
  }

  /**
   * Stores that a member has read up to a number. The position never moves back, nor beyond the newest message. The
   * statement is also the access check.
   * @returns where the member is now, and whether that is further than before; undefined for who may not read the room
   */
  async advanceReadPosition(
    tx: EntityManager,
    roomId: string,
    userId: string,
    seq: number,
  ): Promise<{ seq: number; moved: boolean } | undefined> {
    return ADVANCE_READ_POSITION.findRow(tx, roomId, userId, seq);
  }
}

async function undefinedIfIdTaken<R>(rows: Promise<R[]>): Promise<R[] | undefined> {
  try {
    return await rows;
  } catch (error) {
    if (databaseErrorOf(error).constraint === 'messages_pkey') return undefined;
    throw error;
  }
}

/** What all statements that insert a message take. */
function insertValuesOf(roomId: string, id: string, authorId: string | null, content: MessageContent) {
  const { userIds, onlyIfCaughtUp } = initialReadersOf(content, authorId);
  return [roomId, id, authorId, JSON.stringify(content), userIds, onlyIfCaughtUp] as const;
}

function toMessageDto({ sentAt, editedAt, ...row }: MessageRow): MessageDto {
  return { ...row, sentAt: sentAt.toISOString(), editedAt: editedAt?.toISOString() ?? null };
}
