import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Presence as Where, PresenceDto } from '@webcall/contracts';
import { Background } from '../platform/realtime/background';
import { tellLastWord } from '../platform/realtime/last-word';
import { Occupied } from '../platform/realtime/occupied';
import { Presence } from '../platform/realtime/presence';
import { Realtime } from '../platform/realtime/realtime';
import { UsersService } from '../users/users.service';
import { Pairs } from './pairs';

/** Where users are: told to their contacts, and to nobody else. */
@Injectable()
export class Whereabouts implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly presence: Presence,
    private readonly occupied: Occupied,
    private readonly pairs: Pairs,
    private readonly realtime: Realtime,
    private readonly background: Background,
  ) {}

  onModuleInit(): void {
    this.presence.changed.subscribe((userId) =>
      this.background.run('telling where a user is', () => this.cameOrWent(userId)),
    );
    this.occupied.changed.subscribe((userId) =>
      this.background.run('telling that a user is in a call', () => this.tell(userId)),
    );
  }

  /** @returns where each of the users is, by id */
  async of(userIds: readonly string[]): Promise<Map<string, PresenceDto>> {
    if (userIds.length === 0) return new Map();
    const [attendance, rooms, seen] = await Promise.all([
      this.presence.of(userIds),
      this.occupied.roomsOf(userIds),
      this.users.lastSeen(userIds),
    ]);
    return new Map(
      userIds.map((userId, i) => {
        // Whoever reloads the page has no socket for a moment, and keeps their seat.
        const presence: Where = rooms.has(userId) ? 'in_call' : (attendance[i] ?? 'offline');
        const lastSeenAt = presence === 'offline' ? (seen.get(userId)?.toISOString() ?? null) : null;
        return [userId, { userId, presence, lastSeenAt }];
      }),
    );
  }

  /** Tells the contacts of a user where the user is. */
  async tell(userId: string): Promise<void> {
    const [first, ...others] = await this.pairs.contactsOf(userId);
    if (first === undefined) return;
    await tellLastWord(
      () => this.of([userId]),
      (where) => {
        for (const event of where.values()) this.realtime.toUsers([first, ...others]).emit('presence:changed', event);
      },
    );
  }

  private async cameOrWent(userId: string): Promise<void> {
    const [attendance] = await this.presence.of([userId]);
    if (attendance === 'offline') await this.users.seen(userId);
    await this.tell(userId);
  }
}
