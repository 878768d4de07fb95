import { Injectable } from '@nestjs/common';
import type { CallHistoryDto, PageQueryDto, PastCallDto } from '@webcall/contracts';
import type { RoomKind } from '@webcall/domain';
import { DataSource } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import {
  bigintParameter,
  bool,
  double,
  json,
  nullable,
  text,
  textOf,
  timestamp,
  uuid,
} from '../../platform/database/sql-types';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../../platform/http/page';
import { CALL_DURATION_SQL } from './call-records';

const LIST_PAST_CALLS = sqlStatement({
  takes: [uuid, nullable(bigintParameter), nullable(uuid), bigintParameter],
  gives: {
    callId: uuid,
    roomId: uuid,
    kind: textOf<RoomKind>(),
    peerId: nullable(uuid),
    roomName: text,
    part: textOf<PastCallDto['part']>(),
    rung: bool,
    answer: nullable(textOf<NonNullable<PastCallDto['answer']>>()),
    startedAt: timestamp,
    endedAt: nullable(timestamp),
    durationMs: double,
    people: json<string[]>(),
    key: text,
  },
  sql: `SELECT c.id AS "callId", c.room_id AS "roomId", r.kind, p.id AS "peerId",
           CASE r.kind WHEN 'direct' THEN coalesce(p.username, '') ELSE r.name END AS "roomName",
           CASE WHEN c.started_by = $1 THEN 'started' WHEN mine.came THEN 'joined'
                WHEN rung.status = 'declined' THEN 'declined' ELSE 'missed' END AS part,
           mine.came AND coalesce(rung.status = 'accepted', false) AS rung, answer.status AS answer, c.started_at AS "startedAt", c.ended_at AS "endedAt",
           ${CALL_DURATION_SQL} AS "durationMs",
           others.people, ${timestampKeySql('c.started_at')} AS key
    FROM members m JOIN rooms r ON r.id = m.room_id JOIN calls c ON c.room_id = r.id
    LEFT JOIN members o ON r.kind = 'direct' AND o.room_id = r.id AND o.user_id <> m.user_id
    LEFT JOIN users p ON p.id = o.user_id
    CROSS JOIN LATERAL (
      SELECT EXISTS (SELECT FROM call_participants WHERE call_id = c.id AND user_id = $1) AS came
    ) mine
    LEFT JOIN LATERAL (
      SELECT status FROM rings WHERE call_id = c.id AND callee_id = $1 AND status <> 'ringing'
      ORDER BY started_at DESC, id LIMIT 1
    ) rung ON true
    LEFT JOIN LATERAL (
      SELECT status FROM rings WHERE call_id = c.id AND caller_id = c.started_by AND status <> 'ringing'
      ORDER BY started_at DESC, id LIMIT 1
    ) answer ON r.kind = 'direct'
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(name ORDER BY first), '[]') AS people FROM (
        SELECT u.username AS name, min(x.joined_at) AS first
        FROM call_participants x JOIN users u ON u.id = x.user_id
        WHERE x.call_id = c.id AND x.user_id <> $1 GROUP BY u.id
      ) came
    ) others
    WHERE m.user_id = $1 AND (c.started_by = $1 OR mine.came OR rung.status IS NOT NULL)
      AND ($2::bigint IS NULL OR (c.started_at, c.id) < (${timestampFromKeySql('$2')}, $3::uuid))
    ORDER BY c.started_at DESC, c.id DESC LIMIT $4`,
});

/** Lists the calls that a user started, joined or was rung for, in the rooms where they are still a member. */
@Injectable()
export class CallHistory {
  constructor(private readonly db: DataSource) {}

  async loadCallHistoryPage(who: Principal, query: PageQueryDto): Promise<CallHistoryDto> {
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const found = await LIST_PAST_CALLS.loadRows(this.db, who.userId, after.key, after.id, limit + 1);
    const { rows, next } = buildResultPage(found, limit, ({ key, callId }) => ({ key, id: callId }));
    return { calls: rows.map(toPastCallDto), next };
  }
}

function toPastCallDto({ startedAt, endedAt, key: _, ...row }: StatementRow<typeof LIST_PAST_CALLS>): PastCallDto {
  return { ...row, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
