import { ConnectedSocket, MessageBody, type OnGatewayDisconnect } from '@nestjs/websockets';
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
import { Command } from '../../platform/realtime/command';
import { CommandPrincipal, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
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

  @Command('room:open')
  handleRoomOpen(@CommandPrincipal() who: Principal, @MessageBody() { roomId }: RoomRefDto) {
    return this.calls.loadRoomWithCall(who, roomId);
  }

  @Command('call:get')
  async handleCallGet(@CommandPrincipal() who: Principal, @MessageBody() { roomId }: RoomRefDto) {
    return { call: await this.calls.loadCallForMember(who, roomId) };
  }

  @Command('call:join', { ordered: true, limit: 'socket:status' })
  handleCallJoin(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallJoinDto,
  ) {
    return this.calls.joinRoomCall(who, socket, body);
  }

  @Command('call:resume', { ordered: true, limit: 'socket:status' })
  handleCallResume(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallResumeDto,
  ) {
    return this.calls.resumeRoomCall(who, socket, body);
  }

  @Command('call:leave', { ordered: true })
  handleCallLeave(@ConnectedSocket() socket: ServerSocket) {
    return this.calls.leaveRoomCall(socket);
  }

  @Command('call:update', { ordered: true, limit: 'socket:status' })
  async handleCallUpdate(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallUpdateDto) {
    return { version: await this.calls.updateOwnMedia(socket, body) };
  }

  @Command('call:report')
  handleCallReport(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReportDto): void {
    this.reports.countLinkReport(socket, body);
  }

  @Command('signal:send', { limit: 'socket:signals' })
  handleSignalSend(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: SignalSendDto): Promise<void> {
    return this.signals.relaySignal(socket, body);
  }

  @Command('ice:get', { ordered: true })
  handleIceGet(@CommandPrincipal() who: Principal, @ConnectedSocket() socket: ServerSocket) {
    return this.calls.issueIceServers(who, socket);
  }
}
