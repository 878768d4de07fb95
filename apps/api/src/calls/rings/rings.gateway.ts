import { ConnectedSocket, MessageBody, type OnGatewayDisconnect } from '@nestjs/websockets';
import { RingCancelDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { Command } from '../../platform/realtime/command';
import { CommandPrincipal, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
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

  @Command('ring:start', { ordered: true, limit: 'socket:attention' })
  async handleRingStart(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingStartDto,
  ) {
    return { rings: await this.rings.startRinging(who, socket, body) };
  }

  @Command('ring:list')
  async handleRingList(@CommandPrincipal() who: Principal) {
    return { rings: await this.rings.listRingsOfUser(who) };
  }

  @Command('ring:reach')
  handleRingReach(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingRefDto,
  ) {
    return this.rings.registerRingingDevice(who, socket, body);
  }

  @Command('ring:accept', { ordered: true })
  async handleRingAccept(@CommandPrincipal() who: Principal, @MessageBody() body: RingRefDto) {
    return { ring: await this.rings.acceptIncomingRing(who, body) };
  }

  @Command('ring:decline', { ordered: true })
  async handleRingDecline(@CommandPrincipal() who: Principal, @MessageBody() body: RingRefDto) {
    return { ring: await this.rings.declineIncomingRing(who, body) };
  }

  @Command('ring:hold', { ordered: true })
  async handleRingHold(@CommandPrincipal() who: Principal, @MessageBody() body: RingRefDto) {
    return { ring: await this.rings.holdIncomingRing(who, body) };
  }

  @Command('ring:cancel', { ordered: true })
  handleRingCancel(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingCancelDto,
  ) {
    return this.rings.cancelOutgoingRing(who, socket, body);
  }
}
