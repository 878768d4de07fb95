import { Inject, Injectable, type OnModuleInit, type OnApplicationShutdown } from '@nestjs/common';
import { Live } from '../live/live';
import { Background } from './background';
import { Realtime } from './realtime';
import { SocketRights } from './socket-rights';

/** Injection token of how often open sockets are compared with the database while the store is away, in ms. */
export const RECONCILE_EVERY_MS = Symbol('ReconcileEveryMs');

/**
 * Replicas tell each other through the store whose session has ended and who was taken out of which room. While it is away
 * each of them asks the database instead, for all of its sockets in one go; so it does when the store is back, and once
 * more after that, when what the replicas had to tell each other has arrived in whichever order.
 */
@Injectable()
export class Reconciliation implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private owed = false;

  constructor(
    private readonly live: Live,
    private readonly realtime: Realtime,
    private readonly rights: SocketRights,
    private readonly background: Background,
    @Inject(RECONCILE_EVERY_MS) private readonly everyMs: number,
  ) {}

  onModuleInit(): void {
    this.live.restored.subscribe(() => {
      this.owed = true;
      this.reconcile();
    });
    this.timer = setInterval(() => this.look(), this.everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const away = this.live.isAway();
    if (away || this.owed) this.reconcile();
    this.owed = away;
  }

  private reconcile(): void {
    this.background.run('comparing sockets with the database', () => this.rights.align(this.realtime.localSockets()));
  }
}
