import { Injectable } from '@nestjs/common';
import type { CallState, Participant } from '@webcall/domain';
import { DataSource } from 'typeorm';

/**
 * The rows of calls, from start to end. They follow the live state, which comes first; each statement can be repeated
 * and finds the same end in whichever order two replicas get to it.
 */
@Injectable()
export class CallRecords {
  constructor(private readonly db: DataSource) {}

  async joined(call: CallState, participant: Participant): Promise<void> {
    await this.db.transaction(async (tx) => {
      // A call whose replica died before it wrote the end would stand in the way of the next one.
      await tx.query('UPDATE calls SET ended_at = now() WHERE room_id = $1 AND id <> $2 AND ended_at IS NULL', [
        call.roomId,
        call.id,
      ]);
      // Others who join in the same moment write the same row: which of its unique keys they meet at first is chance.
      await tx.query(
        `INSERT INTO calls (id, room_id, started_at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
         ON CONFLICT DO NOTHING`,
        [call.id, call.roomId, call.startedAt],
      );
      await tx.query('INSERT INTO call_participants (id, call_id, user_id) VALUES ($1, $2, $3)', [
        participant.id,
        call.id,
        participant.userId,
      ]);
    });
  }

  async left(participantId: string): Promise<void> {
    await this.db.query('UPDATE call_participants SET left_at = now() WHERE id = $1 AND left_at IS NULL', [
      participantId,
    ]);
  }

  /** A deleted room has taken its calls with it. */
  async ended(call: CallState): Promise<void> {
    await this.db.query(
      `INSERT INTO calls (id, room_id, started_at, ended_at)
       SELECT $1, id, to_timestamp($3::float8 / 1000), now() FROM rooms WHERE id = $2
       ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at`,
      [call.id, call.roomId, call.startedAt],
    );
    await this.close([call.id]);
  }

  /** Calls that have not ended, as far as the rows know. */
  running(): Promise<{ id: string; roomId: string }[]> {
    return this.db.query(`SELECT id, room_id AS "roomId" FROM calls WHERE ended_at IS NULL`);
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

  /** Ends calls with everybody in them. */
  async close(callIds: readonly string[]): Promise<void> {
    await this.db.query('UPDATE calls SET ended_at = now() WHERE id = ANY ($1) AND ended_at IS NULL', [callIds]);
    await this.db.query('UPDATE call_participants SET left_at = now() WHERE call_id = ANY ($1) AND left_at IS NULL', [
      callIds,
    ]);
  }
}
