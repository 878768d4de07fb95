import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import { RingCancelDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { Background } from '../../platform/realtime/background';
import { type Answer, Caller, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/socket';
import { RingDevices } from './ring-devices';
import { RingsService } from './rings.service';

/** Commands about rings. */
@RealtimeGateway()
export class RingsGateway implements OnGatewayDisconnect {
  constructor(
    private readonly rings: RingsService,
    private readonly devices: RingDevices,
    private readonly background: Background,
  ) {}

  handleDisconnect(socket: ServerSocket): void {
    this.background.run('silencing the device of a socket', () => this.devices.gone(socket));
  }

  @SubscribeMessage('ring:start')
  async start(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingStartDto,
  ): Promise<Answer<'ring:start'>> {
    return { rings: await this.rings.start(who, socket, body) };
  }

  @SubscribeMessage('ring:list')
  async list(@Caller() who: Principal): Promise<Answer<'ring:list'>> {
    return { rings: await this.rings.list(who) };
  }

  @SubscribeMessage('ring:reach')
  reach(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingRefDto,
  ): Promise<Answer<'ring:reach'> | void> {
    return this.rings.reach(who, socket, body);
  }

  @SubscribeMessage('ring:accept')
  async accept(@Caller() who: Principal, @MessageBody() body: RingRefDto): Promise<Answer<'ring:accept'>> {
    return { ring: await this.rings.accept(who, body) };
  }

  @SubscribeMessage('ring:decline')
  async decline(@Caller() who: Principal, @MessageBody() body: RingRefDto): Promise<Answer<'ring:decline'>> {
    return { ring: await this.rings.decline(who, body) };
  }

  @SubscribeMessage('ring:hold')
  async hold(@Caller() who: Principal, @MessageBody() body: RingRefDto): Promise<Answer<'ring:hold'>> {
    return { ring: await this.rings.hold(who, body) };
  }

  @SubscribeMessage('ring:cancel')
  cancel(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: RingCancelDto,
  ): Promise<Answer<'ring:cancel'> | void> {
    return this.rings.cancel(who, socket, body);
  }
}
