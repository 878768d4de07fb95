import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type {
  BrowseRoomsDto,
  ChangeMembershipDto,
  ChangeRoomDto,
  CreateRoomDto,
  PageQueryDto,
  PublicRoomsDto,
  RoomDto,
  RoomsDto,
} from '@webcall/contracts';
import { type Door, isActionOf, may, type Role, type RoomAction } from '@webcall/domain';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Quotas } from '../platform/access/quotas';
import { lockUser } from '../platform/access/user-lock';
import { AppError } from '../platform/http/app-error';
import { RoomCalls } from '../platform/live/room-calls';
import type { RoomMemberships } from '../platform/realtime/room-memberships';
import { Announcements } from './core/announcements';
import { Arrivals } from './members/arrivals';
import { Departures } from './members/departures';
import { Member } from './members/member.entity';
import type { Membership, Standing } from './membership';
import { RoomViews } from './core/room-views';
import { Room } from './core/room.entity';

/** What the two of a direct room do only while they are contacts. One reads all the same, and deletes one's messages. */
const NEEDS_CONTACT = new Set<RoomAction>(['message:post', 'message:edit-own', 'call:join', 'call:ring']);

/** Who may do what in which room, and rooms themselves: the way into rooms for all other features. */
@Injectable()
export class RoomsService implements RoomMemberships {
  constructor(
    private readonly db: DataSource,
    private readonly views: RoomViews,
    private readonly arrivals: Arrivals,
    private readonly departures: Departures,
    private readonly announcements: Announcements,
    private readonly calls: RoomCalls,
    private readonly quotas: Quotas,
  ) {}

  /**
   * The access check of everything that happens in a room.
   * @param manager of the transaction that the check belongs to
   * @throws AppError room_not_found, also for a private room of others; forbidden, with `details.room` for a public
   * room that the user is not in yet
   */
  async requireMember(
    who: Principal,
    roomId: string,
    action: RoomAction,
    manager: EntityManager = this.db.manager,
  ): Promise<Membership> {
    const [row] = await manager.query<(Omit<Membership, 'role'> & { role: Role | null })[]>(
      `SELECT r.id AS "roomId", $2::uuid AS "userId", u.username AS "userName", m.role, m.read_seq AS "readSeq", r.name, r.visibility,
              r.kind, r.door, r.closed, r.last_seq AS "lastSeq", r.revision
       FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $2 LEFT JOIN users u ON u.id = m.user_id
       WHERE r.id = $1`,
      [roomId, who.userId],
    );
    if (!row) throw new AppError('room_not_found');
    const { role } = row;
    if (!role) {
      if (row.visibility === 'private' || who.guest) throw new AppError('room_not_found');
      throw new AppError('forbidden', { room: await this.views.publicRoom(roomId, manager) });
    }
    if (!may(role, action) || !isActionOf(row.kind, action)) throw new AppError('forbidden');
    if (row.closed && NEEDS_CONTACT.has(action)) throw new AppError('not_contacts');
    return { ...row, role };
  }

  /** The room as the user sees it. */
  async roomFor(who: Principal, roomId: string): Promise<RoomDto> {
    await this.requireMember(who, roomId, 'room:read');
    return this.views.roomOf(who.userId, roomId);
  }

  async memberIds(roomId: string): Promise<string[]> {
    const rows = await this.db.query<{ user_id: string }[]>('SELECT user_id FROM members WHERE room_id = $1', [roomId]);
    return rows.map((row) => row.user_id);
  }

  async roomIds(userId: string): Promise<string[]> {
    return (await this.roomIdsOf([userId])).get(userId) ?? [];
  }

