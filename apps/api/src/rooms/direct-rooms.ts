import { Injectable } from '@nestjs/common';
import type { RoomDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { sqlStatement } from '../platform/database/sql-statement';
import { bool, text, uuid, uuidsParameter } from '../platform/database/sql-types';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { RoomViews } from './core/room-views';

/** Two users, in any order. */
export type UserIdPair = readonly [string, string];

/** SQL condition: the users $1 and $2 are members of one group room. */
export const SHARE_ROOM = `EXISTS (
  SELECT FROM members mine JOIN members theirs ON theirs.room_id = mine.room_id JOIN rooms r ON r.id = mine.room_id
  WHERE mine.user_id = $1 AND theirs.user_id = $2 AND r.kind = 'group'
)`;

const STORE_CLOSED_STATE = sqlStatement({
  takes: [text, bool],
  gives: { id: uuid },
  sql: 'UPDATE rooms SET closed = $2 WHERE direct_pair = $1 AND closed <> $2 RETURNING id',
});

const INSERT_ROOM = sqlStatement({
  takes: [text],
  gives: { id: uuid },
  sql: `INSERT INTO rooms (kind, name, visibility, direct_pair) VALUES ('direct', '', 'private', $1)
    ON CONFLICT (direct_pair) DO NOTHING RETURNING id`,
});

const INSERT_MEMBERS = sqlStatement({
  takes: [uuid, uuidsParameter],
  sql: `INSERT INTO members (room_id, user_id, role) SELECT $1::uuid, unnest($2::uuid[]), 'member'`,
});

const FIND_ROOM = sqlStatement({
  takes: [text],
  gives: { id: uuid },
  sql: 'SELECT id FROM rooms WHERE direct_pair = $1',
});

/** Stores and opens the direct rooms of two users. The callers decide who may have one and when it is closed. */
@Injectable()
export class DirectRooms {
  constructor(
    private readonly db: DataSource,
    private readonly views: RoomViews,
    private readonly events: EventBus,
  ) {}

  /**
   * Opens the room of two users: creates it if needed, and reopens it if it was closed. The unique key rules out a second
   * one.
   * @param steps run in the same transaction: `requireAccess` throws unless they may have the room
   * @returns the room as the first of the two sees it
   */
  async openOrCreateRoom(
    userIds: UserIdPair,
    steps: Record<'requireAccess' | 'onCreated', (manager: EntityManager) => Promise<void>>,
  ): Promise<RoomDto> {
    const created = await this.events.runTransaction(async (manager) => {
      await steps.requireAccess(manager);
      const roomId = await this.insertDirectRoom(manager, userIds);
      if (roomId) await steps.onCreated(manager);
      else await this.storeClosedState(manager, userIds, false);
      return roomId;
    });
    return this.views.loadRoomView(userIds[0], created ?? (await this.requireDirectRoomId(userIds)));
  }

  /** Closes or reopens the room of two users, if they have one, in the caller's transaction. */
  async storeClosedState(manager: EntityManager, userIds: UserIdPair, closed: boolean): Promise<void> {
    const room = await STORE_CLOSED_STATE.findRow(manager, directPairKey(userIds), closed);
    if (room) await this.events.publishEvent(manager, 'room.closed-changed', { roomId: room.id });
  }

  private async insertDirectRoom(manager: EntityManager, userIds: UserIdPair): Promise<string | undefined> {
    const room = await INSERT_ROOM.findRow(manager, directPairKey(userIds));
    if (!room) return undefined;
    await INSERT_MEMBERS.execute(manager, room.id, userIds);
    for (const userId of userIds) await this.events.publishEvent(manager, 'member.joined', { roomId: room.id, userId });
    return room.id;
  }

  private async requireDirectRoomId(userIds: UserIdPair): Promise<string> {
    const room = await FIND_ROOM.findRow(this.db, directPairKey(userIds));
    if (!room) throw new AppError('room_not_found');
    return room.id;
  }
}

/** The lower id first. */
function directPairKey(userIds: UserIdPair): string {
  return [...userIds].sort().join(':');
}
