import { Injectable } from '@nestjs/common';
import type { OwnDevicesDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bool, nullable, text, timestamp, uuid } from '../../platform/database/sql-types';
import { DeviceListViews } from './device-list-views';
import { NewStarts } from './new-starts';

const LIST_OWN_DEVICES = sqlStatement({
  takes: [uuid, uuid],
  gives: { id: uuid, name: nullable(text), current: bool, lastUsedAt: timestamp, dormant: bool },
  sql: `SELECT d.id, d.name, d.last_used_at AS "lastUsedAt", d.dormant_at IS NOT NULL AS dormant,
      EXISTS (SELECT FROM sessions s WHERE s.id = $2 AND s.user_id = d.user_id AND s.device_id = d.id) AS current
    FROM devices d WHERE d.user_id = $1 AND d.ended_at IS NULL ORDER BY d.last_used_at DESC, d.id`,
});

/** Shows users their own devices. */
@Injectable()
export class OwnDevices {
  constructor(
    private readonly db: DataSource,
    private readonly lists: DeviceListViews,
    private readonly newStarts: NewStarts,
  ) {}

  async loadOwnDevices(who: Principal): Promise<OwnDevicesDto> {
    const { userId, sessionId } = who;
    const [list, rows, newStart] = await Promise.all([
      this.lists.findOwnList(userId),
      LIST_OWN_DEVICES.loadRows(this.db, userId, sessionId),
      this.newStarts.findNewStart(who),
    ]);
    const devices = rows.map((row) => ({ ...row, lastUsedAt: row.lastUsedAt.toISOString() }));
    return { sessionId, list, devices, newStart };
  }
}
