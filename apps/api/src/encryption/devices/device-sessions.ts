import { Injectable } from '@nestjs/common';
import type { DeviceSessionDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, uuid } from '../../platform/database/sql-types';
import { type DomainEvents, OnEventInTransaction } from '../../platform/events/domain-events';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { deviceSessionBytes, isSignedBy } from './device-signatures';

const LIVE_DEVICE_TYPES = { deviceId: uuid, identity: bytea };
const SELECT_LIVE_DEVICE = `SELECT d.id AS "deviceId", d.identity FROM sessions s
  JOIN devices d ON d.user_id = s.user_id AND d.id = s.device_id AND d.ended_at IS NULL WHERE s.id = $1`;

const FIND_LIVE_DEVICE = sqlStatement({ takes: [uuid], gives: LIVE_DEVICE_TYPES, sql: SELECT_LIVE_DEVICE });

const HOLD_LIVE_DEVICE = sqlStatement({
  takes: [uuid],
  gives: LIVE_DEVICE_TYPES,
  sql: `${SELECT_LIVE_DEVICE} FOR SHARE OF d`,
});

const FIND_SIGNING_KEY = sqlStatement({
  takes: [uuid, uuid],
  gives: { signingKey: bytea },
  sql: `SELECT signing_key AS "signingKey" FROM devices WHERE user_id = $1 AND id = $2 AND ended_at IS NULL`,
});

const BIND_SESSION = sqlStatement({ takes: [uuid, uuid], sql: 'UPDATE sessions SET device_id = $2 WHERE id = $1' });

const NOTE_USE = sqlStatement({
  takes: [uuid],
  sql: `UPDATE devices d SET last_used_at = now(), dormant_at = NULL, name = s.device FROM sessions s
    WHERE s.id = $1 AND d.user_id = s.user_id AND d.id = s.device_id`,
});

/** A device in the list of its user's present identity. */
interface LiveDevice {
  readonly deviceId: string;
  /** The public identity key whose list has it. */
  readonly identity: Buffer;
}

/**
 * Knows to which device a session belongs. A session shows that by a signature of the device: ids of devices are no
 * secret, and whoever has stolen the password has a session as well.
 */
@Injectable()
export class DeviceSessions {
  constructor(
    private readonly db: DataSource,
    private readonly sessions: Sessions,
    private readonly events: EventBus,
  ) {}

  /**
   * @returns the live device whose key this session has shown
   * @throws AppError device_required
   */
  async requireLiveDevice({ sessionId }: Principal, manager: EntityManager = this.db.manager): Promise<LiveDevice> {
    return requireFound(await FIND_LIVE_DEVICE.findRow(manager, sessionId));
  }

  /**
   * Does the same, and keeps the device from ending until the transaction ends.
   * @throws AppError device_required
   */
  async holdLiveDevice(manager: EntityManager, { sessionId }: Principal): Promise<LiveDevice> {
    return requireFound(await HOLD_LIVE_DEVICE.findRow(manager, sessionId));
  }

  /** @throws AppError device_not_found unless the device is live; forbidden if it has not signed this session */
  async bindSession(who: Principal, deviceId: string, { signature }: DeviceSessionDto): Promise<void> {
    const { userId, sessionId } = who;
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      const device = await FIND_SIGNING_KEY.findRow(manager, userId, deviceId);
      if (!device) throw new AppError('device_not_found');
      const signed = deviceSessionBytes(userId, deviceId, sessionId);
      if (!isSignedBy(device.signingKey, signed, Buffer.from(signature, 'base64url'))) throw new AppError('forbidden');
      await BIND_SESSION.execute(manager, sessionId, deviceId);
      await NOTE_USE.execute(manager, sessionId);
      await this.events.publishEvent(manager, 'devices.changed', { userId, listChanged: false });
    });
  }

  @OnEventInTransaction('session.renewed', 10)
  async noteDeviceUse({ sessionId }: DomainEvents['session.renewed'], manager: EntityManager): Promise<void> {
    await NOTE_USE.execute(manager, sessionId);
  }
}

function requireFound(device: LiveDevice | undefined): LiveDevice {
  if (!device) throw new AppError('device_required');
  return device;
}
