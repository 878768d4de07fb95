import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sqlStatement } from '../../platform/database/sql-statement';
import { uuid } from '../../platform/database/sql-types';
import { type DomainEvents, OnEvent, OnEventInTransaction } from '../../platform/events/domain-events';
import { EventBus } from '../../platform/events/event-bus';
import { RoomEncryptionService } from './room-encryption.service';

const RAISED = 'member_version = member_version + 1, rekey_due_since = member_version + 1';

const RAISE_OF_CLOSED = sqlStatement({
  takes: [uuid],
  sql: `UPDATE rooms SET ${RAISED} WHERE id = $1 AND closed AND encrypted_from IS NOT NULL`,
});

/** Locks in the order of the ids, so that two devices that end in the same rooms do not wait for each other in a circle. */
const RAISE_OF_USER = sqlStatement({
  takes: [uuid],
  sql: `UPDATE rooms SET ${RAISED} FROM (
      SELECT r.id FROM rooms r JOIN members m ON m.room_id = r.id
      WHERE m.user_id = $1 AND r.encrypted_from IS NOT NULL ORDER BY r.id FOR NO KEY UPDATE OF r
    ) AS joined WHERE rooms.id = joined.id`,
});

const LIST_ENCRYPTED_ROOMS = sqlStatement({
  takes: [uuid],
  gives: { roomId: uuid },
  sql: `SELECT r.id AS "roomId" FROM rooms r JOIN members m ON m.room_id = r.id
    WHERE m.user_id = $1 AND r.encrypted_from IS NOT NULL`,
});

/**
 * Raises the version of the list of members of encrypted rooms, and marks that a rekey is due, for what is no row of
 * that list. For members who come and go the triggers of the list do it, in the statement that changes it.
 */
@Injectable()
export class MemberVersions {
  constructor(
    private readonly db: DataSource,
    private readonly encryption: RoomEncryptionService,
    private readonly events: EventBus,
  ) {}

  /** Nobody reads with the old keys what is written after the block, should it end. */
  @OnEventInTransaction('room.closed-changed', 10)
  async raiseVersionOfClosedRoom(
    { roomId }: DomainEvents['room.closed-changed'],
    manager: EntityManager,
  ): Promise<void> {
    await RAISE_OF_CLOSED.execute(manager, roomId);
  }

  @OnEventInTransaction('devices.ended', 10)
  async raiseVersionsOfUser({ userId }: DomainEvents['devices.ended'], manager: EntityManager): Promise<void> {
    await RAISE_OF_USER.execute(manager, userId);
  }

  /** A member whose devices are too many for an encrypted room does not come in. */
  @OnEventInTransaction('member.joined', 10)
  async requireRoomForMember({ roomId }: DomainEvents['member.joined'], manager: EntityManager): Promise<void> {
    if (await this.encryption.findEncryption(roomId, manager)) await this.encryption.requireFewDevices(manager, roomId);
  }

  @OnEvent('devices.ended')
  async publishRoomsOfUser({ userId }: DomainEvents['devices.ended']): Promise<void> {
    for (const { roomId } of await LIST_ENCRYPTED_ROOMS.loadRows(this.db, userId))
      await this.events.publishCommitted('group.changed', { roomId });
  }
}
