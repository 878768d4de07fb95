import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LiveStore } from '../live/live-store';
import { BackgroundTasks } from './background-tasks';
import { Realtime } from './realtime';
import { SocketRights } from './socket-rights';

/** Injection token of how often open sockets are compared with the database, in ms. */
export const RECONCILE_INTERVAL = Symbol('ReconcileEveryMs');

/**
 * Regularly compares open sockets with the database. Replicas inform each other through the store about ended sessions
 * and removed members, but the store may be unavailable or refuse writes without anybody noticing. So each replica also
 * queries the database, for all its sockets at once, and again as soon as the store is back.
 */
@Injectable()
export class SocketReconciliation implements OnModuleInit {
  constructor(
    private readonly live: LiveStore,
    private readonly realtime: Realtime,
    private readonly rights: SocketRights,
    private readonly background: BackgroundTasks,
    @Inject(RECONCILE_INTERVAL) private readonly everyMs: number,
  ) {}

  onModuleInit(): void {
    const task = 'comparing sockets with the database';
    const compare = (): Promise<void> => this.rights.alignSocketRights(this.realtime.listLocalSockets());
    this.live.restored.subscribe(() => this.background.runInBackground(task, compare));
    if (this.live.shared) this.background.repeatInBackground(task, this.everyMs, compare);
  }
}
