import { Injectable } from '@nestjs/common';
import { type DomainEvents, OnEvent } from '../platform/events/domain-events';
import { Realtime } from '../platform/realtime/realtime';

/** Sends stored messages, and what became of them, to the devices of the members. */
@Injectable()
export class MessageAnnouncer {
  constructor(private readonly realtime: Realtime) {}

  /** A repeated message too: the first event may have been lost with its connection. */
  @OnEvent('message.posted')
  announcePostedMessage({ message }: DomainEvents['message.posted']): void {
    this.realtime.toRoomMembers(message.roomId).emit('chat:posted', message);
  }

  @OnEvent('message.changed')
  announceChangedMessage({ message }: DomainEvents['message.changed']): void {
    this.realtime.toRoomMembers(message.roomId).emit('chat:changed', message);
  }

  /** Only the reader's own devices need it: told to a room of 500, the reading of one message would be 250,000 events. */
  @OnEvent('messages.read')
  announceReadPosition({ roomId, userId, seq }: DomainEvents['messages.read']): void {
    this.realtime.toUserDevices(userId).emit('chat:read', { roomId, userId, seq });
  }
}
