import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { PresenceSetDto } from '@webcall/contracts';
import { Presence } from '../platform/realtime/presence';
import { RealtimeGateway } from '../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../platform/realtime/socket';

/** Commands about people. */
@RealtimeGateway()
export class ContactsGateway {
  constructor(private readonly presence: Presence) {}

  @SubscribeMessage('presence:set')
  async setPresence(@ConnectedSocket() socket: ServerSocket, @MessageBody() { away }: PresenceSetDto): Promise<void> {
    // Of one that has gone in the meantime nobody would take it back.
    if (socket.connected) await this.presence.set(socket.data.principal.userId, socket.id, away);
  }
}
