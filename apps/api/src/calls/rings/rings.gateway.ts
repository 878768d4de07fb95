import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import { RingCancelDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { CommandPrincipal, type CommandResult, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { RingDevices } from './ring-devices';
import { RingsService } from './rings.service';

/** Commands about rings. */
@RealtimeGateway()
export class RingsGateway implements OnGatewayDisconnect {
  constructor(
    private readonly rings: RingsService,
    private readonly devices: RingDevices,
    private readonly background: BackgroundTasks,
  ) {}

  handleDisconnect(socket: ServerSocket): void {
    this.background.runInBackground('releasing the ringing devices of a socket', () =>
      this.devices.releaseDevicesOfSocket(socket),
    );
  }

  @SubscribeMessage('ring:start')
  async handleRingStart(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingStartDto,
  ): Promise<CommandResult<'ring:start'>> {
    return { rings: await this.rings.startRinging(who, socket, body) };
  }

  @SubscribeMessage('ring:list')
  async handleRingList(@CommandPrincipal() who: Principal): Promise<CommandResult<'ring:list'>> {
    return { rings: await this.rings.listRingsOfUser(who) };
  }

  @SubscribeMessage('ring:reach')
  handleRingReach(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingRefDto,
  ): Promise<CommandResult<'ring:reach'> | void> {
    return this.rings.registerRingingDevice(who, socket, body);
  }

  @SubscribeMessage('ring:accept')
  async handleRingAccept(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: RingRefDto,
  ): Promise<CommandResult<'ring:accept'>> {
    return { ring: await this.rings.acceptIncomingRing(who, body) };
  }

  @SubscribeMessage('ring:decline')
  async handleRingDecline(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: RingRefDto,
  ): Promise<CommandResult<'ring:decline'>> {
    return { ring: await this.rings.declineIncomingRing(who, body) };
  }

  @SubscribeMessage('ring:hold')
  async handleRingHold(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: RingRefDto,
  ): Promise<CommandResult<'ring:hold'>> {
    return { ring: await this.rings.holdIncomingRing(who, body) };
  }

  @SubscribeMessage('ring:cancel')
  handleRingCancel(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingCancelDto,
  ): Promise<CommandResult<'ring:cancel'> | void> {
    return this.rings.cancelOutgoingRing(who, socket, body);
  }
}
