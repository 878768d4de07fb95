import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';
import { LeaseKeeper } from '../live/lease-keeper';
import type { Leases } from '../live/leases';
import { Live } from '../live/live';

/** How long users count as online whose replica died, in ms. */
const PRESENCE_LEASE = 15_000;

/** Who is online: each socket holds a lease for its user, so those of a replica that died go by themselves. */
@Injectable()
export class Presence implements OnModuleInit, OnApplicationShutdown {
  /** Ids of users who came or went, each told by one replica only. */
  readonly changed = new Subject<string>();

  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;

  constructor(live: Live) {
    this.leases = live.leases('presence');
    this.keeper = new LeaseKeeper(this.leases, {
      name: 'presence',
      ttlMs: PRESENCE_LEASE,
      onExpired: ({ group: userId }) => this.tellIfGone(userId),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  /** @returns those of the users who have a connected device */
  async online(userIds: readonly string[]): Promise<Set<string>> {
    const sockets = await this.leases.members(userIds);
    return new Set(userIds.filter((_, i) => sockets[i]?.length));
  }

  async came(userId: string, socketId: string): Promise<void> {
    if (await this.keeper.keep({ group: userId, member: socketId })) this.changed.next(userId);
  }

  async went(userId: string, socketId: string): Promise<void> {
    if (await this.keeper.release({ group: userId, member: socketId })) this.changed.next(userId);
  }

  private async tellIfGone(userId: string): Promise<void> {
    if (!(await this.online([userId])).has(userId)) this.changed.next(userId);
  }
}
