import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sqlStatement } from '../platform/database/sql-statement';
import { uuid } from '../platform/database/sql-types';
import { JobSchedule } from '../platform/jobs/job-kinds';
import { AccountService } from './account.service';

const FIND_EXPIRED_GUESTS = sqlStatement({
  takes: [],
  gives: { id: uuid },
  sql: `SELECT id FROM users u WHERE guest AND NOT EXISTS
    (SELECT FROM sessions s WHERE s.user_id = u.id AND s.ended_at IS NULL AND s.expires_at > now())`,
});

/** Deletes guests without an active session, who closed their browser without leaving and cannot come back. */
@Injectable()
export class GuestCleanup {
  constructor(
    private readonly db: DataSource,
    private readonly accounts: AccountService,
  ) {}

  @JobSchedule('guests.delete-expired', '17 * * * *')
  async deleteExpiredGuests(): Promise<void> {
    for (const { id } of await FIND_EXPIRED_GUESTS.loadRows(this.db)) await this.accounts.deleteUserIfGuest(id);
  }
}
