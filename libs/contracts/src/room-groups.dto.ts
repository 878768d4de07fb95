import { ENCRYPTED_ROOM_CAPACITY } from '@webcall/domain';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { IsBase64Url, MAX_STORED_INTEGER, NumberFromQuery } from './validation-rules';

/** A device of a user. */
export class DeviceRefDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  @IsUUID()
  userId!: string;

  /** @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e" */
  @IsUUID()
  deviceId!: string;
}

/** A signed item of a room’s chain. The server can read nothing of it. */
export class ChainItemDto {
  /**
   * The item as it was signed, up to 2 kB in base64url.
   * @example "d2ViY2FsbCBjaGFpbiBpdGVtIDI"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.chainItem)
  item!: string;

  /**
   * Signature of the device that made it, 64 bytes in base64url.
   * @example "x6yNPyZ0oqPmXxmIDjYAMvfGmkfRiWxQj8dhCfUIqpwXwDBxXBU9nrUn0HEuKcHTTWqLRYsxVnLyTqLWqAwcDA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.signature)
  signature!: string;
}

/** What begins encryption in a room: the first item of its chain, and the group that this item names. */
export class EncryptRoomDto extends ChainItemDto {
  /**
   * Id of the group of generation 0.
   * @example "NmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiAAAAAHd2dXR0c3JxcHBvbm5tbGw"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.id)
  groupId!: string;
}

/** A further item of a room’s chain. */
export class AppendChainItemDto extends ChainItemDto {
  /**
   * Its place: how many items the chain has before it.
   * @example 3
   */
  @IsInt()
  @Min(1)
  @Max(MAX_STORED_INTEGER)
  index!: number;

  /**
   * Id of the group of the next generation, if the item sets up one.
   * @example "NmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiAAAAAXd2dXR0c3JxcHBvbm5tbGw"
   */
  @IsOptional()
  @IsBase64Url(PROTOCOL_LIMITS.groups.id)
  groupId?: string;
}

/** A request for what comes from a number on: items of a chain by their places, commits by their epochs. */
export class FromNumberQueryDto {
  /**
   * The number of the first one.
   * @example 3
   */
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  from!: number;
}

/** Items of a room’s chain in their order: as many as fit into an answer. */
export class ChainDto {
  items!: ChainItemDto[];

  /**
   * How many items the whole chain has.
   * @example 4
   */
  length!: number;
}

/** Commits of a group in their order: as many as fit into an answer. */
export class CommitsDto {
  /** In base64url. */
  commits!: string[];

  /**
   * The newest epoch: how many commits the group has.
   * @example 7
   */
  epoch!: number;
}

/** Whether something was taken in its place, now or before; false if something else was first. */
export class TakenDto {
  taken!: boolean;
}

/** A welcome, and the devices that come in by it. */
export class SentWelcomeDto {
  /**
   * One for all of them, up to 1 MB in base64url.
   * @example "AAEAAw"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.welcome)
  welcome!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ENCRYPTED_ROOM_CAPACITY)
  // An empty list within the list would pass as a valid device.
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => DeviceRefDto)
  devices!: DeviceRefDto[];
}

/** A commit of a group, with what others need if it is taken. */
export class SendCommitDto {
  /**
   * The epoch that it ends.
   * @example 7
   */
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  epoch!: number;

  /**
   * The commit, up to 1 MB in base64url.
   * @example "AAEAAg"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.commit)
  commit!: string;

  /**
   * By what a device joins the epoch after it, up to 1 MB in base64url.
   * @example "AAEABA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.groupInfo)
  groupInfo!: string;

  /** Lets in the devices that it adds, if it adds any. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SentWelcomeDto)
  welcome?: SentWelcomeDto;

  /**
   * The version of the list of members by which nobody is in the group any more who is out of the room. Missing if it
   * joins: a joiner takes out nobody.
   * @example 12
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  rekeyedFor?: number;
}

/** A request for the right of way to commit. */
export class ClaimCommitDto {
  /**
   * The epoch that the commit is to end.
   * @example 7
   */
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  epoch!: number;
}

/** Answer to a claim. */
export class CommitClaimDto {
  /**
   * For how many milliseconds another device has it; 0 if this one does.
   * @example 0
   */
  waitMs!: number;
}

/** By what a device joins a group by itself; null if nobody has left anything. */
export class GroupInfoDto {
  groupInfo!: string | null;
}

/** The newest welcome into a group for this device; null if there is none. */
export class WelcomeDto {
  welcome!: string | null;

