import { ConnectedSocket, MessageBody } from '@nestjs/websockets';
import {
  CallAllowDto,
  CallHandDto,
  CallHoldDto,
  CallReactDto,
  CallReadmitDto,
  CallRemoveDto,
  KnockAnswerDto,
  RoomRefDto,
} from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { Command } from '../../platform/realtime/command';
import { CommandPrincipal, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { ModerationService } from './moderation.service';

/** Socket commands of moderators, and for raised hands and reactions. */
@RealtimeGateway()
export class ModerationGateway {
  constructor(private readonly moderation: ModerationService) {}

  @Command('call:hold')
  async handleCallHold(@CommandPrincipal() who: Principal, @MessageBody() body: CallHoldDto) {
    return { version: await this.moderation.holdParticipantMedia(who, body) };
  }

  @Command('call:allow')
  async handleCallAllow(@CommandPrincipal() who: Principal, @MessageBody() body: CallAllowDto) {
    return { version: await this.moderation.allowParticipantMedia(who, body) };
  }

  @Command('call:remove')
  async handleCallRemove(@CommandPrincipal() who: Principal, @MessageBody() body: CallRemoveDto) {
    return { version: await this.moderation.removeParticipant(who, body) };
  }

  @Command('call:readmit')
  async handleCallReadmit(@CommandPrincipal() who: Principal, @MessageBody() body: CallReadmitDto) {
    return { version: await this.moderation.readmitRemovedUser(who, body) };
  }

  @Command('call:end')
  handleCallEnd(@CommandPrincipal() who: Principal, @MessageBody() body: RoomRefDto): Promise<void> {
    return this.moderation.endCallForEverybody(who, body);
  }

  @Command('knock:answer')
  async handleKnockAnswer(@CommandPrincipal() who: Principal, @MessageBody() body: KnockAnswerDto) {
    return { version: await this.moderation.admitOrRefuseKnock(who, body) };
  }

  @Command('call:hand', { limit: 'socket:status' })
  async handleCallHand(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallHandDto,
  ) {
    return { version: await this.moderation.setHandRaised(who, socket, body) };
  }

  @Command('call:react', { limit: 'socket:reactions' })
  handleCallReact(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReactDto): Promise<void> {
    return this.moderation.broadcastReaction(socket, body);
  }
}
