import {
  type Door,
  DOORS,
  isValidGuestName,
  isVisibleName,
  type MessageContent,
  type RingCallee,
  type Role,
  ROLES,
  type RoomKind,
  type Visibility,
} from '@webcall/domain';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import type { CallDto } from './calls.dto';
import { PROTOCOL_LIMITS } from './limits';
import { PageDto, PageQueryDto } from './pages.dto';
import { KeepsRule, Length, MaxLength } from './validation-rules';

const ROOM_NAME_REFUSED = 'name must have visible characters, and no control characters';

/** A new room; the user who creates it owns it. */
export class CreateRoomDto {
  /** @example "Kitchen table" */
  @IsString()
  @Length(1, PROTOCOL_LIMITS.roomName.max)
  @KeepsRule(isVisibleName, ROOM_NAME_REFUSED)
  name!: string;

  /** Public rooms can be found and joined by every user, private ones by invitation. */
  @IsIn(['public', 'private'])
  visibility!: Visibility;
}

/** A change of a room's name, visibility or door. */
export class ChangeRoomDto {
  /** @example "Dinner table" */
  @IsOptional()
  @IsString()
  @Length(1, PROTOCOL_LIMITS.roomName.max)
  @KeepsRule(isVisibleName, ROOM_NAME_REFUSED)
  name?: string;

  /** @example "private" */
  @IsOptional()
  @IsIn(['public', 'private'])
  visibility?: Visibility;

  /**
   * Who may join its calls. A locked room takes no new members either.
   * @example "lobby"
   */
  @IsOptional()
  @IsIn(DOORS)
  door?: Door;
}

/** A change of one's own settings for a room. */
export class ChangeMembershipDto {
  /** Whether calls in this room stay silent. */
  @IsOptional()
  @IsBoolean()
  doNotDisturb?: boolean;
}

/** A request for a page of the public rooms, by name. */
export class BrowseRoomsDto extends PageQueryDto {
  /**
   * Part of the name, regardless of case.
   * @example "kitchen"
   */
  @IsOptional()
  @IsString()
  @MaxLength(PROTOCOL_LIMITS.search.max)
  search?: string;
}

/** A new role for a member. */
export class ChangeRoleDto {
  /** The role `owner` hands the room over to the member. */
  @IsIn(['owner', 'moderator', 'member'])
  role!: Exclude<Role, 'guest'>;
}

/** A new invitation link. */
export class CreateInvitationDto {
  /** Role of the users who join by it. `guest` lets people in without an account. */
  @IsIn(ROLES.filter((role) => role !== 'owner'))
  role!: Exclude<Role, 'owner'>;

  /**
   * Hours until it expires; without it, it does not expire.
   * @example 168
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PROTOCOL_LIMITS.invitation.maxHours)
  expiresInHours?: number;

  /**
   * How many users can join by it; any number by default.
   * @example 10
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PROTOCOL_LIMITS.invitation.maxUses)
  maxUses?: number;
}

/** A guest who joins by an invitation, without an account. */
export class JoinAsGuestDto {
  /**
   * The name that the others see.
   * @example "Uncle Vanya"
   */
  @IsString()
  @KeepsRule(isValidGuestName, 'name must have 1–32 visible characters, with a letter or an emoji')
  name!: string;
}

/** A short form of the last message of a room. */
export class LastMessageDto {
  /** Null when the account was deleted. */
  authorId!: string | null;

  /** Null when the account was deleted. */
  authorName!: string | null;

  /**
   * The beginning of the text; null for other types.
   * @example "See you at eight"
   */
  text!: string | null;

  /** The type of the message. */
  type!: MessageContent['type'];

  /** The outcome of a ring for each callee; null for other types. */
  callees!: RingCallee[] | null;

  /** @example "2026-11-22T10:00:00.000Z" */
  sentAt!: string;
}

/** A room as one of its members sees it. */
export class RoomDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  id!: string;

  kind!: RoomKind;

  /**
   * In a direct room the other user's name.
   * @example "Kitchen table"
   */
  name!: string;

  visibility!: Visibility;

