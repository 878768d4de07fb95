import { ConnectedSocket, MessageBody, type OnGatewayDisconnect } from '@nestjs/websockets';
import { RoomRefDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { Command } from '../../platform/realtime/command';
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

  @Command('knock:start', { ordered: true, limit: 'socket:attention' })
  handleKnockStart(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.startKnocking(who, socket, roomId);
  }

  @Command('knock:cancel', { ordered: true })
  handleKnockCancel(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<void> {
    return this.knocks.cancelOwnKnock(who, socket, roomId);
  }
}
