import { Global, Module } from '@nestjs/common';
import { Background } from './background';
import { Connections } from './connections';
import { ConnectionsGateway } from './connections.gateway';
import { Outgoing } from './outgoing';
import { Presence } from './presence';
import { Realtime } from './realtime';
import { RECONCILE_EVERY_MS, Reconciliation } from './reconciliation';
import { realtimeMetrics } from './realtime-metrics';
import { SocketRights } from './socket-rights';
import { Turns } from './turns';

/** How often open sockets are compared with the database where there are other replicas, in ms. */
export const RECONCILE_EVERY = 15_000;

/** The sockets: who is connected, what is told to whom, and what every gateway has in common. */
@Global()
@Module({
  providers: [
    { provide: RECONCILE_EVERY_MS, useValue: RECONCILE_EVERY },
    Reconciliation,
    SocketRights,
    Background,
    Outgoing,
    Presence,
    Realtime,
    Turns,
    Connections,
    ConnectionsGateway,
    ...realtimeMetrics,
  ],
  exports: [Background, Outgoing, Presence, Realtime, Turns, ...realtimeMetrics],
})
export class RealtimeModule {}
