import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';
import { LeaseKeeper } from '../live/lease-keeper';
import type { Leases } from '../live/leases';
import { Live } from '../live/live';
import { Background } from './background';

/** How long users count as here whose replica died, in ms. */
const PRESENCE_LEASE = 15_000;

/** Whether a user is at one of their devices, away from all of those that are connected, or has none. */
export type Attendance = 'online' | 'away' | 'offline';

/**
 * Who is here: each socket holds a lease for its user, and another one while nobody sits in front of it, so those of a
 * replica that died go by themselves.
 */
@Injectable()
export class Presence implements OnModuleInit, OnApplicationShutdown {
  /** Ids of users who came, went or turned to or from their devices. It may be told twice, and not in order: look anew. */
  readonly changed = new Subject<string>();

  private readonly sockets: Leases;
  private readonly unattended: Leases;
  private readonly socketKeeper: LeaseKeeper;
  private readonly unattendedKeeper: LeaseKeeper;
  /** Users by the sockets that came while the store was away. */
  private readonly unknown = new Map<string, string>();

  constructor(
    live: Live,
    private readonly background: Background,
  ) {
    this.sockets = live.leases('presence');
    this.unattended = live.leases('away');
    this.socketKeeper = new LeaseKeeper(this.sockets, {
      name: 'presence',
      ttlMs: PRESENCE_LEASE,
      onExpired: ({ group: userId }) => this.tellUnlessOnline(userId),
    });
    this.unattendedKeeper = new LeaseKeeper(this.unattended, {
      name: 'away',
      ttlMs: PRESENCE_LEASE,
      // Its socket's lease ends with it.
      onExpired: () => Promise.resolve(),
    });
  }

  onModuleInit(): void {
    this.socketKeeper.start();
    this.unattendedKeeper.start();
    this.sockets.restored.subscribe(() => {
      for (const [socketId, userId] of this.unknown) {
        this.background.run('coming online', () => this.cameBefore(userId, socketId));
      }
    });
  }

  onApplicationShutdown(): void {
    this.socketKeeper.stop();
    this.unattendedKeeper.stop();
  }

  /** @returns where the users are, in their order */
  async of(userIds: readonly string[]): Promise<Attendance[]> {
    const [sockets, unattended] = await Promise.all([this.sockets.members(userIds), this.unattended.members(userIds)]);
    return sockets.map((ids, i) => {
      if (ids.length === 0) return 'offline';
      return ids.every((id) => unattended[i]?.includes(id)) ? 'away' : 'online';
    });
  }

  async came(userId: string, socketId: string): Promise<void> {
    this.unknown.set(socketId, userId);
    await this.tellIfChanged(userId, () => this.socketKeeper.keep({ group: userId, member: socketId }));
    this.unknown.delete(socketId);
  }

  async went(userId: string, socketId: string): Promise<void> {
    const lease = { group: userId, member: socketId };
    this.unknown.delete(socketId);
    await this.tellIfChanged(userId, () =>
      Promise.all([this.socketKeeper.release(lease), this.unattendedKeeper.release(lease)]),
    );
  }

  /** Whether somebody sits in front of a connected device. */
  async set(userId: string, socketId: string, away: boolean): Promise<void> {
    const lease = { group: userId, member: socketId };
    await this.tellIfChanged(userId, () =>
      away ? this.unattendedKeeper.keep(lease) : this.unattendedKeeper.release(lease),
    );
  }

  /** The step is begun at once, also when the store cannot say what was before: it has to be taken in any case. */
  private async tellIfChanged(userId: string, step: () => Promise<unknown>): Promise<void> {
    const [[before]] = await Promise.all([this.of([userId]), step()]);
    const [after] = await this.of([userId]);
    if (after !== before) this.changed.next(userId);
  }

  /** Whether anybody was told in the meantime, nobody knows. */
  private async cameBefore(userId: string, socketId: string): Promise<void> {
    await this.came(userId, socketId);
    this.changed.next(userId);
  }

  private async tellUnlessOnline(userId: string): Promise<void> {
    const [attendance] = await this.of([userId]);
    if (attendance !== 'online') this.changed.next(userId);
  }
}
