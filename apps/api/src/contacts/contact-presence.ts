import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { PresenceDto, Presence as Where } from '@webcall/contracts';
import { CallPresence } from '../platform/ports';
import { BackgroundTasks } from '../platform/realtime/background-tasks';
import { Realtime } from '../platform/realtime/realtime';
import { StableBroadcasts } from '../platform/realtime/stable-broadcasts';
import { UserPresence } from '../platform/realtime/user-presence';
import { UsersService } from '../users/users.service';
import { ContactPairs } from './contact-pairs';

/** Loads the presence of users and broadcasts it to their contacts, and to nobody else. */
@Injectable()
export class ContactPresence implements OnModuleInit {
  private readonly broadcasts = new StableBroadcasts();

  constructor(
    private readonly users: UsersService,
    private readonly presence: UserPresence,
    private readonly callPresence: CallPresence,
    private readonly pairs: ContactPairs,
    private readonly realtime: Realtime,
    private readonly backgroundTasks: BackgroundTasks,
  ) {}

  onModuleInit(): void {
    this.presence.changed.subscribe((userId) =>
      this.backgroundTasks.runInBackground('broadcasting a presence', () => this.handlePresenceChange(userId)),
    );
    this.callPresence.changed.subscribe((userId) =>
      this.backgroundTasks.runInBackground('broadcasting a call presence', () => this.broadcastPresence(userId)),
    );
  }

  /** @returns the presence of each user, by id */
  async loadPresences(userIds: readonly string[]): Promise<Map<string, PresenceDto>> {
    if (userIds.length === 0) return new Map();
    const [attendance, rooms, seen] = await Promise.all([
      this.presence.loadAttendances(userIds),
      this.callPresence.loadCallRoomIds(userIds),
      this.users.loadLastSeenTimes(userIds),
    ]);
    return new Map(
      userIds.map((userId, i) => {
        // The call comes first: a user who reloads the page keeps their seat without a socket for a moment.
        const presence: Where = rooms.has(userId) ? 'in_call' : (attendance[i] ?? 'offline');
        const lastSeenAt = presence === 'offline' ? (seen.get(userId)?.toISOString() ?? null) : null;
        return [userId, { userId, presence, lastSeenAt }];
      }),
    );
  }

  /**
   * Broadcasts the presence of a user to those who are their contacts at that moment, by the names of those who are
   * connected. Who connects right after that loads it anew.
   */
  async broadcastPresence(userId: string): Promise<void> {
    await this.broadcasts.broadcastUntilStable(
      userId,
      async () => {
        const contactIds = await this.pairs.listContactIds(userId);
        const presences = await this.loadPresences(contactIds.length > 0 ? [userId] : []);
        return { contactIds, presence: presences.get(userId) };
      },
      async ({ contactIds, presence }) => {
        const [first, ...others] = await this.presence.listConnectedUsers(contactIds);
        if (first === undefined || !presence) return;
        this.realtime.toDevicesOfUsers([first, ...others]).emit('presence:changed', presence);
      },
    );
  }

  private async handlePresenceChange(userId: string): Promise<void> {
    const [attendance] = await this.presence.loadAttendances([userId]);
    if (attendance === 'offline') await this.users.storeLastSeen(userId);
    await this.broadcastPresence(userId);
  }
}
