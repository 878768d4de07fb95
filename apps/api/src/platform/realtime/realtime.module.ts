import { Global, Module } from '@nestjs/common';
import { Background } from './background';
import { Connections } from './connections';
import { ConnectionsGateway } from './connections.gateway';
import { Outgoing } from './outgoing';
import { Presence } from './presence';
import { Realtime } from './realtime';
import { realtimeMetrics } from './realtime-metrics';
import { Turns } from './turns';

/** The sockets: who is connected, what is told to whom, and what every gateway has in common. */
@Global()
@Module({
  providers: [Background, Outgoing, Presence, Realtime, Turns, Connections, ConnectionsGateway, ...realtimeMetrics],
  exports: [Background, Outgoing, Presence, Realtime, Turns, ...realtimeMetrics],
})
export class RealtimeModule {}