  /** The other user of a direct room; null in a group, or when their account was deleted. */
  peerId!: string | null;

  /** A direct room closes with the end of a contact, a block or a deleted account: then it can only be read. */
  closed!: boolean;

  /** Who may join its calls. */
  door!: Door;

  /** Whether the requesting member's devices stay silent when this room rings. */
  doNotDisturb!: boolean;

  /** The requesting member's role. */
  role!: Role;

  /** @example 4 */
  memberCount!: number;

  /** How often members have come or gone: of two member counts, the one with more changes is the newer one. */
  memberChanges!: number;

  /** Number of the newest message; 0 in a room without messages. */
  lastSeq!: number;

  /** Number of the newest change (edit or deletion) of a message. */
  revision!: number;

  /** Number of the last message that the requesting member has read. */
  readSeq!: number;

  /** How many messages come after `readSeq`. */
  unread!: number;

  lastMessage!: LastMessageDto | null;

  /** When something last happened in the room. */
  activeAt!: string;

  /** How many participants a running call has; 0 without a call. */
  callSize!: number;

  createdAt!: string;
}

/** One page of a user's rooms, the latest activity first. */
export class RoomsDto extends PageDto {
  rooms!: RoomDto[];
}

/** A public room as every user can see it. */
export class PublicRoomDto {
  id!: string;
  /** @example "Kitchen table" */
  name!: string;
  memberCount!: number;
  /** Whether the requesting user is a member already. */
  joined!: boolean;
}

/** A public room as a user who is not in it sees it: the `details.room` of `forbidden`. */
export class VisitedRoomDto extends PublicRoomDto {
  /** Why the user cannot join it; null if they can. */
  refusal!: 'removed_from_room' | 'room_locked' | null;
}

/** One page of public rooms. */
export class PublicRoomsDto extends PageDto {
  rooms!: PublicRoomDto[];
}

/** A member of a room. */
export class MemberDto {
  userId!: string;
  /** @example "anna" */
  name!: string;
  role!: Role;
  joinedAt!: string;
}

/** One page of the members of a room, by role, then by name. */
export class MembersDto extends PageDto {
  members!: MemberDto[];
}

/** An invitation link, as those see it who may give it to others. */
export class InvitationDto {
  id!: string;
  /**
   * The code in the link `/join/<code>`. Missing for a role that one may not give oneself, and when the server has got
   * another secret since the invitation was created.
   * @example "kT3v9sXhQm2LwB7c"
   */
  code?: string;
  role!: Exclude<Role, 'owner'>;
  /** Name of the user who created it; null when the account was deleted. */
  createdBy!: string | null;
  createdAt!: string;
  expiresAt!: string | null;
  maxUses!: number | null;
  uses!: number;
}

/** One page of the invitations that are still valid, the newest first. */
export class InvitationsDto extends PageDto {
  invitations!: InvitationDto[];
}

/** The part of an invitation that is shown to the holder of its link. */
export class InvitationPreviewDto {
  roomId!: string;
  /** @example "Kitchen table" */
  roomName!: string;
  /** @example "anna" */
  invitedBy!: string | null;
  role!: Exclude<Role, 'owner'>;
  memberCount!: number;
}

/** Answer to `room:open`: the present state of the room. */
export class RoomOpenedDto {
  room!: RoomDto;
  /** The running call, or null. */
  call!: CallDto | null;
}

/** A change in a room. */
export type RoomChange =
  | { type: 'updated'; name: string; visibility: Visibility; door: Door; closed: boolean }
  | { type: 'deleted' }
  /** Only sent to the devices of the member concerned. */
  | { type: 'membership'; doNotDisturb: boolean }
  | { type: 'member_joined'; member: MemberDto; memberCount: number; memberChanges: number }
  | { type: 'member_changed'; member: MemberDto }
  | { type: 'member_left'; userId: string; memberCount: number; memberChanges: number };

/** Event `room:changed`. A user who joins a room gets it too; for a user who is removed it is the last event. */
export interface RoomChangedEvent {
  roomId: string;
  change: RoomChange;
}