  /** By which it is deleted. */
  id!: string | null;
}

/** What the server says of an encrypted room. */
export class RoomEncryptionDto {
  /**
   * Number of the first message that has to be sealed.
   * @example 43
   */
  encryptedFrom!: number;

  /**
   * Of the group whose messages it takes.
   * @example 0
   */
  generation!: number;

  /** @example 7 */
  epoch!: number;

  /** How many messages it has of that epoch. */
  epochMessages!: number;

  /**
   * The version of its list of members, which also rises when a device of a member ends.
   * @example 12
   */
  memberVersion!: number;

  /** Whether somebody may be in the group who is out of the room: it takes no messages then. */
  rekeyDue!: boolean;

  /**
   * How many items its chain has.
   * @example 4
   */
  chainLength!: number;
}

/** A request for what has changed in the list of members. */
export class MemberVersionsQueryDto {
  /**
   * The version after which.
   * @example 11
   */
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(MAX_STORED_INTEGER)
  after!: number;
}

/** A user came into a room or went out of it. */
export class MemberVersionDto {
  /**
   * The version of the list that began with it.
   * @example 12
   */
  version!: number;
  userId!: string;
  isMember!: boolean;
}

/** Changes in the list of members by their versions: as many as fit into an answer. */
export class MemberVersionsDto {
  changes!: MemberVersionDto[];

  /**
   * The newest version up to which they reach.
   * @example 12
   */
  upTo!: number;

  /**
   * The newest version.
   * @example 12
   */
  memberVersion!: number;
}

/** What a device asks the others of its room for: keys that it lacks, signed. */
export class KeyRequestDto {
  /**
   * The request as it was signed, up to 4 kB in base64url.
   * @example "d2ViY2FsbCBrZXkgcmVxdWVzdCAx"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.keyRequest)
  request!: string;

  /**
   * Signature of the asking device, 64 bytes in base64url.
   * @example "x6yNPyZ0oqPmXxmIDjYAMvfGmkfRiWxQj8dhCfUIqpwXwDBxXBU9nrUn0HEuKcHTTWqLRYsxVnLyTqLWqAwcDA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.signature)
  signature!: string;
}

/** A key request in front of another device of the room. */
export class OpenKeyRequestDto extends KeyRequestDto {
  userId!: string;
  deviceId!: string;
}

/** The newest key requests of the other devices of a room. */
export class KeyRequestsDto {
  requests!: OpenKeyRequestDto[];
}

/** An answer to a key request, which the asking device alone can open. */
export class KeyAnswerDto {
  /**
   * The answer as it was signed, up to 2 MB in base64url: with each key comes who was there.
   * @example "d2ViY2FsbCBrZXkgYW5zd2VyIDE"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.keyAnswer)
  answer!: string;

  /**
   * Signature of the answering device, 64 bytes in base64url.
   * @example "x6yNPyZ0oqPmXxmIDjYAMvfGmkfRiWxQj8dhCfUIqpwXwDBxXBU9nrUn0HEuKcHTTWqLRYsxVnLyTqLWqAwcDA"
   */
  @IsBase64Url(PROTOCOL_LIMITS.groups.signature)
  signature!: string;
}

/** An answer to the key request of this device, by its number. */
export class NumberedKeyAnswerDto {
  /** Null if there are not so many. */
  answer!: KeyAnswerDto | null;
}

/** Event `group:changed`: how far an encrypted room is, for a device to ask for what it has not seen. */
export interface GroupChangedEvent extends RoomEncryptionDto {
  roomId: string;
}

/** Event `welcome:asked`: a device of a member wants to be let into the group. */
export interface WelcomeAskedEvent extends DeviceRefDto {
  roomId: string;
  groupId: string;
}

/** Event `keys:asked`: a device of a member lacks keys. */
export interface KeysAskedEvent extends DeviceRefDto {
  roomId: string;
}

/** Event `keys:answered`, to the devices of a user: one of them has an answer to what it asked for. */
export interface KeysAnsweredEvent {
  roomId: string;
  deviceId: string;
}
