import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import { RoomRefDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { CommandPrincipal, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { KnocksService } from './knocks.service';

/** Socket commands of devices that knock to be let into a call. */
@RealtimeGateway()
export class KnocksGateway implements OnGatewayDisconnect {
  constructor(
    private readonly knocks: KnocksService,
    private readonly background: BackgroundTasks,
  ) {}

  handleDisconnect(socket: ServerSocket): void {
    this.background.runInBackground('cancelling the knocks of a socket', () =>
      this.knocks.cancelKnocksOfSocket(socket),
    );
  }

  @SubscribeMessage('knock:start')
  handleKnockStart(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.startKnocking(who, socket, roomId);
  }

  @SubscribeMessage('knock:cancel')
  handleKnockCancel(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.cancelOwnKnock(who, socket, roomId);
  }
}
