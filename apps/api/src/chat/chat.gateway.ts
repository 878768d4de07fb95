import { MessageBody } from '@nestjs/websockets';
import { ChatDeleteDto, ChatEditDto, ChatReadDto, ChatSealDto, ChatSendDto, ChatTypeDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { Command } from '../platform/realtime/command';
import { CommandPrincipal, RealtimeGateway } from '../platform/realtime/realtime-gateway';
import { ChatService } from './chat.service';

/** Socket commands for messages. */
@RealtimeGateway()
export class ChatGateway {
  constructor(private readonly chat: ChatService) {}

  @Command('chat:send')
  async sendChatMessage(@CommandPrincipal() who: Principal, @MessageBody() body: ChatSendDto) {
    return { seq: await this.chat.postChatMessage(who, body) };
  }

  @Command('chat:seal')
  async sendSealedMessage(@CommandPrincipal() who: Principal, @MessageBody() body: ChatSealDto) {
    return { seq: await this.chat.postChatMessage(who, body) };
  }

  @Command('chat:edit')
  async editChatMessage(@CommandPrincipal() who: Principal, @MessageBody() body: ChatEditDto) {
    return { revision: await this.chat.editOwnMessage(who, body) };
  }

  @Command('chat:delete')
  async deleteChatMessage(@CommandPrincipal() who: Principal, @MessageBody() body: ChatDeleteDto) {
    return { revision: await this.chat.deleteMessageContent(who, body) };
  }

  @Command('chat:read')
  async markMessagesRead(@CommandPrincipal() who: Principal, @MessageBody() body: ChatReadDto) {
    return { seq: await this.chat.storeMessagesRead(who, body) };
  }

  @Command('chat:type', { limit: 'socket:status' })
  setTypingState(@CommandPrincipal() who: Principal, @MessageBody() body: ChatTypeDto) {
    return this.chat.broadcastTyping(who, body);
  }
}
