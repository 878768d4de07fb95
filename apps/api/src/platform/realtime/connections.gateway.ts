import { type BeforeApplicationShutdown } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
} from '@nestjs/websockets';
import { AuthRenewDto } from '@webcall/contracts';
import { Connections } from './connections';
import { Realtime } from './realtime';
import { type Answer, RealtimeGateway } from './realtime-gateway';
import type { RealtimeServer, ServerSocket } from './socket';

/** Sockets that come and go, and what all of them have in common. */
@RealtimeGateway()
export class ConnectionsGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  constructor(
    private readonly connections: Connections,
    private readonly realtime: Realtime,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.realtime.attach(server);
    server.use(this.connections.admit);
  }

  handleConnection(socket: ServerSocket): void {
    this.connections.opened(socket);
  }

  handleDisconnect(socket: ServerSocket): void {
    this.connections.closed(socket);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.connections.close(this.realtime.localSockets());
  }

  @SubscribeMessage('auth:renew')
  async renew(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: AuthRenewDto,
  ): Promise<Answer<'auth:renew'>> {
    return { expiresIn: await this.connections.renew(socket, body.token) };
  }
}
