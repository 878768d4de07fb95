import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, uuid } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';

const LIVE_DEVICE_TYPES = { deviceId: uuid, identity: bytea };
const SELECT_LIVE_DEVICE = `SELECT d.id AS "deviceId", d.identity FROM sessions s
  JOIN devices d ON d.user_id = s.user_id AND d.id = s.device_id AND d.ended_at IS NULL WHERE s.id = $1`;

const FIND_LIVE_DEVICE = sqlStatement({ takes: [uuid], gives: LIVE_DEVICE_TYPES, sql: SELECT_LIVE_DEVICE });

const HOLD_LIVE_DEVICE = sqlStatement({
  takes: [uuid],
  gives: LIVE_DEVICE_TYPES,
  sql: `${SELECT_LIVE_DEVICE} FOR SHARE OF d`,
});

/** A device in the list of its user's present identity. */
export interface LiveDevice {
  readonly deviceId: string;
  /** The public identity key whose list has it. */
  readonly identity: Buffer;
}

/** Knows to which device a session belongs. */
@Injectable()
export class DeviceSessions {
  constructor(private readonly db: DataSource) {}

  /**
   * @returns the live device whose key this session has shown
   * @throws AppError device_required
   */
  async requireLiveDevice({ sessionId }: Principal): Promise<LiveDevice> {
    return requireFound(await FIND_LIVE_DEVICE.findRow(this.db, sessionId));
  }

  /**
   * Does the same, and keeps the device from ending until the transaction ends.
   * @throws AppError device_required
   */
  async holdLiveDevice(manager: EntityManager, { sessionId }: Principal): Promise<LiveDevice> {
    return requireFound(await HOLD_LIVE_DEVICE.findRow(manager, sessionId));
  }
}

function requireFound(device: LiveDevice | undefined): LiveDevice {
  if (!device) throw new AppError('device_required');
  return device;
}
