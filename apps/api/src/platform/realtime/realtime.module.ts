import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BackgroundTasks } from './background-tasks';
import { Connections } from './connections';
import { ConnectionsGateway } from './connections.gateway';
import { OutgoingBuffers } from './outgoing-buffers';
import { PacketGathering } from './packet-gathering';
import { Realtime } from './realtime';
import { realtimeMetricProviders } from './realtime-metrics';
import { SocketCommandQueue } from './socket-command-queue';
import { SocketCommands } from './socket-commands';
import { RECONCILE_INTERVAL, SocketReconciliation } from './socket-reconciliation';
import { SocketRights } from './socket-rights';
import { UserPresence } from './user-presence';

/** How often open sockets are compared with the database if there are other replicas, in ms. */
export const DEFAULT_RECONCILE_MS = 15_000;

/** Connections and presence of sockets, sending events to them, and the common parts of all gateways. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: RECONCILE_INTERVAL, useValue: DEFAULT_RECONCILE_MS },
    SocketReconciliation,
    SocketRights,
    BackgroundTasks,
    OutgoingBuffers,
    PacketGathering,
    UserPresence,
    Realtime,
    SocketCommands,
    SocketCommandQueue,
    Connections,
    ConnectionsGateway,
    ...realtimeMetricProviders,
  ],
  exports: [
    BackgroundTasks,
    OutgoingBuffers,
    UserPresence,
    Realtime,
    SocketCommandQueue,
    Connections,
    ...realtimeMetricProviders,
  ],
})
export class RealtimeModule {}
