import { Module } from '@nestjs/common';
import { chatMetrics } from './chat-metrics';
import { ChatGateway } from './chat.gateway';
import { ChatService } from './chat.service';
import { Entries } from './entries';
import { Messages } from './messages';
import { MessagesController } from './messages.controller';

/** Messages: over the socket as they are written, over REST as history, and entries for other features. */
@Module({
  controllers: [MessagesController],
  providers: [Messages, Entries, ChatService, ChatGateway, ...chatMetrics],
  exports: [Entries],
})
export class ChatModule {}
