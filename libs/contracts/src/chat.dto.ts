import { type GroupEpoch, isVisibleText, type MessageContent, type PostedContent } from '@webcall/domain';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  Min,
} from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { PageLimitDto } from './pages.dto';
import { RoomRefDto } from './room-ref.dto';
import { IsBase64Url, KeepsRule, Length, MAX_STORED_INTEGER, NumberFromQuery } from './validation-rules';

/** Command `chat:send`. Sending the same id again posts nothing new and is answered with the same number. */
export class ChatSendDto extends RoomRefDto {
  /**
   * UUIDv7 made by the client.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsUUID()
  id!: string;

  /** @example "See you at eight" */
  @IsString()
  @Length(1, PROTOCOL_LIMITS.message.max)
  @KeepsRule(isVisibleText, 'text must have something to see, no control characters, and few marks on a letter')
  text!: string;
}

/** Command `chat:seal`. Sending the same id again posts nothing new and is answered with the same number. */
export class ChatSealDto extends RoomRefDto implements GroupEpoch {
  /**
   * UUIDv7 made by the client.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsUUID()
  id!: string;

  /**
   * The group of the room in which it is sealed.
   * @example 0
   */
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  generation!: number;

  /** @example 7 */
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  epoch!: number;

  /**
   * Names the secret of the epoch.
   * @example "kT3v9sXhQm2LwB7cAAECAw"
   */
  @IsBase64Url(PROTOCOL_LIMITS.sealed.keyId)
  keyId!: string;

  /**
   * The author’s device, to which the session must belong: otherwise it is refused with `device_required`.
   * @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"
   */
  @IsUUID()
  device!: string;

  /** @example "c2VhbGVkLCBhbmQgcGFkZGVk" */
  @IsBase64Url(PROTOCOL_LIMITS.sealed.box)
  box!: string;

  /** Ids of people whom it mentions. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(PROTOCOL_LIMITS.sealed.mostNotified)
  @IsUUID('all', { each: true })
  notify?: string[];
}

/** @returns what the command posts */
export function postedContentOf(command: ChatSendDto | ChatSealDto): PostedContent {
  if ('text' in command) return { type: 'text', text: command.text };
  const { keyId, device, box, notify } = command;
  return { type: 'sealed', keyId, device, box, ...(notify && { notify }) };
}

/** @returns the epoch in which it is sealed; null for a plain one */
export function sealedEpochOf(command: ChatSendDto | ChatSealDto): GroupEpoch | null {
  return 'text' in command ? null : { generation: command.generation, epoch: command.epoch };
}

/** Command `chat:edit`. Gives one's own message a new text. */
export class ChatEditDto extends ChatSendDto {}

/** Command `chat:delete`. Deletes one's own message, or, as a moderator, any message. */
export class ChatDeleteDto extends RoomRefDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  @IsUUID()
  id!: string;
}

/** Command `chat:read`. All messages up to this number have been read. */
export class ChatReadDto extends RoomRefDto {
  /** @example 42 */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq!: number;
}

/** Command `chat:type`. The user is typing, or has stopped. */
export class ChatTypeDto extends RoomRefDto {
  /** True by default. */
  @IsOptional()
  @IsBoolean()
  typing?: boolean;
}

/** A request for a page of a room's messages: the newest ones without `after` and `before`. */
export class MessagesQueryDto extends PageLimitDto {
  /**
   * Only messages with a greater number, oldest first.
   * @example 42
   */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;

  /** Only messages with a smaller number, those right before it. Not allowed together with `after`. */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;
}

/** A request for the messages that were edited or deleted since a revision. */
export class MessageChangesQueryDto extends PageLimitDto {
  /** @example 7 */
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after!: number;
}

/** A message, or another entry of a room. */
export class MessageDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  id!: string;

  roomId!: string;

  /**
   * Its number in the room, without gaps.
   * @example 42
   */
  seq!: number;

  /** The room's revision at its last change; 0 if it was never changed. */
  revision!: number;

  /** Null when the account was deleted. */
  authorId!: string | null;

  /**
   * Null when the account was deleted.
   * @example "anna"
   */
  authorName!: string | null;

  /** @example "2026-11-22T10:00:00.000Z" */
  sentAt!: string;

  /** When it was last edited; null if never. */
  editedAt!: string | null;

  content!: MessageContent;
}

/** A page of messages, ascending by number. */
export class MessagesDto {
  messages!: MessageDto[];

  /** The number of the newest message in the room. */
  lastSeq!: number;

  /** The room's revision. */
  revision!: number;
}

/** Answer to `chat:send`. */
export interface ChatSent {
  seq: number;
}

/** Event `chat:read`: the user has read all messages up to a number, perhaps on another device. */
export interface ChatReadEvent {
  roomId: string;
  userId: string;
  seq: number;
}

/** Event `chat:typed`. */
export interface ChatTypedEvent {
  roomId: string;
  userId: string;
  name: string;
  typing: boolean;
}
