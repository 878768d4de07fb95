import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, SubscribeMessage } from '@nestjs/websockets';
import {
  CallJoinDto,
  CallReportDto,
  CallResumeDto,
  CallUpdateDto,
  RoomRefDto,
  SignalSendDto,
} from '@webcall/contracts';
import type { DisconnectReason } from 'socket.io';
import type { Principal } from '../../platform/access/principal';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { CommandPrincipal, type CommandResult, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { LinkReports } from '../signals/link-reports';
import { SignalsService } from '../signals/signals.service';
import { CallsService } from './calls.service';

/** Socket commands to open rooms, take part in calls and send signals. */
@RealtimeGateway()
export class CallsGateway implements OnGatewayDisconnect {
  constructor(
    private readonly calls: CallsService,
    private readonly signals: SignalsService,
    private readonly reports: LinkReports,
    private readonly background: BackgroundTasks,
  ) {}

  handleDisconnect(socket: ServerSocket, reason: DisconnectReason): void {
    // The server itself closes a socket only when its session is over.
    const sessionOver = reason === 'server namespace disconnect';
    this.background.runInBackground('leaving the seat of a socket', () =>
      this.calls.handleSeatDisconnect(socket, sessionOver),
    );
  }

  @SubscribeMessage('room:open')
  handleRoomOpen(
    @CommandPrincipal() who: Principal,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<CommandResult<'room:open'>> {
    return this.calls.loadRoomWithCall(who, roomId);
  }

  @SubscribeMessage('call:get')
  async handleCallGet(
    @CommandPrincipal() who: Principal,
    @MessageBody() { roomId }: RoomRefDto,
  ): Promise<CommandResult<'call:get'>> {
    return { call: await this.calls.loadCallForMember(who, roomId) };
  }

  @SubscribeMessage('call:join')
  handleCallJoin(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallJoinDto,
  ): Promise<CommandResult<'call:join'>> {
    return this.calls.joinRoomCall(who, socket, body);
  }

  @SubscribeMessage('call:resume')
  handleCallResume(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallResumeDto,
  ): Promise<CommandResult<'call:resume'>> {
    return this.calls.resumeRoomCall(who, socket, body);
  }

  @SubscribeMessage('call:leave')
  handleCallLeave(@ConnectedSocket() socket: ServerSocket): Promise<CommandResult<'call:leave'> | void> {
    return this.calls.leaveRoomCall(socket);
  }

  @SubscribeMessage('call:update')
  async handleCallUpdate(
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallUpdateDto,
  ): Promise<CommandResult<'call:update'>> {
    return { version: await this.calls.updateOwnMedia(socket, body) };
  }

  @SubscribeMessage('call:report')
  handleCallReport(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReportDto): void {
    this.reports.countLinkReport(socket, body);
  }

  @SubscribeMessage('signal:send')
  handleSignalSend(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: SignalSendDto): Promise<void> {
    return this.signals.relaySignal(socket, body);
  }

  @SubscribeMessage('ice:get')
  handleIceGet(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
  ): Promise<CommandResult<'ice:get'>> {
    return this.calls.issueIceServers(who, socket);
  }
}
