import { Injectable } from '@nestjs/common';
import {
  type BrowseRoomsDto,
  type PageQueryDto,
  type PublicRoomsDto,
  type RoomDto,
  type RoomsDto,
  type VisitedRoomDto,
} from '@webcall/contracts';
import {
  type Door,
  type MessageContent,
  messagePreviewOf,
  type Role,
  type RoomKind,
  type Visibility,
} from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import {
  bigintParameter,
  bool,
  integer,
  json,
  nullable,
  text,
  textOf,
  timestamp,
  uuid,
} from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../../platform/http/page';
import { RoomCalls } from '../../platform/ports';
import { withCurrentNames } from '../../users/current-names';

const ROOM_COLUMNS = {
  id: uuid,
  kind: textOf<RoomKind>(),
  visibility: textOf<Visibility>(),
  door: textOf<Door>(),
  closed: bool,
  doNotDisturb: bool,
  peerId: nullable(uuid),
  name: text,
  role: textOf<Role>(),
  readSeq: integer,
  lastSeq: integer,
  revision: integer,
  activeAt: timestamp,
  key: text,
  createdAt: timestamp,
  memberCount: integer,
  memberChanges: integer,
  lastContent: nullable(json<MessageContent>()),
  lastSentAt: nullable(timestamp),
  lastAuthorId: nullable(uuid),
  lastAuthor: nullable(text),
};
/** Without LIMIT, PostgreSQL would also read all members of groups. */
const OTHER_OF_DIRECT_ROOM = `SELECT o.user_id FROM members o
  WHERE r.kind = 'direct' AND o.room_id = r.id AND o.user_id <> m.user_id LIMIT 1`;
const SELECT_ROOMS = `SELECT r.id, r.kind, r.visibility, r.door, r.closed, m.do_not_disturb AS "doNotDisturb",
    p.id AS "peerId", CASE r.kind WHEN 'direct' THEN coalesce(p.username, '') ELSE r.name END AS name,
    m.role, m.read_seq AS "readSeq", r.last_seq AS "lastSeq", r.revision,
    r.active_at AS "activeAt", ${timestampKeySql('r.active_at')} AS key, r.created_at AS "createdAt",
    r.member_count AS "memberCount", r.member_changes AS "memberChanges",
    ${withCurrentNames('l.content')} AS "lastContent", l.sent_at AS "lastSentAt",
    l.author_id AS "lastAuthorId", a.username AS "lastAuthor"
  FROM members m JOIN rooms r ON r.id = m.room_id
  LEFT JOIN LATERAL (${OTHER_OF_DIRECT_ROOM}) o ON true
  LEFT JOIN users p ON p.id = o.user_id
  LEFT JOIN messages l ON l.room_id = r.id AND l.seq = r.last_seq
  LEFT JOIN users a ON a.id = l.author_id`;

const FIND_ROOM = sqlStatement({
  takes: [uuid, uuid],
  gives: ROOM_COLUMNS,
  sql: `${SELECT_ROOMS} WHERE m.user_id = $1 AND m.room_id = $2`,
});

/** The subquery selects the page first, so that details are looked up for its rooms only. */
const LIST_ROOMS = sqlStatement({
  takes: [uuid, nullable(bigintParameter), nullable(uuid), bigintParameter],
  gives: ROOM_COLUMNS,
  sql: `${SELECT_ROOMS} WHERE m.user_id = $1 AND m.room_id IN (
      SELECT r.id FROM members m JOIN rooms r ON r.id = m.room_id
      WHERE m.user_id = $1 AND ($2::bigint IS NULL OR (r.active_at, r.id) < (${timestampFromKeySql('$2')}, $3::uuid))
      ORDER BY r.active_at DESC, r.id DESC LIMIT $4)
    ORDER BY r.active_at DESC, r.id DESC`,
});

const FIND_PUBLIC_ROOM = sqlStatement({
  takes: [uuid, uuid],
  gives: {
    id: uuid,
    name: text,
    joined: bool,
    memberCount: integer,
    refusal: nullable(textOf<NonNullable<VisitedRoomDto['refusal']>>()),
  },
  sql: `SELECT id, name, false AS joined, member_count AS "memberCount",
           CASE WHEN EXISTS (SELECT FROM removals x WHERE x.room_id = r.id AND x.user_id = $2) THEN 'removed_from_room'
             WHEN door = 'locked' THEN 'room_locked' END AS refusal
    FROM rooms r WHERE id = $1`,
});

