import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type BrowseRoomsDto,
  type PageQueryDto,
  type PublicRoomDto,
  type PublicRoomsDto,
  type RoomDto,
  type RoomsDto,
  type MessageContent,
} from '@webcall/contracts';
import { AppError } from '../../platform/http/app-error';
import { MOMENT_KEYS, momentKey, momentOf, pageOf, pageStart } from '../../platform/http/page';
import { RoomCalls } from '../../platform/live/room-calls';
import { withCurrentNames } from '../../users/current-names';

/** How much of the last message a list of rooms shows. */
const TEASER_LENGTH = 140;

interface RoomRow extends Omit<RoomDto, 'unread' | 'lastMessage' | 'activeAt' | 'callSize' | 'createdAt'> {
  activeAt: Date;
  createdAt: Date;
  lastContent: MessageContent | null;
  lastSentAt: Date | null;
  lastAuthorId: string | null;
  lastAuthor: string | null;
  /** When something last happened, in µs: the order of the pages. */
  key: string;
}

/** Rooms as they are shown: to their members, and to everybody who looks for a public one. One query each. */
@Injectable()
export class RoomViews {
  constructor(
    private readonly db: DataSource,
    private readonly calls: RoomCalls,
  ) {}

  /**
   * The rooms that a user is in, the latest activity first. Activity only grows: a room in which something happens while
   * somebody pages goes to the front, past the cursor, so no page repeats it, and a later one may lack it. Its members
   * hear of that message, and whoever hears of a room that no page had asks again, as the web client does.
   */
  async roomsOf(userId: string, query: PageQueryDto): Promise<RoomsDto> {
    const { after, limit } = pageStart(query, MOMENT_KEYS);
    // What is shown of a room is looked up for those of the page alone.
    const found = await this.read(
      `m.user_id = $1 AND m.room_id IN (
         SELECT r.id FROM members m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = $1 AND ($2::bigint IS NULL OR (r.active_at, r.id) < (${momentOf('$2')}, $3::uuid))
         ORDER BY r.active_at DESC, r.id DESC LIMIT $4)`,
      [userId, after.key, after.id, limit + 1],
    );
    const { rows, next } = pageOf(found, limit, ({ key, id }) => ({ key, id }));
    return { rooms: await this.shown(rows), next };
  }

  /** @throws AppError room_not_found when the user is not in it */
  async roomOf(userId: string, roomId: string): Promise<RoomDto> {
    const [room] = await this.shown(await this.read('m.user_id = $1 AND m.room_id = $2', [userId, roomId]));
    if (!room) throw new AppError('room_not_found');
    return room;
  }

  /** A room as somebody outside sees it. It has to be public: the caller checks that. */
  async publicRoom(roomId: string, manager: EntityManager): Promise<PublicRoomDto> {
    const [room] = await manager.query<PublicRoomDto[]>(
      `SELECT id, name, false AS joined, (SELECT count(*)::int FROM members m WHERE m.room_id = r.id) AS "memberCount"
       FROM rooms r WHERE id = $1`,
      [roomId],
    );
    if (!room) throw new AppError('room_not_found');
    return room;
  }

  /** Public rooms by name, a page at a time. */
  async browse(userId: string, query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    const { after, limit } = pageStart(query);
    const found = await this.db.query<(PublicRoomDto & { key: string })[]>(
      `SELECT r.id, r.name, lower(r.name) AS key,
              EXISTS (SELECT FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined,
              (SELECT count(*)::int FROM members m WHERE m.room_id = r.id) AS "memberCount"
       FROM rooms r
       WHERE r.visibility = 'public'
         AND ($2::text IS NULL OR strpos(lower(r.name), lower($2)) > 0)
         AND ($3::text IS NULL OR (lower(r.name), r.id) > ($3, $4::uuid))
       ORDER BY lower(r.name), r.id LIMIT $5`,
      [userId, query.search?.trim() || null, after.key, after.id, limit + 1],
    );
    const { rows, next } = pageOf(found, limit, ({ key, id }) => ({ key, id }));
    return { rooms: rows.map(({ key: _, ...room }) => room), next };
  }

  private read(where: string, parameters: unknown[]): Promise<RoomRow[]> {
    return this.db.query<RoomRow[]>(
      `SELECT r.id, r.kind, r.visibility, r.door, r.closed, m.do_not_disturb AS "doNotDisturb",
              p.id AS "peerId", CASE r.kind WHEN 'direct' THEN coalesce(p.username, '') ELSE r.name END AS name,
              m.role, m.read_seq AS "readSeq", r.last_seq AS "lastSeq", r.revision,
              r.active_at AS "activeAt", ${momentKey('r.active_at')} AS key, r.created_at AS "createdAt",
              (SELECT count(*)::int FROM members c WHERE c.room_id = r.id) AS "memberCount",
              ${withCurrentNames('l.content')} AS "lastContent", l.sent_at AS "lastSentAt",
              l.author_id AS "lastAuthorId", a.username AS "lastAuthor"
       FROM members m JOIN rooms r ON r.id = m.room_id
       LEFT JOIN members o ON r.kind = 'direct' AND o.room_id = r.id AND o.user_id <> m.user_id
       LEFT JOIN users p ON p.id = o.user_id
       LEFT JOIN messages l ON l.room_id = r.id AND l.seq = r.last_seq
       LEFT JOIN users a ON a.id = l.author_id
       WHERE ${where} ORDER BY r.active_at DESC, r.id DESC`,
      parameters,
    );
  }

  private async shown(rows: readonly RoomRow[]): Promise<RoomDto[]> {
    const sizes = await this.calls.callSizes(rows.map((row) => row.id));
    return rows.map((row) => roomDto(row, sizes.get(row.id) ?? 0));
  }
}

function roomDto(
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
        text: lastContent.type === 'text' ? lastContent.text.slice(0, TEASER_LENGTH) : null,
        type: lastContent.type,
        callees: lastContent.type === 'ring' ? lastContent.callees : null,
        sentAt: lastSentAt.toISOString(),
      },
    activeAt: row.activeAt.toISOString(),
    callSize,
    createdAt: row.createdAt.toISOString(),
  };
}
