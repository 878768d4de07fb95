import { MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { ChatDeleteDto, ChatEditDto, ChatReadDto, ChatSendDto, ChatTypeDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { type Answer, Caller, RealtimeGateway } from '../platform/realtime/realtime-gateway';
import { ChatService } from './chat.service';

/** Commands about messages. */
@RealtimeGateway()
export class ChatGateway {
  constructor(private readonly chat: ChatService) {}

  @SubscribeMessage('chat:send')
  async send(@Caller() who: Principal, @MessageBody() body: ChatSendDto): Promise<Answer<'chat:send'>> {
    return { seq: await this.chat.send(who, body) };
  }

  @SubscribeMessage('chat:edit')
  async edit(@Caller() who: Principal, @MessageBody() body: ChatEditDto): Promise<Answer<'chat:edit'>> {
    return { revision: await this.chat.edit(who, body) };
  }

  @SubscribeMessage('chat:delete')
  async delete(@Caller() who: Principal, @MessageBody() body: ChatDeleteDto): Promise<Answer<'chat:delete'>> {
    return { revision: await this.chat.delete(who, body) };
  }

  @SubscribeMessage('chat:read')
  async read(@Caller() who: Principal, @MessageBody() body: ChatReadDto): Promise<Answer<'chat:read'>> {
    return { seq: await this.chat.read(who, body) };
  }

  @SubscribeMessage('chat:type')
  type(@Caller() who: Principal, @MessageBody() body: ChatTypeDto): Promise<Answer<'chat:type'> | void> {
    return this.chat.type(who, body);
  }
}
