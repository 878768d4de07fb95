import { Injectable } from '@nestjs/common';
import type { SentWelcomeDto, WelcomeDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, integer, text, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { type DomainEvents, OnEventInTransaction } from '../../platform/events/domain-events';
import { Realtime } from '../../platform/realtime/realtime';
import { DeviceSessions } from '../devices/device-sessions';
import { GroupAccess } from './group-access';
import type { KnownGroup } from './group-id';

const INSERT_WELCOME = sqlStatement({
  takes: [uuid, integer, bytea],
  gives: { id: uuid },
  sql: 'INSERT INTO group_welcomes (room_id, group_number, welcome) VALUES ($1, $2, $3) RETURNING id',
});

/** Only live devices of members can be let in; for each of them the newest welcome counts. */
const STORE_DEVICES = sqlStatement({
  takes: [uuid, integer, uuid, uuidsParameter, uuidsParameter],
  sql: `INSERT INTO welcomed_devices (room_id, group_number, user_id, device_id, welcome_id)
    SELECT DISTINCT $1::uuid, $2::integer, d.user_id, d.id, $3::uuid
    FROM unnest($4::uuid[], $5::uuid[]) AS added (user_id, device_id)
    JOIN devices d ON d.user_id = added.user_id AND d.id = added.device_id AND d.ended_at IS NULL
    JOIN members m ON m.room_id = $1 AND m.user_id = d.user_id
    ON CONFLICT (room_id, group_number, user_id, device_id) DO UPDATE SET welcome_id = excluded.welcome_id`,
});

const FIND_WELCOME = sqlStatement({
  takes: [uuid, integer, uuid, uuid],
  gives: { id: uuid, welcome: bytea },
  sql: `SELECT w.id, w.welcome FROM welcomed_devices d JOIN group_welcomes w ON w.id = d.welcome_id
    WHERE d.room_id = $1 AND d.group_number = $2 AND d.user_id = $3 AND d.device_id = $4`,
});

/** A newer welcome may have come since that one was fetched. */
const DELETE_DEVICE = sqlStatement({
  takes: [uuid, integer, uuid, uuid, text],
  sql: `DELETE FROM welcomed_devices
    WHERE room_id = $1 AND group_number = $2 AND user_id = $3 AND device_id = $4 AND welcome_id::text = $5`,
});

const DELETE_DEVICES_OF_USER = sqlStatement({
  takes: [uuid, uuidsParameter],
  sql: 'DELETE FROM welcomed_devices WHERE user_id = $1 AND device_id = ANY ($2)',
});

const DELETE_UNNEEDED = sqlStatement({
  takes: [uuid, integer],
  sql: `DELETE FROM group_welcomes w WHERE w.room_id = $1 AND w.group_number = $2
    AND NOT EXISTS (SELECT FROM welcomed_devices d WHERE d.welcome_id = w.id)`,
});

/** A welcome is of use as long as its devices keep the keys that it is for. */
const DELETE_OLD = sqlStatement({
  takes: [],
  sql: `DELETE FROM group_welcomes w WHERE w.sent_at < now() - interval '30 days'
    OR NOT EXISTS (SELECT FROM welcomed_devices d WHERE d.welcome_id = w.id)`,
});

/** Keeps welcomes until their devices have fetched them, and passes on the wish for one. */
@Injectable()
export class WelcomesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: GroupAccess,
    private readonly devices: DeviceSessions,
    private readonly realtime: Realtime,
  ) {}

  /** Tells the devices of the members that this one wants to be let in. */
  async askForWelcome(who: Principal, roomId: string, groupId: string): Promise<void> {
    const actor = await this.access.requireActingDevice(who, roomId);
    await this.access.requireGroup(roomId, groupId);
    await this.access.requireRoomForDevice(actor);
    const { userId, deviceId } = actor;
    this.realtime.toRoomMembers(roomId).emit('welcome:asked', { roomId, groupId, userId, deviceId });
  }

  async loadWelcome(who: Principal, roomId: string, groupId: string): Promise<WelcomeDto> {
    const { userId } = await this.access.requireReader(who, roomId);
    const { number } = await this.access.requireGroup(roomId, groupId);
    const { deviceId } = await this.devices.requireLiveDevice(who);
    const row = await FIND_WELCOME.findRow(this.db, roomId, number, userId, deviceId);
    return { welcome: row?.welcome.toString('base64url') ?? null, id: row?.id ?? null };
  }

  /** Nothing happens if there is none. */
  async deleteWelcome(who: Principal, roomId: string, groupId: string, welcomeId: string): Promise<void> {
    const { userId } = await this.access.requireReader(who, roomId);
    const { number } = await this.access.requireGroup(roomId, groupId);
    const { deviceId } = await this.devices.requireLiveDevice(who);
    await DELETE_DEVICE.execute(this.db, roomId, number, userId, deviceId, welcomeId);
    await DELETE_UNNEEDED.execute(this.db, roomId, number);
  }

  /** Stores a welcome in the transaction of its commit. Earlier ones of the same devices are of no use any more. */
  async storeWelcome(
    manager: EntityManager,
    { roomId, number }: Pick<KnownGroup, 'roomId' | 'number'>,
    { welcome, devices }: SentWelcomeDto,
  ): Promise<void> {
    const inserted = await INSERT_WELCOME.findRow(manager, roomId, number, Buffer.from(welcome, 'base64url'));
    if (!inserted) throw new Error('a welcome was not stored');
    const [userIds, deviceIds] = [devices.map(({ userId }) => userId), devices.map(({ deviceId }) => deviceId)];
    await STORE_DEVICES.execute(manager, roomId, number, inserted.id, userIds, deviceIds);
    await DELETE_UNNEEDED.execute(manager, roomId, number);
  }

  @OnEventInTransaction('devices.ended', 20)
  async deleteWelcomesOfDevices(
    { userId, deviceIds }: DomainEvents['devices.ended'],
    manager: EntityManager,
  ): Promise<void> {
    await DELETE_DEVICES_OF_USER.execute(manager, userId, deviceIds);
  }

  async deleteOldWelcomes(): Promise<void> {
    await DELETE_OLD.execute(this.db);
  }
}
