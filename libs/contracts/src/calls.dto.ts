import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { Barred, CallChange, Knock, Participant, Ring } from '@webcall/domain';
import { LIMITS } from './limits';
import { RoomRefDto } from './room-ref.dto';
import { Length, MaxLength } from './rules';

/** What a participant sends; missing fields stay as they are. */
export class MediaUpdateDto {
  @IsOptional()
  @IsBoolean()
  microphone?: boolean;

  @IsOptional()
  @IsBoolean()
  camera?: boolean;

  @IsOptional()
  @IsBoolean()
  screen?: boolean;

  @IsOptional()
  @IsBoolean()
  screenSound?: boolean;
}

/** Command `call:join`. Starts the call if there is none. */
export class CallJoinDto extends RoomRefDto {
  /** What the device sends from the start; by default nothing. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaUpdateDto)
  media?: MediaUpdateDto;

  /**
   * Take over from another tab of this device that is in the call, and leave the call of another room that this socket is
   * in. Without it such a join is refused; and whoever is refused for another reason stays where they are.
   */
  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;
}

/** Command `call:resume`: the same seat again, after the socket was lost or the page was loaded anew. */
export class CallResumeDto extends RoomRefDto {
  @IsUUID()
  participantId!: string;

  @IsString()
  @Length(1, 100)
  resumeKey!: string;

  /** The device has lost its links (a reload): the others drop theirs and wait for its offers. */
  @IsOptional()
  @IsBoolean()
  fresh?: boolean;

  /** What the device sends now. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaUpdateDto)
  media?: MediaUpdateDto;
}

/** Command `call:update`. */
export class CallUpdateDto {
  @IsObject()
  @ValidateNested()
  @Type(() => MediaUpdateDto)
  media!: MediaUpdateDto;
}

/** What became of the links of one device. */
export class LinkCountsDto {
  /** Links that were up without media and carry them again. */
  @IsInt()
  @Min(0)
  @Max(LIMITS.linkReport.max)
  mended!: number;

  /** Times that a new path was looked for. */
  @IsInt()
  @Min(0)
  @Max(LIMITS.linkReport.max)
  restarted!: number;

  /** Times that a link was made anew. */
  @IsInt()
  @Min(0)
  @Max(LIMITS.linkReport.max)
  rebuilt!: number;
}

/** Command `call:report`: since the last one. */
export class CallReportDto {
  @IsObject()
  @ValidateNested()
  @Type(() => LinkCountsDto)
  links!: LinkCountsDto;
}

/** A session description, opaque to the server. */
export class DescriptionDto {
  @IsIn(['offer', 'answer', 'pranswer', 'rollback'])
  type!: 'offer' | 'answer' | 'pranswer' | 'rollback';

  @IsOptional()
  @IsString()
  @MaxLength(LIMITS.sdp.max)
  sdp?: string;
}

/** An ICE candidate, opaque to the server; an empty `candidate` ends them. */
export class CandidateDto {
  @IsString()
  @MaxLength(LIMITS.candidate.max)
  candidate!: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  sdpMid?: string | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  sdpMLineIndex?: number | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  usernameFragment?: string | null;
}

/** Command `signal:send`: to one participant of the same call; exactly one of `description` and `candidate`. */
export class SignalSendDto {
  /** The participant that it is for. */
  @IsUUID()
  to!: string;

  /** Made by the client; the receiver drops what it has seen. Without it the signal is passed on once, unacknowledged. */
  @IsOptional()
  @IsUUID()
  id?: string;

  /** The attempt to link the two that it belongs to; made by the one who offers. */
  @IsOptional()
  @IsUUID()
  link?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DescriptionDto)
  description?: DescriptionDto;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CandidateDto)
  candidate?: CandidateDto;
}

/** Event `signal:received`. The receiver acknowledges it; that is what acknowledges `signal:send` to the sender. */
export interface SignalReceivedEvent {
  /** The participant that sent it. */
  from: string;
  id?: string;
  link?: string;
  description?: DescriptionDto;
  candidate?: CandidateDto;
}

/** A STUN or TURN server, as `RTCPeerConnection` takes it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** A call as the room sees it. */
export class CallDto {
  callId!: string;

  roomId!: string;

  /** Raised by one with each change. */
  version!: number;

  /** How long ago a second user came into it, in ms; 0 before. */
  durationMs!: number;

  /** In the order of joining. */
  participants!: Participant[];

  /** The newest ring of each member who was rung. */
  rings!: Ring[];

  /** Who waits to be let in, in the order of knocking. */
  knocks!: Knock[];

  /** Who was taken out of the call. */
  barred!: Barred[];
}

/** Answer to `ice:get`, which is for participants: the servers with new credentials. */
export interface IceServers {
  iceServers: IceServer[];
  /** When the credentials end, in ms from now; null when nothing ends. */
  iceServersEndInMs: number | null;
}

/** Answer to `call:join` and `call:resume`. `participants` are the others. */
export class CallJoinedDto extends CallDto implements IceServers {
  participantId!: string;

  /** The own seat: what is held of it stays held when one comes back. */
  self!: Participant;

  /** Proves the seat in `call:resume`; known to this device alone. */
  resumeKey!: string;

  iceServers!: IceServer[];

  /** When the credentials in `iceServers` end, in ms from now: ask `ice:get` for new ones before. Null: they do not end. */
  iceServersEndInMs!: number | null;
}

/** Event `call:changed`: what the next version brought. After a gap ask for the whole with `call:get`. */
export interface CallChangedEvent {
  roomId: string;
  callId: string;
  version: number;
  change: CallChange;
}
