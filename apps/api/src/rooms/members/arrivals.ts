import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Door, Role } from '@webcall/domain';
import { AppError } from '../../platform/http/app-error';
import { Departures } from './departures';
import { Member } from './member.entity';

/** Brings people into rooms. Belongs to a transaction of the caller. */
@Injectable()
export class Arrivals {
  constructor(private readonly departures: Departures) {}

  /**
   * Makes a user a member; nothing changes for who is one already.
   * @returns whether they were none before
   * @throws AppError room_not_found | removed_from_room | room_locked
   */
  async enter(manager: EntityManager, roomId: string, userId: string, role: Role): Promise<boolean> {
    // Nobody is taken out of the room, and nobody locks it, between the look and the step.
    await this.departures.lock(manager, roomId);
    if (await manager.existsBy(Member, { roomId, userId })) return false;
    const [room] = await manager.query<{ door: Door; removed: boolean }[]>(
      `SELECT door, EXISTS (SELECT FROM removals WHERE room_id = id AND user_id = $2) AS removed
       FROM rooms WHERE id = $1`,
      [roomId, userId],
    );
    if (room?.removed) throw new AppError('removed_from_room');
    if (room?.door === 'locked') throw new AppError('room_locked');
    await manager.query(
      `INSERT INTO members (room_id, user_id, role, read_seq) SELECT id, $2, $3, last_seq FROM rooms WHERE id = $1`,
      [roomId, userId, role],
    );
    return true;
  }
}
