import { Module } from '@nestjs/common';
import { ChatGateway } from './chat.gateway';
import { chatMetricProviders, ChatService } from './chat.service';
import { MessageAnnouncer } from './message-announcer';
import { MessageStore } from './message-store';
import { MessagesController } from './messages.controller';
import { RoomEntries } from './room-entries';

/** Module of messages: live over the socket, as history over REST, and entries of the server for other features. */
@Module({
  controllers: [MessagesController],
  providers: [MessageStore, MessageAnnouncer, RoomEntries, ChatService, ChatGateway, ...chatMetricProviders],
  exports: [RoomEntries],
})
export class ChatModule {}
