import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sqlStatement } from '../platform/database/sql-statement';
import { uuid } from '../platform/database/sql-types';
import { BackgroundTasks } from '../platform/realtime/background-tasks';
import { AccountService } from './account.service';

/** How often expired guests are deleted, in ms. */
const GUEST_CLEANUP_INTERVAL = 60 * 60 * 1000;

const FIND_EXPIRED_GUESTS = sqlStatement({
  takes: [],
  gives: { id: uuid },
  sql: `SELECT id FROM users u WHERE guest AND NOT EXISTS
    (SELECT FROM sessions s WHERE s.user_id = u.id AND s.ended_at IS NULL AND s.expires_at > now())`,
});

/** Deletes guests without an active session, who closed their browser without leaving and cannot come back. */
@Injectable()
export class GuestCleanup implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly accounts: AccountService,
    private readonly backgroundTasks: BackgroundTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(
      () => this.backgroundTasks.runInBackground('deleting expired guests', () => this.deleteExpiredGuests()),
      GUEST_CLEANUP_INTERVAL,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async deleteExpiredGuests(): Promise<void> {
    for (const { id } of await FIND_EXPIRED_GUESTS.loadRows(this.db)) await this.accounts.deleteUserIfGuest(id);
  }
}
