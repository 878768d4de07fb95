import { Injectable } from '@nestjs/common';
import {
  type ChatDeleteDto,
  type ChatEditDto,
  type ChatReadDto,
  type ChatSendDto,
  type ChatTypeDto,
  LIMITS,
  type MessageChangesQueryDto,
  type MessageContent,
  type MessageDto,
  type MessagesDto,
  type MessagesQueryDto,
} from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import { Realtime } from '../platform/realtime/realtime';
import { Budgets } from '../platform/throttling/budgets';
import { RoomsService } from '../rooms/rooms.service';
import { CHAT_METRICS } from './chat-metrics';
import { Messages } from './messages';

/** What members write to each other. A message is told after it has been stored. */
@Injectable()
export class ChatService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly realtime: Realtime,
    private readonly messages: Messages,
    private readonly budgets: Budgets,
    @InjectMetric(CHAT_METRICS.messages) private readonly counter: Counter,
  ) {}

  /** Posts a message. The same id again posts nothing, but tells it once more: the first telling may have been lost. */
  async send(who: Principal, { id, text, ...ref }: ChatSendDto): Promise<number> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'message:post');
    await this.budgets.spend(text.length, ['traffic:chat', who.userId]);
    const posted = await this.messages.write(roomId, id, who.userId, { type: 'text', text });
    if (posted) this.counter.inc();
    const message = posted ?? (await this.messages.find(id));
    const own = message?.roomId === roomId && message.authorId === who.userId && !isEntry(message);
    if (!own) throw new AppError('id_taken');
    this.realtime.toRoom(roomId).emit('chat:posted', message);
    return message.seq;
  }

  async edit(who: Principal, { id, text, ...ref }: ChatEditDto): Promise<number> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'message:edit-own');
    await this.budgets.spend(text.length, ['traffic:chat', who.userId]);
    const message = await this.require(roomId, id);
    if (message.authorId !== who.userId || isEntry(message)) throw new AppError('forbidden');
    if (message.content.type === 'deleted') throw new AppError('message_not_found');
    return this.change(message, { type: 'text', text });
  }

  /** Takes out what a message says; its number and author stay. In a closed room too: it is gone for both. */
  async delete(who: Principal, { id, ...ref }: ChatDeleteDto): Promise<number> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'message:delete-own');
    const message = await this.require(roomId, id);
    if (message.authorId !== who.userId) await this.rooms.requireMember(who, roomId, 'message:delete-any');
    if (isEntry(message)) throw new AppError('forbidden');
    return message.content.type === 'deleted' ? message.revision : this.change(message, { type: 'deleted' });
  }

  async read(who: Principal, { seq, ...ref }: ChatReadDto): Promise<number> {
    const { userId } = who;
    const { roomId, closed } = await this.rooms.requireMember(who, ref.roomId, 'message:read');
    const read = await this.messages.markRead(roomId, userId, seq);
    // Who is no contact any more does not learn when one reads.
    const hearers = closed ? this.realtime.toUser(userId) : this.realtime.toRoom(roomId);
    if (read.moved) hearers.emit('chat:read', { roomId, userId, seq: read.seq });
    return read.seq;
  }

  async type(who: Principal, { typing, ...ref }: ChatTypeDto): Promise<void> {
    const { roomId, userId, userName: name } = await this.rooms.requireMember(who, ref.roomId, 'message:post');
    this.realtime.toOthers(roomId, userId).emit('chat:typed', { roomId, userId, name, typing: typing ?? true });
  }

  async history(who: Principal, roomId: string, query: MessagesQueryDto): Promise<MessagesDto> {
    // Read before the messages, so that whatever comes in between is asked for again rather than missed.
    const { lastSeq, revision } = await this.rooms.requireMember(who, roomId, 'message:read');
    const { after, before, limit = LIMITS.page.default } = query;
    if (after !== undefined && before !== undefined) {
      throw new AppError('invalid_input', { before: ['before and after cannot be combined'] });
    }
    const messages =
      after === undefined
        ? await this.messages.before(roomId, before ?? Number.MAX_SAFE_INTEGER, limit)
        : await this.messages.after(roomId, after, limit);
    return { messages, lastSeq, revision };
  }

  async changes(who: Principal, roomId: string, query: MessageChangesQueryDto): Promise<MessagesDto> {
    const { lastSeq, revision } = await this.rooms.requireMember(who, roomId, 'message:read');
    const messages = await this.messages.changedAfter(roomId, query.after, query.limit ?? LIMITS.page.default);
    return { messages, lastSeq, revision };
  }

  private async require(roomId: string, id: string): Promise<MessageDto> {
    const message = await this.messages.find(id);
    if (message?.roomId !== roomId) throw new AppError('message_not_found');
    return message;
  }

  private async change({ roomId, id }: MessageDto, content: MessageContent): Promise<number> {
    const changed = await this.messages.change(roomId, id, content);
    if (!changed) throw new AppError('message_not_found');
    this.realtime.toRoom(roomId).emit('chat:changed', changed);
    return changed.revision;
  }
}

/** Entries are the server's, on whosever account they stand. */
function isEntry({ content }: MessageDto): boolean {
  return content.type !== 'text' && content.type !== 'deleted';
}
