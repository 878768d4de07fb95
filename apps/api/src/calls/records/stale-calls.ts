import { Injectable } from '@nestjs/common';
import { JobSchedule } from '../../platform/jobs/job-kinds';
import { LiveCalls } from '../core/live-calls';
import { RingRecords } from '../rings/ring-records';
import { CallJournal } from './call-journal';
import { CallRecords } from './call-records';

/** Closes the rows of calls and rings that a crashed process has left open. */
@Injectable()
export class StaleCalls {
  constructor(
    private readonly calls: LiveCalls,
    private readonly records: CallRecords,
    private readonly rings: RingRecords,
    private readonly journal: CallJournal,
  ) {}

  /**
   * A row is inserted only when its live state exists. So an open row without a running call was left by a crashed
   * process, or is just being ended, and ending it twice does no harm.
   */
  @JobSchedule('calls.close-stale', '* * * * *', { atStart: true })
  async closeStaleCalls(): Promise<void> {
    const rows = await this.records.listUnendedCalls();
    const { calls, unreadableRoomIds } = await this.calls.loadRunningCalls(rows.map(({ roomId }) => roomId));
    const stale = rows.filter(
      ({ roomId, callId }) => !unreadableRoomIds.has(roomId) && !calls.some((call) => call.id === callId),
    );
    for (const call of stale) await this.journal.recordCallEnd(call);
    for (const rings of await this.rings.listForgottenRings()) await this.journal.recordForgottenRings(rings);
  }
}
