import { Injectable } from '@nestjs/common';
import { sqlStatement } from '../../platform/database/sql-statement';
import { uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { JobSchedule } from '../../platform/jobs/job-kinds';
import { PairingsService } from './pairings.service';

const NOTE_DORMANT_DEVICES = sqlStatement({
  takes: [],
  gives: { userId: uuid, deviceId: uuid },
  sql: `UPDATE devices SET dormant_at = now()
    WHERE ended_at IS NULL AND dormant_at IS NULL AND last_used_at < now() - interval '30 days'
    RETURNING user_id AS "userId", id AS "deviceId"`,
});

/** Notes which devices nobody uses any more, and deletes what has run out. */
@Injectable()
export class DeviceUpkeep {
  constructor(
    private readonly pairings: PairingsService,
    private readonly events: EventBus,
  ) {}

  @JobSchedule('devices.tidy', '41 * * * *')
  async tidyDevices(): Promise<void> {
    await this.events.runStatement(['device.dormant'], async (manager) => {
      for (const device of await NOTE_DORMANT_DEVICES.loadRows(manager))
        await this.events.publishEvent(manager, 'device.dormant', device);
    });
    await this.pairings.deleteOverPairings();
  }
}
