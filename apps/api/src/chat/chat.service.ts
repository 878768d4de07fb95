import { Injectable } from '@nestjs/common';
import { KeyedMutex } from '@webcall/base';
import {
  type ChatDeleteDto,
  type ChatEditDto,
  type ChatReadDto,
  type ChatSealDto,
  type ChatSendDto,
  type ChatTypeDto,
  type MessageChangesQueryDto,
  type MessageDto,
  type MessagesDto,
  type MessagesQueryDto,
  postedContentOf,
  PROTOCOL_LIMITS,
  sealedEpochOf,
} from '@webcall/contracts';
import { editableTextOf, isEntryContent, type MessageContent, trafficSizeOf } from '@webcall/domain';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Principal } from '../platform/access/principal';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { Realtime } from '../platform/realtime/realtime';
import { LimitBudgets } from '../platform/throttling/limit-budgets';
import { RoomsService } from '../rooms/rooms.service';
import { MessageStore } from './message-store';

/** Names of the metrics of messages. */
const CHAT_METRICS = { messages: 'webcall_messages_total' } as const;

export const chatMetricProviders = [
  makeCounterProvider({ name: CHAT_METRICS.messages, help: 'Messages that were posted' }),
];

/** Stores the messages of members and sends them to the room. A message is sent only after it has been stored. */
@Injectable()
export class ChatService {
  /** Messages of one room wait here, and not each with a connection in the database, where the room is locked. */
  private readonly turns = new KeyedMutex<string>();

  constructor(
    private readonly rooms: RoomsService,
    private readonly realtime: Realtime,
    private readonly messages: MessageStore,
    private readonly events: EventBus,
    private readonly budgets: LimitBudgets,
    @InjectMetric(CHAT_METRICS.messages) private readonly counter: Counter,
  ) {}

  /**
   * Posts a message, plain or sealed. A repeat with the same id only sends the event again, because the first one may
   * have been lost. The access is checked by the statement that stores the message, and again only to say why it has
   * stored none.
   */
  async postChatMessage(who: Principal, command: ChatSendDto | ChatSealDto): Promise<number> {
    await this.budgets.spendBudget(trafficSizeOf(postedContentOf(command)), ['traffic:chat', who.userId]);
    return (await this.storeNewMessage(who, command)) ?? (await this.answerUnstoredMessage(who, command));
  }

