import { ArrayMaxSize, IsArray, IsOptional, IsUUID } from 'class-validator';
import type { Ring, RingStatus } from '@webcall/domain';
import { LIMITS } from './limits';
import { PageDto } from './pages.dto';
import { RoomRefDto } from './room-ref.dto';

/** Command `ring:start`: rings members of a room into its call, which the caller has joined before. */
export class RingStartDto extends RoomRefDto {
  /**
   * UUIDv7 made by the client; saying it again rings nobody twice. The server makes one if it is missing.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsOptional()
  @IsUUID()
  id?: string;

  /** Whom to ring; without it everybody who is not in the call and may come into it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.ring.maxUsers)
  @IsUUID(undefined, { each: true })
  userIds?: string[];
}

/** Naming a ring in a command: `ring:accept`, `ring:decline`, `ring:hold`, `ring:reach`. */
export class RingRefDto extends RoomRefDto {
  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  @IsUUID()
  ringId!: string;
}

/** Command `ring:cancel`. */
export class RingCancelDto extends RingRefDto {
  /** Whom to ring no longer; without it everybody whom this ring is for. */
  @IsOptional()
  @IsUUID()
  userId?: string;
}

/** A ring with the room and the call that it is about. */
export interface RingDto extends Ring {
  roomId: string;
  /** Name of the room; in a direct room the caller's. */
  roomName: string;
  kind: 'group' | 'direct';
  callId: string;
  /** Version of the call that this is the state of: an older one comes too late. */
  version: number;
}

/**
 * Answer to `ring:start`. Members who are in the call already are not among them, nor are those whom the caller has rung too
 * often; the command is refused with `too_many_requests` when that leaves nobody.
 */
export interface RingStarted {
  rings: RingDto[];
}

/** Event `ring:changed`, to all devices of the callee and of the caller. */
export interface RingChangedEvent {
  ring: RingDto;
}

/** One call of the history, as the asking user has had it. */
export class PastCallDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  callId!: string;

  roomId!: string;

  /**
   * In a direct room the other user.
   * @example "anna"
   */
  roomName!: string;

  kind!: 'group' | 'direct';

  /** The other user of a direct room; null in a group or when the account is gone. */
  peerId!: string | null;

  /** Whether the user started it, took part in it, or missed or declined it. */
  part!: 'started' | 'joined' | 'missed' | 'declined';

  /** What became of the rings of who started it in a direct room; null if nobody was rung. */
  answer!: Exclude<RingStatus, 'ringing'> | null;

  /** @example "2026-11-22T10:00:00.000Z" */
  startedAt!: string;

  /** Null while it goes on. */
  endedAt!: string | null;

  /** How long it lasted since a second user came into it, in ms; so far, if it goes on. */
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
