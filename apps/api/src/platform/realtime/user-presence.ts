import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { LeaseKeeper } from '../live/lease-keeper';
import { LeaseKeepers } from '../live/lease-keepers';
import { idKey, type LeaseKind } from '../live/lease-keys';
import type { TypedLeases } from '../live/typed-leases';
import { BackgroundTasks } from './background-tasks';

/** How long users still count as connected after their replica died, in ms. */
const PRESENCE_LEASE = 15_000;

/** A lease of each connected socket: in the group of its user, under its id. */
export const PRESENCE_LEASES: LeaseKind<string, string> = { name: 'presence', group: idKey, member: idKey };

/** A second lease of each socket at whose device nobody is. */
export const AWAY_LEASES: LeaseKind<string, string> = { ...PRESENCE_LEASES, name: 'away' };

/** Whether a user is at a connected device (online), away from all of them, or has none connected (offline). */
export type Attendance = 'online' | 'away' | 'offline';

/**
 * Tracks which users are connected. Each socket holds a lease for its user, and a second one while nobody uses the
 * device, so that the leases of a dead replica expire by themselves.
 */
@Injectable()
export class UserPresence implements OnModuleInit {
  /** Ids of users whose attendance may have changed. They can repeat or come out of order, so load it anew. */
  readonly changed = new Subject<string>();

  private readonly sockets: TypedLeases<string, string>;
  private readonly unattended: TypedLeases<string, string>;
  private readonly socketKeeper: LeaseKeeper<string, string>;
  private readonly unattendedKeeper: LeaseKeeper<string, string>;
  /** User by socket that is not stored yet, for instance because the store is unavailable. */
  private readonly unstoredSockets = new Map<string, string>();

  constructor(
    keepers: LeaseKeepers,
    private readonly background: BackgroundTasks,
  ) {
    this.sockets = keepers.createLeases(PRESENCE_LEASES);
    this.unattended = keepers.createLeases(AWAY_LEASES);
    this.socketKeeper = keepers.createKeeper(this.sockets, {
      ttlMs: PRESENCE_LEASE,
      onExpired: ({ group: userId }) => this.announceUnlessOnline(userId),
    });
    this.unattendedKeeper = keepers.createKeeper(this.unattended, {
      ttlMs: PRESENCE_LEASE,
      // Nothing to do: the presence lease of the socket expires as well.
      onExpired: () => Promise.resolve(),
    });
  }

  onModuleInit(): void {
    this.sockets.restored.subscribe(() => {
      for (const [socketId, userId] of this.unstoredSockets) {
        this.background.runInBackground('restoring presence', () => this.restoreUserSocket(userId, socketId));
      }
    });
  }

  /** @returns the attendance of each user, in the order of `userIds` */
  async loadAttendances(userIds: readonly string[]): Promise<Attendance[]> {
    const [sockets, unattended] = await Promise.all([
      this.sockets.listLivingMembers(userIds),
      this.unattended.listLivingMembers(userIds),
    ]);
    return sockets.map((ids, i) => {
      if (ids.length === 0) return 'offline';
      return ids.every((id) => unattended[i]?.includes(id)) ? 'away' : 'online';
    });
  }

  /** @returns those of the users who are connected, to any replica; also here while that could not be stored */
  async listConnectedUsers(userIds: readonly string[]): Promise<string[]> {
    const sockets = await this.sockets.listLivingMembers(userIds);
    const unstored = new Set(this.unstoredSockets.values());
    return userIds.filter((id, i) => sockets[i]?.length || unstored.has(id));
  }

  async addUserSocket(userId: string, socketId: string): Promise<void> {
    this.unstoredSockets.set(socketId, userId);
    await this.announceIfChanged(userId, () => this.socketKeeper.keepLeaseRenewed({ group: userId, member: socketId }));
    this.unstoredSockets.delete(socketId);
  }

  async removeUserSocket(userId: string, socketId: string): Promise<void> {
    const lease = { group: userId, member: socketId };
    this.unstoredSockets.delete(socketId);
    await this.announceIfChanged(userId, () =>
      Promise.all([this.socketKeeper.releaseKeptLease(lease), this.unattendedKeeper.releaseKeptLease(lease)]),
    );
  }

  /** Stores whether the user is away from a connected device. */
  async setSocketAway(userId: string, socketId: string, away: boolean): Promise<void> {
    const lease = { group: userId, member: socketId };
    await this.announceIfChanged(userId, () =>
      away ? this.unattendedKeeper.keepLeaseRenewed(lease) : this.unattendedKeeper.releaseKeptLease(lease),
    );
  }

  /** Starts the step at once, since it has to run even if the previous attendance cannot be loaded. */
  private async announceIfChanged(userId: string, step: () => Promise<unknown>): Promise<void> {
    const [[before]] = await Promise.all([this.loadAttendances([userId]), step()]);
    const [after] = await this.loadAttendances([userId]);
    if (after !== before) this.changed.next(userId);
  }

  /** Always announces the user, as it is unknown whether that happened before the store failed. */
  private async restoreUserSocket(userId: string, socketId: string): Promise<void> {
    await this.addUserSocket(userId, socketId);
    this.changed.next(userId);
  }

  private async announceUnlessOnline(userId: string): Promise<void> {
    const [attendance] = await this.loadAttendances([userId]);
    if (attendance !== 'online') this.changed.next(userId);
  }
}
