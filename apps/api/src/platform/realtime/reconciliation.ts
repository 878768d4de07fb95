import { Inject, Injectable, type OnModuleInit, type OnApplicationShutdown } from '@nestjs/common';
import { Live } from '../live/live';
import { Background } from './background';
import { Realtime } from './realtime';
import { SocketRights } from './socket-rights';

/** Injection token of how often open sockets are compared with the database, in ms. */
export const RECONCILE_EVERY_MS = Symbol('ReconcileEveryMs');

/**
 * Replicas tell each other through the store whose session has ended and who was taken out of which room. The store may be
 * away, or take no writes, which nobody is told; so each replica asks the database as well, for all of its sockets in one
 * go, and once more as soon as the store is back.
 */
@Injectable()
export class Reconciliation implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly live: Live,
    private readonly realtime: Realtime,
    private readonly rights: SocketRights,
    private readonly background: Background,
    @Inject(RECONCILE_EVERY_MS) private readonly everyMs: number,
  ) {}

  onModuleInit(): void {
    this.live.restored.subscribe(() => this.reconcile());
    if (this.live.shared) this.timer = setInterval(() => this.reconcile(), this.everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private reconcile(): void {
    this.background.run('comparing sockets with the database', () => this.rights.align(this.realtime.localSockets()));
  }
}
