import { Injectable } from '@nestjs/common';
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
import {
  type Door,
  isActionAllowed,
  isRoomActionAllowed,
  type Role,
  type RoomAction,
  type RoomKind,
  type Visibility,
} from '@webcall/domain';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { lockUserRow } from '../platform/access/lock-user-row';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Quotas } from '../platform/access/quotas';
import { sqlStatement } from '../platform/database/sql-statement';
import { bool, integer, nullable, text, textOf, uuid, uuidArray, uuidsParameter } from '../platform/database/sql-types';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { RoomCalls, type RoomMemberships } from '../platform/ports';
import { RoomViews } from './core/room-views';
import { Room } from './core/room.entity';
import { revokeExcessInvitations } from './invitations/invitation-grants';
import { OPEN_ROOM_ACTIONS } from './member-may-sql';
import { MemberArrivals } from './members/member-arrivals';
import { MemberDepartures } from './members/member-departures';
import { Member } from './members/member.entity';
import type { Membership, MemberStanding } from './membership';

const FIND_MEMBERSHIP = sqlStatement({
  takes: [uuid, uuid],
  gives: {
    roomId: uuid,
    userId: uuid,
    userName: nullable(text),
    role: nullable(textOf<Role>()),
    readSeq: nullable(integer),
    name: text,
    visibility: textOf<Visibility>(),
    kind: textOf<RoomKind>(),
    door: textOf<Door>(),
    closed: bool,
    lastSeq: integer,
    revision: integer,
  },
  sql: `SELECT r.id AS "roomId", $2::uuid AS "userId", u.username AS "userName", m.role, m.read_seq AS "readSeq",
           r.name, r.visibility, r.kind, r.door, r.closed, r.last_seq AS "lastSeq", r.revision
    FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $2 LEFT JOIN users u ON u.id = m.user_id
    WHERE r.id = $1`,
});

const LIST_MEMBER_IDS = sqlStatement({
  takes: [uuid],
  gives: { userId: uuid },
  sql: 'SELECT user_id AS "userId" FROM members WHERE room_id = $1',
});

const LIST_ROOM_IDS = sqlStatement({
  takes: [uuidsParameter],
  gives: { userId: uuid, roomIds: uuidArray },
  sql: `SELECT user_id AS "userId", array_agg(room_id) AS "roomIds" FROM members
    WHERE user_id = ANY ($1::uuid[]) GROUP BY user_id`,
});

const LOAD_STANDINGS = sqlStatement({
  takes: [uuid, uuidsParameter],
  gives: { userId: uuid, role: textOf<Role>(), name: text, door: textOf<Door>() },
  sql: `SELECT m.user_id AS "userId", m.role, u.username AS name, r.door
    FROM rooms r JOIN members m ON m.room_id = r.id JOIN users u ON u.id = m.user_id
    WHERE r.id = $1 AND NOT r.closed AND m.user_id = ANY($2)`,
});

/** Checks what users may do in rooms, and loads and changes rooms; the entry point for all other features. */
@Injectable()
export class RoomsService implements RoomMemberships {
  constructor(
    private readonly db: DataSource,
    private readonly views: RoomViews,
    private readonly arrivals: MemberArrivals,
    private readonly departures: MemberDepartures,
    private readonly events: EventBus,
    private readonly calls: RoomCalls,
    private readonly quotas: Quotas,
  ) {}

  /**
   * The access check for everything that happens in a room.
   * @param manager of the transaction that the check belongs to
   * @throws AppError room_not_found, also for a private room that the user is not in; forbidden, with `details.room`
   * for a public room that the user is not in
   */
  async requireMember(
    who: Principal,
    roomId: string,
    action: RoomAction,
    manager: EntityManager = this.db.manager,
  ): Promise<Membership> {
    const row = await FIND_MEMBERSHIP.findRow(manager, roomId, who.userId);
    if (!row) throw new AppError('room_not_found');
    const { role, userName, readSeq } = row;
    if (role === null || userName === null || readSeq === null) {
      if (row.visibility === 'private' || who.guest) throw new AppError('room_not_found');
      throw new AppError('forbidden', { room: await this.views.loadVisitedRoomView(roomId, who.userId, manager) });
    }
    if (!isRoomActionAllowed({ ...row, role }, action)) throw new AppError('forbidden');
    if (row.closed && OPEN_ROOM_ACTIONS.has(action)) throw new AppError('not_contacts');
    return { ...row, role, userName, readSeq };
  }

  /**
   * The room as the user sees it. Each device asks for it when it comes back, so the statement that loads it is also
   * the access check, which is made again only to say what is refused.
   */
  async loadRoomForMember(who: Principal, roomId: string): Promise<RoomDto> {
    const room = await this.views.findRoomView(who.userId, roomId);
    if (room && isRoomActionAllowed(room, 'room:read')) return room;
    await this.requireMember(who, roomId, 'room:read');
    return this.views.loadRoomView(who.userId, roomId);
  }

  async listMemberIds(roomId: string): Promise<string[]> {
    const rows = await LIST_MEMBER_IDS.loadRows(this.db, roomId);
    return rows.map((row) => row.userId);
  }

  async listRoomIdsOfUser(userId: string): Promise<string[]> {
    return (await this.loadRoomIdsByUser([userId])).get(userId) ?? [];
  }

  async loadRoomIdsByUser(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await LIST_ROOM_IDS.loadRows(this.db, userIds);
    return new Map(rows.map((row) => [row.userId, row.roomIds]));
  }