  async editOwnMessage(who: Principal, { id, text, ...ref }: ChatEditDto): Promise<number> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'message:edit-own');
    await this.budgets.spendBudget(text.length, ['traffic:chat', who.userId]);
    const message = await this.requireRoomMessage(roomId, id);
    if (message.authorId !== who.userId || isEntryContent(message.content)) throw new AppError('forbidden');
    if (editableTextOf(message.content) === null) throw new AppError('message_not_found');
    return this.applyContentChange(message, { type: 'text', text });
  }

  /** Removes the content of a message, for both users also in a closed room; its number and author stay. */
  async deleteMessageContent(who: Principal, { id, ...ref }: ChatDeleteDto): Promise<number> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'message:delete-own');
    const message = await this.requireRoomMessage(roomId, id);
    if (message.authorId !== who.userId) await this.rooms.requireMember(who, roomId, 'message:delete-any');
    if (isEntryContent(message.content)) throw new AppError('forbidden');
    return message.content.type === 'deleted'
      ? message.revision
      : this.applyContentChange(message, { type: 'deleted' });
  }

  /** The access is checked by the statement that stores the position, and again only to say why it has stored none. */
  async storeMessagesRead(who: Principal, { roomId, seq }: ChatReadDto): Promise<number> {
    const { userId } = who;
    const reached = await this.events.runStatement(['messages.read'], async (manager) => {
      const read = await this.messages.advanceReadPosition(manager, roomId, userId, seq);
      if (read?.moved) await this.events.publishEvent(manager, 'messages.read', { roomId, userId, seq: read.seq });
      return read?.seq;
    });
    if (reached !== undefined) return reached;
    await this.rooms.requireMember(who, roomId, 'message:read');
    // Otherwise the user is a member only since a moment ago.
    throw new AppError('unavailable');
  }

  async broadcastTyping(who: Principal, { typing, ...ref }: ChatTypeDto): Promise<void> {
    const { roomId, userId, userName: name } = await this.rooms.requireMember(who, ref.roomId, 'message:post');
    this.realtime
      .toOtherRoomMembers(roomId, userId)
      .emit('chat:typed', { roomId, userId, name, typing: typing ?? true });
  }

  async loadMessagePage(who: Principal, roomId: string, query: MessagesQueryDto): Promise<MessagesDto> {
    // Read before the messages, so that a message stored in between is loaded twice rather than missed.
    const { lastSeq, revision } = await this.rooms.requireMember(who, roomId, 'message:read');
    const { after, before, limit = PROTOCOL_LIMITS.page.default } = query;
    if (after !== undefined && before !== undefined) {
      throw new AppError('invalid_input', { before: ['before and after cannot be combined'] });
    }
    const messages =
      after === undefined
        ? await this.messages.listMessagesBefore(roomId, before ?? Number.MAX_SAFE_INTEGER, limit)
        : await this.messages.listMessagesAfter(roomId, after, limit);
    return { messages, lastSeq, revision };
  }

  async loadMessageChanges(who: Principal, roomId: string, query: MessageChangesQueryDto): Promise<MessagesDto> {
    const { lastSeq, revision } = await this.rooms.requireMember(who, roomId, 'message:read');
    const messages = await this.messages.listMessagesChangedAfter(
      roomId,
      query.after,
      query.limit ?? PROTOCOL_LIMITS.page.default,
    );
    return { messages, lastSeq, revision };
  }

  /** @returns the number of the message, unless it was not stored */
  private async storeNewMessage(who: Principal, command: ChatSendDto | ChatSealDto): Promise<number | undefined> {
    const { roomId, id } = command;
    const posted = await this.turns.runExclusive(roomId, () =>
      this.events.runStatement(['message.posted'], async (manager) => {
        const content = { content: postedContentOf(command), sealedIn: sealedEpochOf(command) };
        const message = await this.messages.storePostedMessage(manager, roomId, id, who, content);
        if (message) await this.events.publishEvent(manager, 'message.posted', { message, repeated: false });
        return message;
      }),
    );
    if (posted) this.counter.inc();
    return posted?.seq;
  }

  /**
   * Answers for a message that was not stored: as before if it was stored earlier, else with the reason. If there is
   * none any more, since its author may post only now, it is stored after all.
   * @throws AppError as `requireMember` does; as `refuseSealing` says; device_required; id_taken; quota_reached; unavailable
   */
  private async answerUnstoredMessage(who: Principal, command: ChatSendDto | ChatSealDto): Promise<number> {
    const { roomId, userId } = await this.rooms.requireMember(who, command.roomId, 'message:post');
    const message = await this.messages.findMessage(command.id);
    if (!message) {
      await this.messages.requireSealing(roomId, sealedEpochOf(command));
      await this.messages.requireSealingDevice(who, postedContentOf(command));
      const seq = await this.storeNewMessage(who, command);
      if (seq === undefined) throw await this.messages.createUnstoredError(userId);
      return seq;
    }
    const isOwn = message.roomId === roomId && message.authorId === userId && !isEntryContent(message.content);
    if (!isOwn) throw new AppError('id_taken');
    await this.events.publishCommitted('message.posted', { message, repeated: true });
    return message.seq;
  }

  private async requireRoomMessage(roomId: string, id: string): Promise<MessageDto> {
    const message = await this.messages.findMessage(id);
    if (message?.roomId !== roomId) throw new AppError('message_not_found');
    return message;
  }

  private async applyContentChange({ roomId, id }: MessageDto, content: MessageContent): Promise<number> {
    return this.events.runStatement(['message.changed'], async (manager) => {
      const changed = await this.messages.replaceMessageContent(manager, roomId, id, content);
      if (!changed && content.type === 'text') await this.messages.requireSealing(roomId, null);
      if (!changed) throw new AppError('message_not_found');
      await this.events.publishEvent(manager, 'message.changed', { message: changed });
      return changed.revision;
    });
  }
}
