import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import { RoomRefDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { Background } from '../../platform/realtime/background';
import { Caller, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/socket';
import { KnocksService } from './knocks.service';

/** Commands of those who wait at the door. */
@RealtimeGateway()
export class KnocksGateway implements OnGatewayDisconnect {
  constructor(
    private readonly knocks: KnocksService,
    private readonly background: Background,
  ) {}

  handleDisconnect(socket: ServerSocket): void {
    this.background.run('taking back the knocks of a socket', () => this.knocks.disconnected(socket));
  }

  @SubscribeMessage('knock:start')
  start(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.start(who, socket, roomId);
  }

  @SubscribeMessage('knock:cancel')
  cancel(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.cancel(who, socket, roomId);
  }
}