  /** Changes a setting of the user alone, so only their own devices are notified. */
  async setRoomDoNotDisturb(who: Principal, roomId: string, { doNotDisturb }: ChangeMembershipDto): Promise<RoomDto> {
    const { userId } = await this.requireMember(who, roomId, 'room:read');
    if (typeof doNotDisturb !== 'boolean') throw new AppError('invalid_input');
    await this.events.runStatement(['membership.changed'], async (manager) => {
      await manager.update(Member, { roomId, userId }, { doNotDisturb });
      await this.events.publishEvent(manager, 'membership.changed', { roomId, userId });
    });
    return this.views.loadRoomView(userId, roomId);
  }

  /** @returns the door of the room and its members among the given users; a closed room counts as locked and empty */
  async loadMemberStandings(
    roomId: string,
    userIds: readonly string[],
  ): Promise<{ door: Door; members: Map<string, MemberStanding> }> {
    const rows = await LOAD_STANDINGS.loadRows(this.db, roomId, userIds);
    const members = new Map(rows.map(({ userId, role, name }) => [userId, { role, name }]));
    return { door: rows[0]?.door ?? 'locked', members };
  }

  /** The rooms that the user is in, the latest activity first. */
  loadRoomPage(who: Principal, query: PageQueryDto): Promise<RoomsDto> {
    return this.views.loadRoomViewPage(who.userId, query);
  }

  async browsePublicRooms(who: Principal, query: BrowseRoomsDto): Promise<PublicRoomsDto> {
    requireAccount(who);
    return this.views.queryPublicRoomPage(who.userId, query);
  }

  async createGroupRoom(who: Principal, { name, visibility }: CreateRoomDto): Promise<RoomDto> {
    requireAccount(who);
    const roomId = await this.events.runTransaction(async (manager) => {
      await this.quotas.requireCountedQuota('rooms', () => lockAndCountCreatedRooms(manager, who.userId));
      const room = manager.create(Room, { kind: 'group', name: name.trim(), visibility, createdBy: who.userId });
      await manager.insert(Room, room);
      await manager.insert(Member, { roomId: room.id, userId: who.userId, role: 'owner' });
      await this.events.publishEvent(manager, 'member.joined', { roomId: room.id, userId: who.userId });
      return room.id;
    });
    return this.views.loadRoomView(who.userId, roomId);
  }

  async changeRoomSettings(who: Principal, roomId: string, settings: ChangeRoomDto): Promise<RoomDto> {
    const { name, visibility, door } = settings;
    await this.requireMayChangeSettings(who, roomId, settings);
    // A user removed from the call could otherwise let themselves or others back in.
    if (door !== undefined && (await this.calls.isBarredFromCall(roomId, who.userId)))
      throw new AppError('removed_from_call');
    const change = {
      ...(name !== undefined && { name: name.trim() }),
      ...(visibility !== undefined && { visibility }),
      ...(door !== undefined && { door }),
    };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      // Before the lock, another request may have changed the role of the user.
      await this.requireMayChangeSettings(who, roomId, settings, manager);
      // Whoever finds a public room can join it, and nobody in it would have let them in.
      if (visibility === 'public' && (await manager.existsBy(Room, { id: roomId, encryptedFrom: Not(IsNull()) })))
        throw new AppError('room_encrypted');
      await manager.update(Room, { id: roomId }, change);
      // In a private room plain members invite nobody.
      if (visibility !== undefined) await revokeExcessInvitations(manager, roomId);
      const room = await manager.findOneBy(Room, { id: roomId });
      if (!room) throw new AppError('room_not_found');
      await this.events.publishEvent(manager, 'room.changed', {
        roomId,
        change: { type: 'updated', name: room.name, visibility: room.visibility, door: room.door, closed: room.closed },
      });
      if (door !== undefined) await this.events.publishEvent(manager, 'room.door-changed', { roomId });
    });
    return this.views.loadRoomView(who.userId, roomId);
  }

  /** Deletes the room with everything in it, including its guests, who have no account. */
  async deleteOwnedRoom(who: Principal, roomId: string): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      await this.requireMember(who, roomId, 'room:delete', manager);
      await this.departures.deleteRoomAndGuests(manager, roomId);
    });
  }

  /** Joins a public room; does nothing if the user is in it already. */
  async enterPublicRoom(who: Principal, roomId: string): Promise<RoomDto> {
    requireAccount(who);
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      if (await manager.existsBy(Room, { id: roomId, visibility: 'public' }))
        await this.arrivals.createMembership(manager, roomId, who.userId, 'member');
    });
    return this.views.loadRoomView(who.userId, roomId);
  }

  /** @throws AppError as `requireMember` does; forbidden if the user may not change one of the settings */
  private async requireMayChangeSettings(
    who: Principal,
    roomId: string,
    { name, visibility, door }: ChangeRoomDto,
    manager?: EntityManager,
  ): Promise<void> {
    const { role } = await this.requireMember(who, roomId, 'room:read', manager);
    if (name !== undefined && !isActionAllowed(role, 'room:rename')) throw new AppError('forbidden');
    if (visibility !== undefined && !isActionAllowed(role, 'room:set-visibility')) throw new AppError('forbidden');
    if (door !== undefined && !isActionAllowed(role, 'call:moderate')) throw new AppError('forbidden');
  }
}

/** Counts the rooms that a user has created; the lock keeps the number until the transaction ends. */
async function lockAndCountCreatedRooms(manager: EntityManager, userId: string): Promise<number> {
  await lockUserRow(manager, userId);
  return manager.countBy(Room, { createdBy: userId });
}
