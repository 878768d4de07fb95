import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RoomDto } from '@webcall/contracts';
import { may, type Role, type RoomAction } from '@webcall/domain';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import type { Membership } from './membership';
import { RoomViews } from './room-views';

/** Who may do what in which room, and what a room looks like: the way into rooms for all other features. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly db: DataSource,
    private readonly views: RoomViews,
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
      `SELECT r.id AS "roomId", $2::uuid AS "userId", m.role, m.read_seq AS "readSeq", r.name, r.visibility,
              r.last_seq AS "lastSeq", r.revision
       FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $2 WHERE r.id = $1`,
      [roomId, who.userId],
    );
    if (!row) throw new AppError('room_not_found');
    const { role } = row;
    if (!role) {
      if (row.visibility === 'private' || who.guest) throw new AppError('room_not_found');
      throw new AppError('forbidden', { room: await this.views.publicRoom(roomId) });
    }
    if (!may(role, action)) throw new AppError('forbidden');
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
}
