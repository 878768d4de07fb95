import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional, IsUUID } from 'class-validator';
import { MEDIA_KINDS, type MediaKind } from '@webcall/domain';
import { PageDto } from './pages.dto';
import { RoomRefDto } from './room-ref.dto';

/** Command `call:hold`: turns media off and keeps it off until it is allowed. */
export class CallHoldDto extends RoomRefDto {
  /** Whose; without it that of everybody below the moderator who is in the call at that moment. */
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

/** Command `call:allow`: lets held media be turned on again. */
export class CallAllowDto extends CallHoldDto {
  /** Ask the participant to turn it on now. */
  @IsOptional()
  @IsBoolean()
  ask?: boolean;
}

/** Command `call:remove`: takes a participant out of the call and does not let them back into it. */
export class CallRemoveDto extends RoomRefDto {
  @IsUUID()
  participantId!: string;
}

/** Command `call:readmit`: lets somebody come back who was taken out of the call. */
export class CallReadmitDto extends RoomRefDto {
  @IsUUID()
  userId!: string;
}

/** Command `knock:answer`. */
export class KnockAnswerDto extends RoomRefDto {
  /** Whose; without it everybody's who waits. */
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

  /** A moderator can take down another one's hand. */
  @IsOptional()
  @IsUUID()
  participantId?: string;
}

/** What can be sent with `call:react`. */
export const REACTIONS = ['👍', '❤️', '😂', '👏', '🎉', '😮'] as const;

/** A short sign to everybody in the call. */
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

/** Somebody who was taken out of a room and cannot come back into it until a moderator allows it. */
export class RemovalDto {
  userId!: string;
  /** @example "carl" */
  name!: string;
  /** Name of the moderator; null when the account is gone. */
  removedBy!: string | null;
  /** @example "2026-11-22T10:00:00.000Z" */
  removedAt!: string;
}

/** One page of the users who were taken out of a room and cannot come back, the newest first. */
export class RemovalsDto extends PageDto {
  removals!: RemovalDto[];
}
