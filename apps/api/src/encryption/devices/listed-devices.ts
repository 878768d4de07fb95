import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Quotas } from '../../platform/access/quotas';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import { bool, bytea, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { invalidDeviceListError, type ReadDevice, type ReadDeviceList } from './signed-device-list';

/** Not those that ended with an earlier identity, of which there may be thousands, unless a list names them. */
const LIST_DEVICES = sqlStatement({
  takes: [uuid, bytea, uuidsParameter],
  gives: { id: uuid, identity: bytea, signingKey: bytea, ended: bool },
  sql: `SELECT id, identity, signing_key AS "signingKey", ended_at IS NOT NULL AS ended FROM devices
    WHERE user_id = $1 AND (identity = $2 OR ended_at IS NULL OR id = ANY ($3))`,
});

const INSERT_DEVICE = sqlStatement({
  takes: [uuid, uuid, bytea, bytea, bool],
  sql: `INSERT INTO devices (user_id, id, identity, signing_key, ended_at)
    VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN NULL ELSE now() END)`,
});

const END_DEVICES = sqlStatement({
  takes: [uuid, uuidsParameter],
  sql: `UPDATE devices SET ended_at = now(), dormant_at = NULL, key_package = NULL WHERE user_id = $1 AND id = ANY ($2)`,
});

type KnownDevice = StatementRow<typeof LIST_DEVICES>;

/** Keeps the devices that the server knows in step with the lists of their users. */
@Injectable()
export class ListedDevices {
  constructor(
    private readonly quotas: Quotas,
    private readonly sessions: Sessions,
    private readonly events: EventBus,
  ) {}

  /**
   * Follows a list that takes the place of another one, under the lock of the user's row: devices come, and others end,
   * with their sessions, key packages and whatever follows `devices.ended`.
   * @param keptSessionId a session that stays, although its device ends
   * @throws AppError invalid_input if the list does not go on from the one before; quota_reached
   */
  async followList(
    manager: EntityManager,
    { userId, identity, devices }: ReadDeviceList,
    keptSessionId: string | null = null,
  ): Promise<void> {
    const listed = new Map(devices.map((device) => [device.id, device]));
    const known = await LIST_DEVICES.loadRows(manager, userId, identity, [...listed.keys()]);
    if (!known.every((device) => mayGoOn(device, identity, listed.get(device.id)))) throw invalidDeviceListError();
    const live = new Set(devices.filter(({ until }) => until === 0).map(({ id }) => id));
    const before = known.filter((device) => !device.ended);
    if (live.size > before.length) this.quotas.requireQuotaLeft('devices', live.size - 1);
    const knownIds = new Set(known.map(({ id }) => id));
    for (const { id, signingKey, until } of devices)
      if (!knownIds.has(id)) await INSERT_DEVICE.execute(manager, userId, id, identity, signingKey, until === 0);
    const ended = before.filter(({ id }) => !live.has(id)).map(({ id }) => id);
    await this.endDevices(manager, userId, ended, keptSessionId);
  }

  private async endDevices(
    manager: EntityManager,
    userId: string,
    deviceIds: readonly string[],
    keptSessionId: string | null,
  ): Promise<void> {
    if (deviceIds.length === 0) return;
    await END_DEVICES.execute(manager, userId, deviceIds);
    await this.sessions.endDeviceSessions(manager, userId, deviceIds, keptSessionId);
    await this.events.publishEvent(manager, 'devices.ended', { userId, deviceIds });
  }
}

/** A device stays in the lists of its identity, with its key, and comes neither back nor into another identity. */
function mayGoOn(known: KnownDevice, identity: Buffer, now: ReadDevice | undefined): boolean {
  if (!known.identity.equals(identity)) return now === undefined;
  return now !== undefined && now.signingKey.equals(known.signingKey) && !(known.ended && now.until === 0);
}
