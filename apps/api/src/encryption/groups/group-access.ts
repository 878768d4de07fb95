import { Injectable } from '@nestjs/common';
import { ENCRYPTED_ROOM_CAPACITY } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, integer, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { lockRoomRow } from '../../rooms/lock-room-row';
import type { Membership } from '../../rooms/membership';
import { RoomsService } from '../../rooms/rooms.service';
import { DeviceSessions } from '../devices/device-sessions';
import { findGroupName, type KnownGroup } from './group-id';

const FIND_GROUP = sqlStatement({
  takes: [uuid, bytea],
  gives: { number: integer },
  sql: 'SELECT number FROM room_groups WHERE room_id = $1 AND group_id = $2',
});

const FIND_ENCRYPTED = sqlStatement({
  takes: [uuid],
  sql: 'SELECT FROM rooms WHERE id = $1 AND encrypted_from IS NOT NULL',
});

const COUNT_DEVICES_BEFORE = sqlStatement({
  takes: [uuid, uuid, uuid],
  gives: { before: integer },
  sql: `SELECT count(*)::integer AS before
    FROM devices own, members m JOIN devices d ON d.user_id = m.user_id AND d.ended_at IS NULL
    WHERE own.user_id = $2 AND own.id = $3 AND m.room_id = $1 AND (d.listed_at, d.id) < (own.listed_at, own.id)`,
});

/** A member with the device that acts for them. */
export interface ActingDevice extends Membership {
  readonly deviceId: string;
}

/** What `runAsDevice` gives to the work. */
type DeviceWork<T> = (manager: EntityManager, actor: ActingDevice) => Promise<T>;

/** Checks who may read and change what an encrypted room consists of. */
@Injectable()
export class GroupAccess {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
    private readonly devices: DeviceSessions,
    private readonly events: EventBus,
  ) {}

  /**
   * For those who read: any session of a member, also of a device that is in no list yet.
   * @throws AppError as `requireMember` does; room_not_encrypted
   */
  async requireReader(who: Principal, roomId: string): Promise<Membership> {
    const member = await this.rooms.requireMember(who, roomId, 'message:read');
    if (!(await FIND_ENCRYPTED.findRow(this.db, roomId))) throw new AppError('room_not_encrypted');
    return member;
  }

  /**
   * For those who change something: the live device of a member who may post.
   * @throws AppError as `requireMember` does; room_not_encrypted; device_required
   */
  async requireActingDevice(
    who: Principal,
    roomId: string,
    manager: EntityManager = this.db.manager,
  ): Promise<ActingDevice> {
    const member = await this.rooms.requireMember(who, roomId, 'message:post', manager);
    if (!(await FIND_ENCRYPTED.findRow(manager, roomId))) throw new AppError('room_not_encrypted');
    return { ...member, deviceId: (await this.devices.requireLiveDevice(who, manager)).deviceId };
  }

  /**
   * Runs work of an acting device while the room is locked, so that nobody is removed meanwhile. The device is looked at
   * and not held: one that ends at the same moment raises the version of the room’s members after the work.
   */
  async runAsDevice<T>(who: Principal, roomId: string, work: DeviceWork<T>): Promise<T> {
    return this.events.runTransaction(async (manager) => {
      if (!(await lockRoomRow(manager, roomId))) throw new AppError('room_not_found');
      return work(manager, await this.requireActingDevice(who, roomId, manager));
    });
  }

  /**
   * Finds the group with that id. It is known from the moment when the chain of the room has named it.
   * @throws AppError group_not_found
   */
  async requireGroup(roomId: string, groupId: string, manager: EntityManager = this.db.manager): Promise<KnownGroup> {
    const name = findGroupName(roomId, groupId);
    const known = name && (await FIND_GROUP.findRow(manager, roomId, name.groupId));
    if (!known) throw new AppError('group_not_found');
    return { ...name, ...known };
  }

  /**
   * Refuses a device that is to come in when there are too many: of the live devices of all members, those that were
   * listed last.
   * @throws AppError encrypted_room_full
   */
  async requireRoomForDevice(
    { roomId, userId, deviceId }: ActingDevice,
    manager: EntityManager = this.db.manager,
  ): Promise<void> {
    const row = await COUNT_DEVICES_BEFORE.findRow(manager, roomId, userId, deviceId);
    if (!row || row.before >= ENCRYPTED_ROOM_CAPACITY) throw new AppError('encrypted_room_full');
  }
}
