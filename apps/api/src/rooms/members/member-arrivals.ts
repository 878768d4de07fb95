import { Injectable } from '@nestjs/common';
import type { Door, Role } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bool, text, textOf, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { MemberDepartures } from './member-departures';
import { Member } from './member.entity';

const LOAD_OBSTACLES = sqlStatement({
  takes: [uuid, uuid],
  gives: { door: textOf<Door>(), removed: bool },
  sql: `SELECT door, EXISTS (SELECT FROM removals WHERE room_id = id AND user_id = $2) AS removed
    FROM rooms WHERE id = $1`,
});

const INSERT_MEMBER = sqlStatement({
  takes: [uuid, uuid, text],
  sql: `INSERT INTO members (room_id, user_id, role, read_seq) SELECT id, $2, $3, last_seq FROM rooms WHERE id = $1`,
});

/** Adds members to rooms, in a transaction of the caller. */
@Injectable()
export class MemberArrivals {
  constructor(
    private readonly departures: MemberDepartures,
    private readonly events: EventBus,
  ) {}

  /**
   * Makes a user a member; does nothing if they already are.
   * @returns whether the user has become a member
   * @throws AppError room_not_found | removed_from_room | room_locked
   */
  async createMembership(manager: EntityManager, roomId: string, userId: string, role: Role): Promise<boolean> {
    // The lock keeps removals and the door unchanged between the check and the insert.
    await this.departures.lockRoom(manager, roomId);
    if (await manager.existsBy(Member, { roomId, userId })) return false;
    const room = await LOAD_OBSTACLES.findRow(manager, roomId, userId);
    if (room?.removed) throw new AppError('removed_from_room');
    if (room?.door === 'locked') throw new AppError('room_locked');
    await INSERT_MEMBER.execute(manager, roomId, userId, role);
    await this.events.publishEvent(manager, 'member.joined', { roomId, userId });
    return true;
  }
}
