import { MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { ChatDeleteDto, ChatEditDto, ChatReadDto, ChatSendDto, ChatTypeDto } from '@webcall/contracts';
import type { Principal } from '../platform/access/principal';
import { CommandPrincipal, type CommandResult, RealtimeGateway } from '../platform/realtime/realtime-gateway';
import { ChatService } from './chat.service';

/** Socket commands for messages. */
@RealtimeGateway()
export class ChatGateway {
  constructor(private readonly chat: ChatService) {}

  @SubscribeMessage('chat:send')
  async sendChatMessage(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: ChatSendDto,
  ): Promise<CommandResult<'chat:send'>> {
    return { seq: await this.chat.postChatMessage(who, body) };
  }

  @SubscribeMessage('chat:edit')
  async editChatMessage(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: ChatEditDto,
  ): Promise<CommandResult<'chat:edit'>> {
    return { revision: await this.chat.editOwnMessage(who, body) };
  }

  @SubscribeMessage('chat:delete')
  async deleteChatMessage(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: ChatDeleteDto,
  ): Promise<CommandResult<'chat:delete'>> {
    return { revision: await this.chat.deleteMessageContent(who, body) };
  }

  @SubscribeMessage('chat:read')
  async markMessagesRead(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: ChatReadDto,
  ): Promise<CommandResult<'chat:read'>> {
    return { seq: await this.chat.storeMessagesRead(who, body) };
  }

  @SubscribeMessage('chat:type')
  setTypingState(
    @CommandPrincipal() who: Principal,
    @MessageBody() body: ChatTypeDto,
  ): Promise<CommandResult<'chat:type'> | void> {
    return this.chat.broadcastTyping(who, body);
  }
}
