import type { Ring, RingStatus } from '@webcall/domain';
import { ArrayMaxSize, IsArray, IsOptional, IsUUID } from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { PageDto } from './pages.dto';
import { RoomRefDto } from './room-ref.dto';

/** Command `ring:start`. Rings members of a room into its call, which the caller has joined before. */
export class RingStartDto extends RoomRefDto {
  /**
   * UUIDv7 made by the client; sending the same one again rings nobody twice. The server makes one if it is missing.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsOptional()
  @IsUUID()
  id?: string;

  /** The users to ring; without it all members who are not in the call and may join it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROTOCOL_LIMITS.ring.maxUsers)
  @IsUUID(undefined, { each: true })
  userIds?: string[];
}

/** Commands `ring:accept`, `ring:decline`, `ring:hold` and `ring:reach`. The ring that they are about. */
export class RingRefDto extends RoomRefDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  @IsUUID()
  ringId!: string;
}

/** Command `ring:cancel`. */
export class RingCancelDto extends RingRefDto {
  /** The callee whose ring is cancelled; without it all callees of this ring. */
  @IsOptional()
  @IsUUID()
  userId?: string;
}

/** A ring with its room and its call. */
export interface RingDto extends Ring {
  roomId: string;
  /** Name of the room; in a direct room the caller's name. */
  roomName: string;
  kind: 'group' | 'direct';
  callId: string;
  /** The version of the call with this state: a client ignores older versions. */
  version: number;
}

/**
 * Answer to `ring:start`. It leaves out members who are in the call already and members whom the caller has rung too
 * often; the command is refused with `too_many_requests` when that leaves nobody.
 */
export interface RingStarted {
  rings: RingDto[];
}

/** Event `ring:changed`, to all devices of the callee and of the caller. */
export interface RingChangedEvent {
  ring: RingDto;
}

/** One call of the requesting user's history. */
export class PastCallDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  callId!: string;

  roomId!: string;

  /**
   * In a direct room the name of the other user.
   * @example "anna"
   */
  roomName!: string;

  kind!: 'group' | 'direct';

  /** The other user of a direct room; null in a group or when the account was deleted. */
  peerId!: string | null;

  /** Whether the requesting user started it, took part in it, or missed or declined it. */
  part!: 'started' | 'joined' | 'missed' | 'declined';

  /** Whether the requesting user came because they accepted a ring, not unasked. */
  rung!: boolean;

  /** In a direct room, the outcome of the rings by the user who started the call; null if nobody was rung. */
  answer!: Exclude<RingStatus, 'ringing'> | null;

  /** @example "2026-11-22T10:00:00.000Z" */
  startedAt!: string;

  /** Null while it goes on. */
  endedAt!: string | null;

  /** How long it has lasted since a second user joined it, in ms; for a running call, until now. */
  durationMs!: number;

  /**
   * Names of the others who took part.
   * @example ["boris"]
   */
  people!: string[];
}

/** One page of the call history. */
export class CallHistoryDto extends PageDto {
  calls!: PastCallDto[];
}
