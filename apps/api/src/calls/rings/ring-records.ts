import { Injectable } from '@nestjs/common';
import type { RingCallee, RingStatus } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { RoomEntries, type RoomEntry } from '../../chat/room-entries';
import { sqlStatement } from '../../platform/database/sql-statement';
import {
  bool,
  double,
  integer,
  json,
  jsonParameter,
  nullable,
  text,
  textOf,
  uuid,
} from '../../platform/database/sql-types';

/** How long after its call's end a ring counts as forgotten; before, the replica that ended it may still write it. */
const FORGOTTEN_AFTER = '2 minutes';

/** Note of the statuses of rings of one attempt, possibly not all of them. */
export interface RingAttemptNote {
  roomId: string;
  callId: string;
  ringId: string;
  /** Null once the account has been deleted. */
  callerId: string | null;
  rings: readonly { calleeId: string; status: RingStatus }[];
  /** When the rings got these statuses, in ms. */
  at: number;
}

/** Callees whose account has been deleted get no row. */
const UPSERT_RINGS = sqlStatement({
  takes: [uuid, uuid, nullable(uuid), double, jsonParameter],
  sql: `INSERT INTO rings (id, call_id, caller_id, callee_id, status, started_at, ended_at)
    SELECT $1, c.id, (SELECT id FROM users WHERE id = $3), u.id, r.status, t.at,
           CASE WHEN r.status <> 'ringing' THEN t.at END
    FROM calls c, to_timestamp($4::float8 / 1000) AS t (at),
         jsonb_to_recordset($5) AS r ("calleeId" uuid, status text) JOIN users u ON u.id = r."calleeId"
    WHERE c.id = $2
    ON CONFLICT (id, callee_id) DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at
      WHERE (rings.status = 'ringing' OR rings.status = 'accepted' AND excluded.status = 'missed')
        AND rings.call_id = excluded.call_id`,
});

const FIND_RING_OF_OTHER_CALL = sqlStatement({
  takes: [uuid, uuid],
  sql: 'SELECT FROM rings WHERE id = $1 AND call_id <> $2 LIMIT 1',
});

const FIND_UNANSWERED_RING = sqlStatement({
  takes: [uuid, uuid, nullable(uuid)],
  gives: { calleeId: uuid, entryId: nullable(uuid), missed: bool },
  sql: `SELECT callee_id AS "calleeId", entry_id AS "entryId", status <> 'declined' AS missed FROM rings
    WHERE id = $1 AND call_id = $2 AND caller_id IS NOT DISTINCT FROM (SELECT id FROM users WHERE id = $3)
      AND status IN ('declined', 'cancelled', 'missed')
    ORDER BY entry_id NULLS LAST LIMIT 1`,
});

const ASSIGN_ENTRY = sqlStatement({
  takes: [uuid, uuid, nullable(uuid), uuid],
  sql: `UPDATE rings SET entry_id = $4 WHERE id = $1 AND call_id = $2 AND entry_id IS NULL
    AND caller_id IS NOT DISTINCT FROM (SELECT id FROM users WHERE id = $3)`,
});

/** Locks the member's row, so that reading the entry at this moment counts either before or after the change. */
const FIND_UNREAD_ENTRY = sqlStatement({
  takes: [uuid, nullable(uuid), uuid],
  gives: { id: uuid },
  sql: `SELECT e.id FROM rooms r JOIN messages e ON e.room_id = r.id AND e.seq = r.last_seq
    JOIN members m ON m.room_id = r.id AND m.user_id = $3
    WHERE r.id = $1 AND r.kind = 'direct' AND e.author_id = $2 AND m.read_seq < e.seq
      AND EXISTS (SELECT FROM rings WHERE entry_id = e.id AND status IN ('cancelled', 'missed'))
    FOR UPDATE OF m`,
});

const LOAD_ENTRY_CALLEES = sqlStatement({
  takes: [uuid],
  gives: {
    callId: uuid,
    authorId: nullable(uuid),
    userId: uuid,
    name: text,
    status: textOf<RingCallee['status']>(),
    times: integer,
  },
  sql: `SELECT r.call_id AS "callId", r.caller_id AS "authorId", u.id AS "userId", u.username AS name, r.status, (
      SELECT count(DISTINCT all_of.id)::int FROM rings all_of WHERE all_of.entry_id = $1
    ) AS times
    FROM rings r JOIN users u ON u.id = r.callee_id
    WHERE r.entry_id = $1 AND r.status IN ('declined', 'cancelled', 'missed')
      AND r.id = (SELECT last.id FROM rings last WHERE last.entry_id = $1 ORDER BY last.started_at DESC, last.id DESC LIMIT 1)
    ORDER BY r.ended_at, u.username`,
});

