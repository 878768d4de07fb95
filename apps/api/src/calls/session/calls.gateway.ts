import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import type { DisconnectReason } from 'socket.io';
import {
  CallJoinDto,
  CallReportDto,
  CallResumeDto,
  CallUpdateDto,
  RoomRefDto,
  SignalSendDto,
} from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { Background } from '../../platform/realtime/background';
import { type Answer, Caller, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/socket';
import { CallsService } from './calls.service';
import { LinkReports } from '../signals/link-reports';
import { SignalsService } from '../signals/signals.service';

/** Commands about calls. */
@RealtimeGateway()
export class CallsGateway implements OnGatewayDisconnect {
  constructor(
    private readonly calls: CallsService,
    private readonly signals: SignalsService,
    private readonly reports: LinkReports,
    private readonly background: Background,
  ) {}

  handleDisconnect(socket: ServerSocket, reason: DisconnectReason): void {
    // The server itself closes a socket only when its session is over.
    const over = reason === 'server namespace disconnect';
    this.background.run('leaving the seat of a socket', () => this.calls.disconnected(socket, over));
  }

  @SubscribeMessage('room:open')
  open(@Caller() who: Principal, @MessageBody() { roomId }: RoomRefDto): Promise<Answer<'room:open'>> {
    return this.calls.open(who, roomId);
  }

  @SubscribeMessage('call:get')
  async get(@Caller() who: Principal, @MessageBody() { roomId }: RoomRefDto): Promise<Answer<'call:get'>> {
    return { call: await this.calls.get(who, roomId) };
  }

  @SubscribeMessage('call:join')
  join(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallJoinDto,
  ): Promise<Answer<'call:join'>> {
    return this.calls.join(who, socket, body);
  }

  @SubscribeMessage('call:resume')
  resume(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallResumeDto,
  ): Promise<Answer<'call:resume'>> {
    return this.calls.resume(who, socket, body);
  }

  @SubscribeMessage('call:leave')
  leave(@ConnectedSocket() socket: ServerSocket): Promise<Answer<'call:leave'> | void> {
    return this.calls.leave(socket);
  }

  @SubscribeMessage('call:update')
  async update(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallUpdateDto,
  ): Promise<Answer<'call:update'>> {
    return { version: await this.calls.update(socket, body) };
  }

  @SubscribeMessage('call:report')
  report(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReportDto): void {
    this.reports.take(socket, body);
  }

  @SubscribeMessage('signal:send')
  signal(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: SignalSendDto): Promise<void> {
    return this.signals.send(socket, body);
  }

  @SubscribeMessage('ice:get')
  ice(@Caller() who: Principal, @ConnectedSocket() socket: ServerSocket): Promise<Answer<'ice:get'>> {
    return this.calls.ice(who, socket);
  }
}
