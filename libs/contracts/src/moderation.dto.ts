import { MEDIA_KINDS, type MediaKind } from '@webcall/domain';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional, IsUUID } from 'class-validator';
import { PageDto } from './pages.dto';
import { RoomRefDto } from './room-ref.dto';

/** Command `call:hold`. Turns media off and keeps them off until they are allowed. */
export class CallHoldDto extends RoomRefDto {
  /** Whose media; without it those of everybody below the moderator who is in the call at that moment. */
  @IsOptional()
  @IsUUID()
  participantId?: string;

  /** @example ["microphone"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MEDIA_KINDS.length)
  @IsIn(MEDIA_KINDS, { each: true })
  kinds!: MediaKind[];
}

/** Command `call:allow`. Lets held media be turned on again. */
export class CallAllowDto extends CallHoldDto {
  /** Also asks the participant to turn them on now. */
  @IsOptional()
  @IsBoolean()
  ask?: boolean;
}

/** Command `call:remove`. Removes a participant from the call, who cannot join it again. */
export class CallRemoveDto extends RoomRefDto {
  @IsUUID()
  participantId!: string;
}

/** Command `call:readmit`. Lets a user join again who was removed from the call. */
export class CallReadmitDto extends RoomRefDto {
  @IsUUID()
  userId!: string;
}

/** Command `knock:answer`. */
export class KnockAnswerDto extends RoomRefDto {
  /** The knock to answer; without it all of them. */
  @IsOptional()
  @IsUUID()
  knockId?: string;

  @IsBoolean()
  admit!: boolean;
}

/** Command `call:hand`. */
export class CallHandDto {
  @IsBoolean()
  raised!: boolean;

  /** Whose hand a moderator lowers; without it one's own. */
  @IsOptional()
  @IsUUID()
  participantId?: string;
}

/** The reactions that can be sent with `call:react`. */
export const REACTIONS = ['👍', '❤️', '😂', '👏', '🎉', '😮'] as const;

/** A reaction, shown to everybody in the call. */
export type Reaction = (typeof REACTIONS)[number];

/** Command `call:react`. */
export class CallReactDto {
  @IsIn(REACTIONS)
  reaction!: Reaction;
}

/** Event `call:reacted`. */
export interface CallReactedEvent {
  roomId: string;
  participantId: string;
  reaction: Reaction;
}

/** Event `call:asked`, to one participant: a moderator asks them to turn something on. */
export interface CallAskedEvent {
  roomId: string;
  /** Name of the moderator. */
  by: string;
  kinds: MediaKind[];
}

/** Event `knock:answered`, to the device that waits. */
export interface KnockAnsweredEvent {
  roomId: string;
  outcome: 'admitted' | 'denied' | 'gone';
}

/** A user who was removed from a room and cannot join it again until a moderator allows it. */
export class RemovalDto {
  userId!: string;
  /** @example "carl" */
  name!: string;
  /** Name of the moderator; null when the account was deleted. */
  removedBy!: string | null;
  /** @example "2026-11-22T10:00:00.000Z" */
  removedAt!: string;
}

/** One page of the users who were removed from a room and cannot join it again, the newest first. */
export class RemovalsDto extends PageDto {
  removals!: RemovalDto[];
}