const LIST_FORGOTTEN_RINGS = sqlStatement({
  takes: [],
  gives: {
    roomId: uuid,
    callId: uuid,
    ringId: uuid,
    callerId: nullable(uuid),
    rings: json<RingAttemptNote['rings']>(),
  },
  sql: `SELECT c.room_id AS "roomId", c.id AS "callId", r.id AS "ringId", r.caller_id AS "callerId",
           jsonb_agg(jsonb_build_object('calleeId', r.callee_id, 'status', CASE WHEN EXISTS (
             SELECT FROM call_participants p WHERE p.call_id = c.id AND p.user_id = r.callee_id
               AND (p.left_at IS NULL OR p.left_at >= r.started_at)
           ) THEN 'accepted' ELSE 'missed' END)) AS rings
    FROM rings r JOIN calls c ON c.id = r.call_id
    WHERE r.status = 'ringing' AND c.ended_at < now() - interval '${FORGOTTEN_AFTER}'
    GROUP BY c.id, r.id, r.caller_id`,
});

/**
 * The rows of rings. As with calls, each statement can be repeated, and an end that was written stays, except that an
 * accepted ring may still become missed.
 */
@Injectable()
export class RingRecords {
  constructor(
    private readonly db: DataSource,
    private readonly entries: RoomEntries,
  ) {}

  async upsertRingRows(tx: EntityManager, { ringId, callId, callerId, rings, at }: RingAttemptNote): Promise<void> {
    await UPSERT_RINGS.execute(tx, ringId, callId, callerId, at, JSON.stringify(rings));
  }

  /** @returns whether rings of another call have this id, which has to be unique for rows and entries */
  async isRingOfAnotherCall(ringId: string, callId: string): Promise<boolean> {
    return (await FIND_RING_OF_OTHER_CALL.findRow(this.db, ringId, callId)) !== undefined;
  }

  /**
   * The room's entry about an attempt: the callees whom it has not reached so far; none while all rings go on or were
   * accepted. In a direct room, attempts that are missed in a row while the entry is unread are counted by one entry.
   */
  async buildRingEntry(tx: EntityManager, note: RingAttemptNote): Promise<RoomEntry | undefined> {
    const { roomId, ringId, callId, callerId } = note;
    const own = await FIND_UNANSWERED_RING.findRow(tx, ringId, callId, callerId);
    if (!own) return undefined;
    const id =
      own.entryId ??
      (own.missed ? await this.findUnreadRingEntry(tx, roomId, callerId, own.calleeId) : undefined) ??
      this.entries.deriveEntryId(roomId, 'ring', `${callId} ${ringId} ${callerId}`);
    // In the transaction of the entry, so that writing the note again finds the ring already counted.
    await ASSIGN_ENTRY.execute(tx, ringId, callId, callerId, id);
    const entry = await this.loadRingEntryContent(tx, id);
    return entry && { id, ...entry };
  }

  /**
   * The entry about rings that the callee missed before, if it is the room's last message and they have not read it.
   */
  private async findUnreadRingEntry(
    tx: EntityManager,
    roomId: string,
    callerId: string | null,
    calleeId: string,
  ): Promise<string | undefined> {
    return (await FIND_UNREAD_ENTRY.findRow(tx, roomId, callerId, calleeId))?.id;
  }

  /**
   * The last attempt of an entry and the number of its attempts; nothing if the accounts of its callees are deleted.
   */
  private async loadRingEntryContent(tx: EntityManager, id: string): Promise<Omit<RoomEntry, 'id'> | undefined> {
    const rows = await LOAD_ENTRY_CALLEES.loadRows(tx, id);
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
   * Rings that are still ringing in their rows although their call has ended: the replica that should have written
   * their end died. A callee who was in the call after the ring began counts as having accepted it.
   */
  async listForgottenRings(): Promise<RingAttemptNote[]> {
    return (await LIST_FORGOTTEN_RINGS.loadRows(this.db)).map((row) => ({ ...row, at: Date.now() }));
  }
}
