import { Injectable, Logger } from '@nestjs/common';
import type { CallPerson } from '@webcall/contracts';
import type { CallState, Participant } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { Entries, type Entry } from '../../chat/entries';
import { databaseRefusal } from '../../platform/http/error-translation';

/** A call that is over. Times are in ms. */
export interface EndNote {
  callId: string;
  roomId: string;
  startedAt: number;
  at: number;
}

/** How often the rows of who joins are tried to be written. */
const ATTEMPTS = 5;

type RunningRow = Omit<EndNote, 'at'>;

const RUNNING = `id AS "callId", room_id AS "roomId", extract(epoch FROM started_at)::float8 * 1000 AS "startedAt"`;

/** How long the call `c` was a conversation, in ms: from when somebody came beside who started it. */
export const DURATION_MS = `greatest(0, round(extract(epoch FROM coalesce(c.ended_at, now()) - (
  SELECT min(joined_at) FROM call_participants WHERE call_id = c.id AND user_id IS DISTINCT FROM c.started_by
)) * 1000))::float8`;

/**
 * The rows of calls, from start to end. They follow the live state, which comes first; each statement can be repeated
 * and finds the same end in whichever order two replicas get to it.
 */
@Injectable()
export class CallRecords {
  private readonly logger = new Logger(CallRecords.name);

  constructor(
    private readonly db: DataSource,
    private readonly entries: Entries,
  ) {}

  /**
   * Whoever joins waits for it, and is not refused because of it.
   * @returns calls that were left over in the room and have been ended for this one
   */
  async joined(call: CallState, participant: Participant): Promise<RunningRow[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.join(call, participant);
      } catch (error) {
        if (databaseRefusal(error).constraint !== 'call_participants_call_id_fkey') throw error;
        if (attempt === ATTEMPTS) {
          this.logger.error({ err: error, callId: call.id, msg: 'the rows of a call are behind' });
          return [];
        }
      }
    }
  }

  async left(participantId: string): Promise<void> {
    await this.db.query('UPDATE call_participants SET left_at = now() WHERE id = $1 AND left_at IS NULL', [
      participantId,
    ]);
  }

  /** The first end that is written stays. */
  async ended(tx: EntityManager, { callId, roomId, startedAt, at }: EndNote): Promise<void> {
    await tx.query(
      `INSERT INTO calls (id, room_id, started_at, ended_at)
       VALUES ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))
       ON CONFLICT (id) DO UPDATE SET ended_at = coalesce(calls.ended_at, excluded.ended_at)`,
      [callId, roomId, startedAt, at],
    );
    await tx.query(
      `UPDATE call_participants SET left_at = to_timestamp($2::float8 / 1000) WHERE call_id = $1 AND left_at IS NULL`,
      [callId, at],
    );
  }

  /** What the room is told of a call that has ended: nothing, unless two users were in it. */
  async entry(tx: EntityManager, { callId, roomId }: EndNote): Promise<Entry | undefined> {
    const [row] = await tx.query<
      { authorId: string | null; durationMs: number; users: number; people: CallPerson[] }[]
    >(
      `SELECT c.started_by AS "authorId",
              ${DURATION_MS} AS "durationMs",
              (SELECT count(DISTINCT coalesce(user_id::text, ''))::int FROM call_participants WHERE call_id = c.id) AS users,
              (SELECT coalesce(jsonb_agg(jsonb_build_object('userId', id, 'name', name) ORDER BY first), '[]') FROM (
                 SELECT u.id, u.username AS name, min(p.joined_at) AS first
                 FROM call_participants p JOIN users u ON u.id = p.user_id WHERE p.call_id = c.id GROUP BY u.id
               ) AS came) AS people
       FROM calls c WHERE c.id = $1`,
      [callId],
    );
    if (!row || row.users < 2) return undefined;
    const { authorId, durationMs, people } = row;
    return {
      id: this.entries.idOf(roomId, 'call', callId),
      authorId,
      content: { type: 'call', callId, durationMs, people },
    };
  }

  /**
   * One statement. It cannot see the row of another call of the room that is written in the same moment and stands in the
   * way of this one's, which it then lacks; the next attempt sees it.
   */
  private join(call: CallState, participant: Participant): Promise<RunningRow[]> {
    return this.db.query(
      // A call whose replica died before it wrote the end would stand in the way of the next one, so it ends before that
      // is written. Who is late, when the next call has begun, writes into one that has ended. Others who join in the same
      // moment write the same row: which of its keys they meet first is chance.
      `WITH begun AS (
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
       SELECT ${RUNNING} FROM left_over`,
      [
        call.roomId,
        call.id,
        call.startedAt,
        call.seats[0]?.userId ?? participant.userId,
        participant.id,
        participant.userId,
        // By the same clock as the end: the database may have another one.
        call.seats.find(({ id }) => id === participant.id)?.takenAt ?? Date.now(),
      ],
    );
  }

  /** Calls that have not ended, as far as the rows know. */
  running(): Promise<RunningRow[]> {
    return this.db.query(`SELECT ${RUNNING} FROM calls WHERE ended_at IS NULL`);
  }

  /** Rooms with a call in which any of the users takes part, as far as the rows know. */
  async roomsOf(userIds: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ roomId: string }[]>(
      `SELECT DISTINCT c.room_id AS "roomId" FROM call_participants p JOIN calls c ON c.id = p.call_id
       WHERE p.user_id = ANY ($1) AND p.left_at IS NULL AND c.ended_at IS NULL`,
      [userIds],
    );
    return rows.map((row) => row.roomId);
  }
}
