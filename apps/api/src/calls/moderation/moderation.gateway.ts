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
import { type Answer, Caller, RealtimeGateway } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/socket';
import { ModerationService } from './moderation.service';

/** Commands of moderators, and the signs that participants give. */
@RealtimeGateway()
export class ModerationGateway {
  constructor(private readonly moderation: ModerationService) {}

  @SubscribeMessage('call:hold')
  async hold(@Caller() who: Principal, @MessageBody() body: CallHoldDto): Promise<Answer<'call:hold'>> {
    return { version: await this.moderation.hold(who, body) };
  }

  @SubscribeMessage('call:allow')
  async allow(@Caller() who: Principal, @MessageBody() body: CallAllowDto): Promise<Answer<'call:allow'>> {
    return { version: await this.moderation.allow(who, body) };
  }

  @SubscribeMessage('call:remove')
  async remove(@Caller() who: Principal, @MessageBody() body: CallRemoveDto): Promise<Answer<'call:remove'>> {
    return { version: await this.moderation.remove(who, body) };
  }

  @SubscribeMessage('call:readmit')
  async readmit(@Caller() who: Principal, @MessageBody() body: CallReadmitDto): Promise<Answer<'call:readmit'>> {
    return { version: await this.moderation.readmit(who, body) };
  }

  @SubscribeMessage('call:end')
  end(@Caller() who: Principal, @MessageBody() body: RoomRefDto): Promise<void> {
    return this.moderation.end(who, body);
  }

  @SubscribeMessage('knock:answer')
  async answer(@Caller() who: Principal, @MessageBody() body: KnockAnswerDto): Promise<Answer<'knock:answer'>> {
    return { version: await this.moderation.answerKnock(who, body) };
  }

  @SubscribeMessage('call:hand')
  async hand(
    @Caller() who: Principal,
    @ConnectedSocket() socket: ServerSocket,
    @MessageBody() body: CallHandDto,
  ): Promise<Answer<'call:hand'>> {
    return { version: await this.moderation.hand(who, socket, body) };
  }

  @SubscribeMessage('call:react')
  react(@ConnectedSocket() socket: ServerSocket, @MessageBody() body: CallReactDto): Promise<void> {
    return this.moderation.react(socket, body);
  }
}