const LIST_PUBLIC_ROOMS = sqlStatement({
  takes: [uuid, nullable(text), nullable(text), nullable(uuid), bigintParameter],
  gives: { id: uuid, name: text, key: text, joined: bool, memberCount: integer },
  sql: `SELECT r.id, r.name, lower(r.name) AS key,
           EXISTS (SELECT FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined,
           r.member_count AS "memberCount"
    FROM rooms r
    WHERE r.visibility = 'public'
      AND ($2::text IS NULL OR strpos(lower(r.name), lower($2)) > 0)
      AND ($3::text IS NULL OR (lower(r.name), r.id) > ($3, $4::uuid))
    ORDER BY lower(r.name), r.id LIMIT $5`,
});

type RoomRow = StatementRow<typeof FIND_ROOM>;

/** Loads rooms as DTOs: for their members, and for users who look for a public room. One query each. */
@Injectable()
export class RoomViews {
  constructor(
    private readonly db: DataSource,
    private readonly calls: RoomCalls,
  ) {}

  /**
   * The rooms that a user is in, the latest activity first. A room with activity during paging moves to the front, past
   * the cursor: no page repeats it, but a later page may lack it. Members are notified of that message, so a client
   * that gets one for a room that no page contained loads the list again, as the web client does.
   */
  async loadRoomViewPage(userId: string, query: PageQueryDto): Promise<RoomsDto> {
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const found = await LIST_ROOMS.loadRows(this.db, userId, after.key, after.id, limit + 1);
    const { rows, next } = buildResultPage(found, limit, ({ key, id }) => ({ key, id }));
    return { rooms: await this.toRoomDtos(rows), next };
  }

  /** @returns undefined when the user is not in it */
  async findRoomView(userId: string, roomId: string): Promise<RoomDto | undefined> {
    const [room] = await this.toRoomDtos(await FIND_ROOM.loadRows(this.db, userId, roomId));
    return room;
  }

  /** @throws AppError room_not_found when the user is not in it */
  async loadRoomView(userId: string, roomId: string): Promise<RoomDto> {
    const room = await this.findRoomView(userId, roomId);
    if (!room) throw new AppError('room_not_found');
    return room;
  }

  /** A room as a non-member sees it. The caller checks that it is public. */
  async loadVisitedRoomView(roomId: string, userId: string, manager: EntityManager): Promise<VisitedRoomDto> {
    const room = await FIND_PUBLIC_ROOM.findRow(manager, roomId, userId);
    if (!room) throw new AppError('room_not_found');
    return room;
  }

  /** Public rooms by name, a page at a time. */
  async queryPublicRoomPage(userId: string, query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    const { after, limit } = toPageRequest(query);
    const search = query.search?.trim() || null;
    const found = await LIST_PUBLIC_ROOMS.loadRows(this.db, userId, search, after.key, after.id, limit + 1);
    const { rows, next } = buildResultPage(found, limit, ({ key, id }) => ({ key, id }));
    return { rooms: rows.map(({ key: _, ...room }) => room), next };
  }

  private async toRoomDtos(rows: readonly RoomRow[]): Promise<RoomDto[]> {
    const sizes = await this.calls.countParticipantsByRoom(rows.map((row) => row.id));
    return rows.map((row) => toRoomDto(row, sizes.get(row.id) ?? 0));
  }
}

function toRoomDto(
  { lastContent, lastSentAt, lastAuthorId, lastAuthor, key: _, ...row }: RoomRow,
  callSize: number,
): RoomDto {
  return {
    ...row,
    unread: Math.max(0, row.lastSeq - row.readSeq),
    lastMessage: lastContent &&
      lastSentAt && {
        authorId: lastAuthorId,
        authorName: lastAuthor,
        ...messagePreviewOf(lastContent),
        sentAt: lastSentAt.toISOString(),
      },
    activeAt: row.activeAt.toISOString(),
    callSize,
    createdAt: row.createdAt.toISOString(),
  };
}
