import { Injectable, Logger } from '@nestjs/common';
import type { CallPerson, CallState, Participant } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { RoomEntries, type RoomEntry } from '../../chat/room-entries';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import { double, integer, json, nullable, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { databaseErrorOf } from '../../platform/http/error-translation';

/** Note of a call that has ended. Times are in ms. */
export interface CallEndNote {
  callId: string;
  roomId: string;
  startedAt: number;
  at: number;
}

/** Note of a participant who has left a call that goes on. */
export interface ParticipantLeftNote {
  callId: string;
  participantId: string;
  at: number;
}

/** How many times writing the rows of a new participant is tried. */
const INSERT_ATTEMPTS = 5;

const UNENDED_CALL_TYPES = { callId: uuid, roomId: uuid, startedAt: double };
const UNENDED_CALL_COLUMNS = `id AS "callId", room_id AS "roomId", extract(epoch FROM started_at)::float8 * 1000 AS "startedAt"`;

/** How long the call `c` was a conversation, in ms: from when somebody joined the user who started it. */
export const CALL_DURATION_SQL = `greatest(0, round(extract(epoch FROM coalesce(c.ended_at, now()) - (
  SELECT min(joined_at) FROM call_participants WHERE call_id = c.id AND user_id IS DISTINCT FROM c.started_by
)) * 1000))::float8`;

const MARK_PARTICIPANT_LEFT = sqlStatement({
  takes: [uuid, double],
  sql: 'UPDATE call_participants SET left_at = to_timestamp($2::float8 / 1000) WHERE id = $1 AND left_at IS NULL',
});

const MARK_CALL_ENDED = sqlStatement({
  takes: [uuid, uuid, double, double],
  sql: `INSERT INTO calls (id, room_id, started_at, ended_at)
    VALUES ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))
    ON CONFLICT (id) DO UPDATE SET ended_at = coalesce(calls.ended_at, excluded.ended_at)`,
});

const MARK_PARTICIPANTS_LEFT = sqlStatement({
  takes: [uuid, double],
  sql: `UPDATE call_participants SET left_at = to_timestamp($2::float8 / 1000) WHERE call_id = $1 AND left_at IS NULL`,
});

const SUMMARIZE_CALL = sqlStatement({
  takes: [uuid],
  gives: { authorId: nullable(uuid), durationMs: double, users: integer, people: json<CallPerson[]>() },
  sql: `SELECT c.started_by AS "authorId",
           ${CALL_DURATION_SQL} AS "durationMs",
           (SELECT count(DISTINCT coalesce(user_id::text, ''))::int FROM call_participants WHERE call_id = c.id) AS users,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('userId', id, 'name', name) ORDER BY first), '[]') FROM (
              SELECT u.id, u.username AS name, min(p.joined_at) AS first
              FROM call_participants p JOIN users u ON u.id = p.user_id WHERE p.call_id = c.id GROUP BY u.id
            ) AS came) AS people
    FROM calls c WHERE c.id = $1`,
});

/**
 * It cannot see the row of another call of the room that is inserted at the same moment. That row then keeps this call's
 * row from being inserted, and the participant's row fails; the next attempt sees it.
 *
 * A room has at most one open row. A call whose replica died before writing its end is ended first. A participant
 * written late, after the next call has begun, goes into a call that has already ended. Participants who join at the
 * same moment insert the same row and may conflict on any of its keys, so ON CONFLICT names no key.
 */
const INSERT_PARTICIPANT = sqlStatement({
  takes: [uuid, uuid, double, uuid, uuid, uuid, double],
  gives: UNENDED_CALL_TYPES,
  sql: `WITH begun AS (
      SELECT to_timestamp($3::float8 / 1000) AS at
    ), left_over AS (
      UPDATE calls SET ended_at = now() FROM begun
      WHERE room_id = $1 AND id <> $2 AND ended_at IS NULL AND started_at <= begun.at RETURNING calls.*
    ), started AS (
      INSERT INTO calls (id, room_id, started_at, started_by, ended_at)
      SELECT $2::uuid, $1::uuid, begun.at, $4::uuid, (
        SELECT next.started_at FROM calls next
        WHERE next.room_id = $1 AND next.id <> $2 AND next.ended_at IS NULL AND next.started_at > begun.at
      ) FROM begun, (SELECT count(*) FROM left_over) AS ended
      ON CONFLICT DO NOTHING
    ), participant AS (
      INSERT INTO call_participants (id, call_id, user_id, joined_at)
      VALUES ($5, $2, $6, to_timestamp($7::float8 / 1000))
    )
    SELECT ${UNENDED_CALL_COLUMNS} FROM left_over`,
});

const LIST_UNENDED_CALLS = sqlStatement({
  takes: [],
  gives: UNENDED_CALL_TYPES,
  sql: `SELECT ${UNENDED_CALL_COLUMNS} FROM calls WHERE ended_at IS NULL`,
});

const FIND_ROOMS_OF_PARTICIPANTS = sqlStatement({
  takes: [uuidsParameter],
  gives: { roomId: uuid },
  sql: `SELECT DISTINCT c.room_id AS "roomId" FROM call_participants p JOIN calls c ON c.id = p.call_id
    WHERE p.user_id = ANY ($1) AND p.left_at IS NULL AND c.ended_at IS NULL`,
});

type UnendedCallRow = StatementRow<typeof LIST_UNENDED_CALLS>;

/**
 * The rows of calls, from start to end. They are written after the live state has changed. Each statement can be
 * repeated, and the result is the same in whichever order two replicas run theirs.
 */
@Injectable()
export class CallRecords {
  private readonly logger = new Logger(CallRecords.name);

  constructor(
    private readonly db: DataSource,
    private readonly entries: RoomEntries,
  ) {}

  /**
   * Writes the rows of a new participant, who waits for it, but stays in the call if the call's row remains missing.
   * @returns calls of the room whose end was never written; this statement has ended them
   */
  async insertParticipant(call: CallState, participant: Participant): Promise<UnendedCallRow[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryInsertParticipant(call, participant);
      } catch (error) {
        if (databaseErrorOf(error).constraint !== 'call_participants_call_id_fkey') throw error;
        if (attempt === INSERT_ATTEMPTS) {
          this.logger.error({ err: error, callId: call.id, msg: 'the rows of a participant could not be written' });
          return [];
        }
      }
    }
  }

  async markParticipantLeft({ participantId, at }: ParticipantLeftNote): Promise<void> {
    await MARK_PARTICIPANT_LEFT.execute(this.db, participantId, at);
  }

  /** If the end was written before, that one stays. */
  async markCallEnded(tx: EntityManager, { callId, roomId, startedAt, at }: CallEndNote): Promise<void> {
    await MARK_CALL_ENDED.execute(tx, callId, roomId, startedAt, at);
    await MARK_PARTICIPANTS_LEFT.execute(tx, callId, at);
  }

  /** The room's entry about a call that has ended; none unless at least two users were in it. */
  async buildCallEntry(tx: EntityManager, { callId, roomId }: CallEndNote): Promise<RoomEntry | undefined> {
    const row = await SUMMARIZE_CALL.findRow(tx, callId);
    if (!row || row.users < 2) return undefined;
    const { authorId, durationMs, people } = row;
    return {
      id: this.entries.deriveEntryId(roomId, 'call', callId),
      authorId,
      content: { type: 'call', callId, durationMs, people },
    };
  }

  private tryInsertParticipant(call: CallState, participant: Participant): Promise<UnendedCallRow[]> {
    return INSERT_PARTICIPANT.loadRows(
      this.db,
      call.roomId,
      call.id,
      call.startedAt,
      call.seats[0]?.userId ?? participant.userId,
      participant.id,
      participant.userId,
      // From the same clock as the end: the clock of the database may differ.
      call.seats.find(({ id }) => id === participant.id)?.takenAt ?? Date.now(),
    );
  }

  /** Calls whose end is not in their rows. */
  listUnendedCalls(): Promise<UnendedCallRow[]> {
    return LIST_UNENDED_CALLS.loadRows(this.db);
  }

  /** Rooms with a call that any of the users is in, according to the rows, which may be outdated. */
  async findRoomsOfParticipants(userIds: readonly string[]): Promise<string[]> {
    const rows = await FIND_ROOMS_OF_PARTICIPANTS.loadRows(this.db, userIds);
    return rows.map((row) => row.roomId);
  }
}
