import { ConnectedSocket, MessageBody } from '@nestjs/websockets';
import { PresenceSetDto } from '@webcall/contracts';
import { Command } from '../platform/realtime/command';
import { RealtimeGateway } from '../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../platform/realtime/server-socket';
import { UserPresence } from '../platform/realtime/user-presence';

/** Takes the presence command. */
@RealtimeGateway()
export class ContactsGateway {
  constructor(private readonly presence: UserPresence) {}

  @Command('presence:set', { limit: 'socket:status' })
  async setDevicePresence(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { away }: PresenceSetDto,
  ): Promise<void> {
    // The state of a socket that has disconnected meanwhile would never be removed.
    if (socket.connected) await this.presence.setSocketAway(socket.data.principal.userId, socket.id, away);
  }
}
