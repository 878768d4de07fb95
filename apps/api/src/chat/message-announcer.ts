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

  /** In a closed room the other user, no longer a contact, must not learn when somebody reads. */
  @OnEvent('messages.read')
  announceReadPosition({ roomId, userId, seq, closed }: DomainEvents['messages.read']): void {
    const recipients = closed ? this.realtime.toUserDevices(userId) : this.realtime.toRoomMembers(roomId);
    recipients.emit('chat:read', { roomId, userId, seq });
  }
}
