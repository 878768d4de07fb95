import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Background } from '../platform/realtime/background';
import { AccountService } from './account.service';

/** How often guests are looked after, in ms. */
const INTERVAL = 60 * 60 * 1000;

/** Ends guests who closed their browser without leaving: with their last session the way back in is gone. */
@Injectable()
export class GuestUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly accounts: AccountService,
    private readonly background: Background,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.background.run('ending guests', () => this.endStrandedGuests()), INTERVAL);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async endStrandedGuests(): Promise<void> {
    const guests = await this.db.query<{ id: string }[]>(
      `SELECT id FROM users u WHERE guest AND NOT EXISTS
         (SELECT FROM sessions s WHERE s.user_id = u.id AND s.ended_at IS NULL AND s.expires_at > now())`,
    );
    for (const { id } of guests) await this.accounts.deleteIfGuest(id);
  }
}
