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
import { type CommandResult, RealtimeGateway } from './realtime-gateway';
import type { RealtimeServer, ServerSocket } from './server-socket';

/** Gateway for connecting and disconnecting sockets, and for renewing their access tokens. */
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

  @SubscribeMessage('auth:renew')
  async renewSocketAuth(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: AuthRenewDto,
  ): Promise<CommandResult<'auth:renew'>> {
    return { expiresIn: await this.connections.renewConnectionToken(socket, body.token) };
  }
}
