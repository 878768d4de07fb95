import { Module } from '@nestjs/common';
import { chatMetrics } from './chat-metrics';
import { ChatGateway } from './chat.gateway';
import { ChatService } from './chat.service';
import { Messages } from './messages';
import { MessagesController } from './messages.controller';

/** Messages: over the socket as they are written, over REST as history. */
@Module({
  controllers: [MessagesController],
  providers: [Messages, ChatService, ChatGateway, ...chatMetrics],
})
export class ChatModule {}
