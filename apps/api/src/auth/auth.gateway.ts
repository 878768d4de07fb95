import { ConnectedSocket, MessageBody } from '@nestjs/websockets';
import { AuthRenewDto } from '@webcall/contracts';
import { Command } from '../platform/realtime/command';
import { Connections } from '../platform/realtime/connections';
import { RealtimeGateway } from '../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../platform/realtime/server-socket';

/** Renews the access token of an open socket. */
@RealtimeGateway()
export class AuthGateway {
  constructor(private readonly connections: Connections) {}

  @Command('auth:renew')
  async renewSocketAuth(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: AuthRenewDto) {
    return { expiresIn: await this.connections.renewConnectionToken(socket, body.token) };
  }
}
