import { type BeforeApplicationShutdown } from '@nestjs/common';
import type { OnGatewayConnection, OnGatewayDisconnect, OnGatewayInit } from '@nestjs/websockets';
import { Connections } from './connections';
import { Realtime } from './realtime';
import { RealtimeGateway } from './realtime-gateway';
import type { RealtimeServer, ServerSocket } from './server-socket';

/** Gateway for connecting and disconnecting sockets. */
@RealtimeGateway()
export class ConnectionsGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  constructor(
    private readonly connections: Connections,
    private readonly realtime: Realtime,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.realtime.attachServer(server);
    server.use(this.connections.admitSocket);
  }

  handleConnection(socket: ServerSocket): void {
    this.connections.handleSocketOpened(socket);
  }

  handleDisconnect(socket: ServerSocket): void {
    this.connections.handleSocketClosed(socket);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.connections.closeLocalSockets(this.realtime.listLocalSockets());
  }
}
