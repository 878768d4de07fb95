import { type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
} from '@nestjs/websockets';
import { AuthRenewDto } from '@webcall/contracts';
import { Background } from './background';
import { Connections } from './connections';
import { Presence } from './presence';
import { Realtime } from './realtime';
import { type Answer, RealtimeGateway } from './realtime-gateway';
import { RoomMemberships } from './room-memberships';
import type { RealtimeServer, ServerSocket } from './socket';

/** Sockets that come and go, and what all of them have in common. */
@RealtimeGateway()
export class ConnectionsGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnModuleInit, BeforeApplicationShutdown
{
  constructor(
    private readonly connections: Connections,
    private readonly realtime: Realtime,
    private readonly presence: Presence,
    private readonly memberships: RoomMemberships,
    private readonly background: Background,
  ) {}

  onModuleInit(): void {
    this.presence.changed.subscribe(({ userId }) =>
      this.background.run('telling of presence', () => this.tellPresence(userId)),
    );
  }

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
    return this.connections.close(this.realtime.server.sockets.sockets.values());
  }

  @SubscribeMessage('auth:renew')
  async renew(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: AuthRenewDto,
  ): Promise<Answer<'auth:renew'>> {
    return { expiresIn: await this.connections.renew(socket, body.token) };
  }

  /** Tells what is true now, so that somebody who comes and goes quickly is not left as they were in between. */
  private async tellPresence(userId: string): Promise<void> {
    const roomIds = await this.memberships.roomIds(userId);
    const online = (await this.presence.online([userId])).has(userId);
    if (roomIds.length > 0) this.realtime.toRooms(roomIds).emit('presence:changed', { userId, online });
  }
}
