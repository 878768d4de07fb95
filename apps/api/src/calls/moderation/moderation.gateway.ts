import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
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
import { CommandPrincipal, type CommandResult, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { ModerationService } from './moderation.service';

/** Socket commands of moderators, and for raised hands and reactions. */
@RealtimeGateway()
export class ModerationGateway {
  constructor(private readonly moderation: ModerationService) {}

  @SubscribeMessage('call:hold')
  async handleCallHold(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: CallHoldDto,
  ): Promise<CommandResult<'call:hold'>> {
    return { version: await this.moderation.holdParticipantMedia(who, body) };
  }

  @SubscribeMessage('call:allow')
  async handleCallAllow(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: CallAllowDto,
  ): Promise<CommandResult<'call:allow'>> {
    return { version: await this.moderation.allowParticipantMedia(who, body) };
  }

  @SubscribeMessage('call:remove')
  async handleCallRemove(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: CallRemoveDto,
  ): Promise<CommandResult<'call:remove'>> {
    return { version: await this.moderation.removeParticipant(who, body) };
  }

  @SubscribeMessage('call:readmit')
  async handleCallReadmit(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: CallReadmitDto,
  ): Promise<CommandResult<'call:readmit'>> {
    return { version: await this.moderation.readmitRemovedUser(who, body) };
  }

  @SubscribeMessage('call:end')
  handleCallEnd(@CommandPrincipal() who: Principal, @MessageBody() body: RoomRefDto): Promise<void> {
    return this.moderation.endCallForEverybody(who, body);
  }

  @SubscribeMessage('knock:answer')
  async handleKnockAnswer(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: KnockAnswerDto,
  ): Promise<CommandResult<'knock:answer'>> {
    return { version: await this.moderation.admitOrRefuseKnock(who, body) };
  }

  @SubscribeMessage('call:hand')
  async handleCallHand(
    @CommandPrincipal() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallHandDto,
  ): Promise<CommandResult<'call:hand'>> {
    return { version: await this.moderation.setHandRaised(who, socket, body) };
  }

  @SubscribeMessage('call:react')
  handleCallReact(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReactDto): Promise<void> {
    return this.moderation.broadcastReaction(socket, body);
  }
}
