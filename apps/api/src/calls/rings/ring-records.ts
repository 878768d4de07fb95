import { Injectable } from '@nestjs/common';
import type { RingCallee } from '@webcall/contracts';
import type { RingStatus } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { Entries, type Entry } from '../../chat/entries';

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
  constructor(
    private readonly db: DataSource,
    private readonly entries: Entries,
  ) {}

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

  /**
   * What the room is told of an attempt: whom it has not reached so far. Nothing while it rings or was accepted. What the
   * other user of a direct room has missed again, and again not read of, is counted by one entry.
   */
  async entry(tx: EntityManager, note: RingsNote): Promise<Entry | undefined> {
    const { roomId, ringId, callId, callerId } = note;
    const [own] = await tx.query<{ calleeId: string; entryId: string | null; missed: boolean }[]>(
      `SELECT callee_id AS "calleeId", entry_id AS "entryId", status <> 'declined' AS missed FROM rings
       WHERE id = $1 AND call_id = $2 AND caller_id IS NOT DISTINCT FROM (SELECT id FROM users WHERE id = $3)
         AND status IN ('declined', 'cancelled', 'missed')
       ORDER BY entry_id NULLS LAST LIMIT 1`,
      [ringId, callId, callerId],
    );
    if (!own) return undefined;
    const id =
      own.entryId ??
      (own.missed ? await this.unreadEntry(tx, roomId, callerId, own.calleeId) : undefined) ??
      this.entries.idOf(roomId, 'ring', `${callId} ${ringId} ${callerId}`);
    // Written with the entry: a note that is written again finds the ring counted.
    await tx.query(
      `UPDATE rings SET entry_id = $4 WHERE id = $1 AND call_id = $2 AND entry_id IS NULL
         AND caller_id IS NOT DISTINCT FROM (SELECT id FROM users WHERE id = $3)`,
      [ringId, callId, callerId, id],
    );
    const told = await this.toldBy(tx, id);
    return told && { id, ...told };
  }

  /** The entry of what the callee has missed before, if nothing has come after it and they have not read it. */
  private async unreadEntry(
    tx: EntityManager,
    roomId: string,
    callerId: string,
    calleeId: string,
  ): Promise<string | undefined> {
    // The member's row is locked: whoever reads it in this moment has read it before or reads it with the change.
    const [row] = await tx.query<{ id: string }[]>(
      `SELECT e.id FROM rooms r JOIN messages e ON e.room_id = r.id AND e.seq = r.last_seq
       JOIN members m ON m.room_id = r.id AND m.user_id = $3
       WHERE r.id = $1 AND r.kind = 'direct' AND e.author_id = $2 AND m.read_seq < e.seq
         AND EXISTS (SELECT FROM rings WHERE entry_id = e.id AND status IN ('cancelled', 'missed'))
       FOR UPDATE OF m`,
      [roomId, callerId, calleeId],
    );
    return row?.id;
  }

  /** What the rings of an entry come to: the last attempt, and how many there were; nothing when its people have gone. */
  private async toldBy(tx: EntityManager, id: string): Promise<Omit<Entry, 'id'> | undefined> {
    const rows = await tx.query<(Omit<RingCallee, 'times'> & { callId: string; authorId: string; times: number })[]>(
      `SELECT r.call_id AS "callId", r.caller_id AS "authorId", u.id AS "userId", u.username AS name, r.status, (
         SELECT count(DISTINCT all_of.id)::int FROM rings all_of WHERE all_of.entry_id = $1
       ) AS times
       FROM rings r JOIN users u ON u.id = r.callee_id
       WHERE r.entry_id = $1 AND r.status IN ('declined', 'cancelled', 'missed')
         AND r.id = (SELECT last.id FROM rings last WHERE last.entry_id = $1 ORDER BY last.started_at DESC, last.id DESC LIMIT 1)
       ORDER BY r.ended_at, u.username`,
      [id],
    );
    if (!rows[0]) return undefined;
    const { callId, authorId } = rows[0];
    const callees = rows.map(({ userId, name, status, times }) => ({
      userId,
      name,
      status,
      ...(times > 1 && { times }),
    }));
    return { authorId, content: { type: 'ring', callId, callees } };
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
