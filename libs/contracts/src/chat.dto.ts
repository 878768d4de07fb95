import { IsBoolean, IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { LIMITS } from './limits';
import { RoomRefDto } from './room-ref.dto';
import { Length, NumberFromQuery, VISIBLE_TEXT } from './rules';

/** Command `chat:send`. Sending the same id again repeats nothing and answers with the same number. */
export class ChatSendDto extends RoomRefDto {
  /**
   * UUIDv7 made by the client.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsUUID()
  id!: string;

  /** @example "See you at eight" */
  @IsString()
  @Length(1, LIMITS.message.max)
  @Matches(VISIBLE_TEXT, { message: 'text must not be empty' })
  text!: string;
}

/** Command `chat:edit`: a new text for one's own message. */
export class ChatEditDto extends ChatSendDto {}

/** Command `chat:delete`: one's own message, or any as moderator. */
export class ChatDeleteDto extends RoomRefDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  @IsUUID()
  id!: string;
}

/** Command `chat:read`: everything up to this number has been read. */
export class ChatReadDto extends RoomRefDto {
  /** @example 42 */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq!: number;
}

/** Command `chat:type`: the author writes, or has stopped. */
export class ChatTypeDto extends RoomRefDto {
  /** Without it, true. */
  @IsOptional()
  @IsBoolean()
  typing?: boolean;
}

/** A page of a room's messages. Without `after` and `before` the newest ones. */
export class MessagesQueryDto {
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

  /** Only messages with a smaller number: the ones right before it. Not together with `after`. */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;

  /** @example 50 */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(LIMITS.page.max)
  limit?: number;
}

/** Messages that were edited or deleted since a revision. */
export class MessageChangesQueryDto {
  /** @example 7 */
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after!: number;

  /** @example 50 */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(LIMITS.page.max)
  limit?: number;
}

/** Somebody whom a call was about. */
export interface CallPerson {
  userId: string;
  name: string;
}

/** Somebody who was rung and did not come. */
export interface RingCallee extends CallPerson {
  status: 'declined' | 'cancelled' | 'missed';
  /**
   * How many rings in a row the entry tells of; 1 if it is missing. Rings that the other user of a direct room has missed
   * and not read of yet are counted by one entry, which is changed.
   */
  times?: number;
}

/**
 * What a message holds. `call` and `ring` are entries of the server: a call that has ended, by whoever started it, and a
 * ring that not everybody has answered, by the caller.
 */
export type MessageContent =
  | { type: 'text'; text: string }
  | { type: 'deleted' }
  | { type: 'call'; callId: string; durationMs: number; people: CallPerson[] }
  | { type: 'ring'; callId: string; callees: RingCallee[] };

/** An entry of a room. */
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

  /** Null when the account is gone. */
  authorId!: string | null;

  /**
   * Null when the account is gone.
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

  /** Number of the newest message in the room. */
  lastSeq!: number;

  /** The room's revision. */
  revision!: number;
}

/** Answer to `chat:send`. */
export interface ChatSent {
  seq: number;
}

/** Event `chat:read`: a member has read up to a number. */
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
