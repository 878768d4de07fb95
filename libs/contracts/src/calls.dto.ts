import type { BarredUser, CallChange, Knock, Participant, Ring } from '@webcall/domain';
import { Type } from 'class-transformer';
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
import { PROTOCOL_LIMITS } from './limits';
import { RoomRefDto } from './room-ref.dto';
import { Length, MaxLength } from './validation-rules';

/** The media that a participant sends; missing fields stay as they are. */
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
  /** The media that the device sends from the start; none by default. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaUpdateDto)
  media?: MediaUpdateDto;

  /**
   * Takes over from another tab of this device that is in the call, and leaves the call of another room that this
   * socket is in. Without it such a join is refused. A join that is refused for another reason changes nothing.
   */
  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;
}

/** Command `call:resume`. Returns to the same seat after the socket was lost or the page was reloaded. */
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

  /** The media that the device sends now. */
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

/** How often links of one device were repaired. */
export class LinkCountsDto {
  /** How often a connected link without media carried them again. */
  @IsInt()
  @Min(0)
  @Max(PROTOCOL_LIMITS.linkReport.max)
  mended!: number;

  /** How often a new path was searched for. */
  @IsInt()
  @Min(0)
  @Max(PROTOCOL_LIMITS.linkReport.max)
  restarted!: number;

  /** How often a link was made anew. */
  @IsInt()
  @Min(0)
  @Max(PROTOCOL_LIMITS.linkReport.max)
  rebuilt!: number;
}

/** Command `call:report`. The counts since the last report. */
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
  @MaxLength(PROTOCOL_LIMITS.sdp.max)
  sdp?: string;
}

/** An ICE candidate, opaque to the server; an empty `candidate` says that no more follow. */
export class CandidateDto {
  @IsString()
  @MaxLength(PROTOCOL_LIMITS.candidate.max)
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

/** Command `signal:send`. For one participant of the same call; has exactly one of `description` and `candidate`. */
export class SignalSendDto {
  /** The participant who receives it. */
  @IsUUID()
  to!: string;

  /** Made by the client; the receiver drops repeats. Without it the answer does not wait for the receiver. */
  @IsOptional()
  @IsUUID()
  id?: string;

  /** Id of the attempt to link the two; made by the side that offers. */
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

/** Event `signal:received`. The receiver's acknowledgement also acknowledges `signal:send` to the sender. */
export interface SignalReceivedEvent {
  /** The participant who sent it. */
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

/** A call as the members of the room see it. */
export class CallDto {
  callId!: string;

  roomId!: string;

  /** Increases by one with each change. */
  version!: number;

  /** How long ago a second user joined it, in ms; 0 before that. */
  durationMs!: number;

  /** In the order of joining. */
  participants!: Participant[];

  /** The newest ring of each member who was rung. */
  rings!: Ring[];

  /** The knocks of devices that wait to be let in, in the order of knocking. */
  knocks!: Knock[];

  /** The users who were removed from the call and cannot join it again. */
  barred!: BarredUser[];
}

/** Answer to `ice:get`, a command for participants: the servers with new credentials. */
export interface IceServerList {
  iceServers: IceServer[];
  /** When the credentials expire, in ms from now; null if they do not expire. */
  iceServersEndInMs: number | null;
}

/** Answer to `call:join` and `call:resume`. `participants` are the other participants. */
export class CallJoinedDto extends CallDto implements IceServerList {
  participantId!: string;

  /** One's own seat. Media that a moderator holds stay held when one joins again. */
  self!: Participant;

  /** Proves ownership of the seat in `call:resume`; only this device knows it. */
  resumeKey!: string;

  iceServers!: IceServer[];

  /** When the credentials in `iceServers` expire, in ms from now (`ice:get` gives new ones); null if they never do. */
  iceServersEndInMs!: number | null;
}

/** Event `call:changed`: the change that the next version brought. After a gap, load the whole call with `call:get`. */
export interface CallChangedEvent {
  roomId: string;
  callId: string;
  version: number;
  change: CallChange;
}
