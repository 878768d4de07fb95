import { Injectable } from '@nestjs/common';
import type { CallPerson } from '@webcall/contracts';
import type { RingStatus } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import type { Entry } from '../chat/entries';

/** How long after the end of its call a ring counts as forgotten: whoever ended it may still be about to write it. */
const FORGOTTEN_AFTER = '2 minutes';

/** What became of the rings of one attempt, or of some of them. */
export interface RingsNote {
  roomId: string;
  callId: string;
  ringId: string;
  callerId: string;
  rings: readonly { calleeId: string; status: RingStatus }[];
  /** When that was, in ms. */
  at: number;
}

/**
 * The rows of rings. As with calls, each statement can be repeated, and an end that is written stays; but who has accepted
 * may still miss it.
 */
@Injectable()
export class RingRecords {
  constructor(private readonly db: DataSource) {}

  /** Who is no user any more has no row. */
  async write(tx: EntityManager, { ringId, callId, callerId, rings, at }: RingsNote): Promise<void> {
    await tx.query(
      `INSERT INTO rings (id, call_id, caller_id, callee_id, status, started_at, ended_at)
       SELECT $1, c.id, (SELECT id FROM users WHERE id = $3), u.id, r.status, t.at,
              CASE WHEN r.status <> 'ringing' THEN t.at END
       FROM calls c, to_timestamp($4::float8 / 1000) AS t (at),
            jsonb_to_recordset($5) AS r ("calleeId" uuid, status text) JOIN users u ON u.id = r."calleeId"
       WHERE c.id = $2
       ON CONFLICT (id, callee_id) DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at
         WHERE (rings.status = 'ringing' OR rings.status = 'accepted' AND excluded.status = 'missed')
           AND rings.call_id = excluded.call_id`,
      [ringId, callId, callerId, at, JSON.stringify(rings)],
    );
  }

  /** @returns whether the id is that of rings of another call: rows and entries are told apart by it */
  async isOfAnotherCall(ringId: string, callId: string): Promise<boolean> {
    const rows = await this.db.query<unknown[]>('SELECT FROM rings WHERE id = $1 AND call_id <> $2 LIMIT 1', [
      ringId,
      callId,
    ]);
    return rows.length > 0;
  }

  /** What the room is told of an attempt: whom it has not reached so far. Nothing while it rings or was accepted. */
  async entry(tx: EntityManager, { ringId, callId, callerId }: RingsNote): Promise<Entry | undefined> {
    const callees = await tx.query<(CallPerson & { status: 'declined' | 'cancelled' | 'missed' })[]>(
      `SELECT u.id AS "userId", u.username AS name, r.status FROM rings r JOIN users u ON u.id = r.callee_id
       WHERE r.id = $1 AND r.call_id = $2 AND r.caller_id IS NOT DISTINCT FROM (SELECT id FROM users WHERE id = $3) AND r.status IN ('declined', 'cancelled', 'missed')
       ORDER BY r.ended_at, u.username`,
      [ringId, callId, callerId],
    );
    if (callees.length === 0) return undefined;
    const [caller] = await tx.query<{ id: string }[]>('SELECT id FROM users WHERE id = $1', [callerId]);
    return {
      about: `${callId} ${ringId} ${callerId}`,
      authorId: caller?.id ?? null,
      content: { type: 'ring', callId, callees },
    };
  }

  /**
   * Rings that go on as far as the rows know, though their call has ended: whoever knew better died with it. Who was in
   * the call after the ring began has answered it.
   */
  async forgotten(): Promise<RingsNote[]> {
    const rows = await this.db.query<Omit<RingsNote, 'at'>[]>(
      `SELECT c.room_id AS "roomId", c.id AS "callId", r.id AS "ringId", r.caller_id AS "callerId",
              jsonb_agg(jsonb_build_object('calleeId', r.callee_id, 'status', CASE WHEN EXISTS (
                SELECT FROM call_participants p WHERE p.call_id = c.id AND p.user_id = r.callee_id
                  AND (p.left_at IS NULL OR p.left_at >= r.started_at)
              ) THEN 'accepted' ELSE 'missed' END)) AS rings
       FROM rings r JOIN calls c ON c.id = r.call_id
       WHERE r.status = 'ringing' AND c.ended_at < now() - interval '${FORGOTTEN_AFTER}'
       GROUP BY c.id, r.id, r.caller_id`,
    );
    return rows.map((row) => ({ ...row, at: Date.now() }));
  }
}