  async roomIdsOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.db.query<{ userId: string; roomIds: string[] }[]>(
      `SELECT user_id AS "userId", array_agg(room_id) AS "roomIds" FROM members
       WHERE user_id = ANY ($1::uuid[]) GROUP BY user_id`,
      [userIds],
    );
    return new Map(rows.map((row) => [row.userId, row.roomIds]));
  }

  /** What the room is to the user alone; all of their devices hear it, and nobody else's. */
  async changeMembership(who: Principal, roomId: string, { doNotDisturb }: ChangeMembershipDto): Promise<RoomDto> {
    const { userId } = await this.requireMember(who, roomId, 'room:read');
    if (typeof doNotDisturb !== 'boolean') throw new AppError('invalid_input');
    await this.db.manager.update(Member, { roomId, userId }, { doNotDisturb });
    return this.announcements.membershipChanged(userId, roomId);
  }

  /** @returns the door of the room, and those of the users who are in it, as they stand; none of one that is closed */
  async standingOf(
    roomId: string,
    userIds: readonly string[],
  ): Promise<{ door: Door; members: Map<string, Standing> }> {
    const rows = await this.db.query<({ userId: string; door: Door } & Standing)[]>(
      `SELECT m.user_id AS "userId", m.role, u.username AS name, r.door
       FROM rooms r JOIN members m ON m.room_id = r.id JOIN users u ON u.id = m.user_id
       WHERE r.id = $1 AND NOT r.closed AND m.user_id = ANY($2)`,
      [roomId, userIds],
    );
    const members = new Map(rows.map(({ userId, role, name }) => [userId, { role, name }]));
    return { door: rows[0]?.door ?? 'locked', members };
  }

  /** The rooms that the user is in, the latest activity first. */
  mine(who: Principal, query: PageQueryDto): Promise<RoomsDto> {
    return this.views.roomsOf(who.userId, query);
  }

  async browse(who: Principal, query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    requireAccount(who);
    return this.views.browse(who.userId, query);
  }

  async create(who: Principal, { name, visibility }: CreateRoomDto): Promise<RoomDto> {
    requireAccount(who);
    const roomId = await this.db.transaction(async (manager) => {
      await this.quotas.requireCounted('rooms', () => roomsMadeBy(manager, who.userId));
      const room = manager.create(Room, { kind: 'group', name: name.trim(), visibility, createdBy: who.userId });
      await manager.insert(Room, room);
      await manager.insert(Member, { roomId: room.id, userId: who.userId, role: 'owner' });
      return room.id;
    });
    await this.announcements.joined(roomId, who.userId);
    return this.views.roomOf(who.userId, roomId);
  }

  async change(who: Principal, roomId: string, { name, visibility, door }: ChangeRoomDto): Promise<RoomDto> {
    const before = await this.requireMember(who, roomId, 'room:read');
    if (name !== undefined && !may(before.role, 'room:rename')) throw new AppError('forbidden');
    if (visibility !== undefined && !may(before.role, 'room:set-visibility')) throw new AppError('forbidden');
    if (door !== undefined && !may(before.role, 'call:moderate')) throw new AppError('forbidden');
    // They would let themselves, or others, past those who have taken them out.
    if (door !== undefined && (await this.calls.isBarred(roomId, who.userId))) throw new AppError('removed_from_call');
    const change = {
      ...(name !== undefined && { name: name.trim() }),
      ...(visibility !== undefined && { visibility }),
      ...(door !== undefined && { door }),
    };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    await this.db.manager.update(Room, { id: roomId }, change);
    const room = await this.views.roomOf(who.userId, roomId);
    const { closed } = room;
    this.announcements.changed(roomId, {
      type: 'updated',
      name: room.name,
      visibility: room.visibility,
      door: room.door,
      closed,
    });
    if (door !== undefined) this.announcements.doorChanged(roomId, door);
    return room;
  }

  /** Everything of it goes, guests included. */
  async delete(who: Principal, roomId: string): Promise<void> {
    const [memberIds, guests] = await this.db.transaction(async (manager) => {
      await this.departures.lock(manager, roomId);
      await this.requireMember(who, roomId, 'room:delete', manager);
      const ids = (await manager.findBy(Member, { roomId })).map((member) => member.userId);
      return [ids, await this.departures.endRoom(manager, roomId)];
    });
    this.announcements.deleted(roomId, memberIds, guests);
  }

  /** Joins a public room; nothing changes for who is in it already. */
  async join(who: Principal, roomId: string): Promise<RoomDto> {
    requireAccount(who);
    const isPublic = await this.db.manager.existsBy(Room, { id: roomId, visibility: 'public' });
    const enter = (manager: EntityManager): Promise<boolean> =>
      this.arrivals.enter(manager, roomId, who.userId, 'member');
    if (isPublic && (await this.db.transaction(enter))) await this.announcements.joined(roomId, who.userId);
    return this.views.roomOf(who.userId, roomId);
  }
}

/** How many rooms there are that a user has made, as it stays until the transaction ends. */
async function roomsMadeBy(manager: EntityManager, userId: string): Promise<number> {
  await lockUser(manager, userId);
  return manager.countBy(Room, { createdBy: userId });
}
