import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import {
  DOORS,
  GUEST_NAME_PATTERN,
  ROLES,
  ROOM_NAME_PATTERN,
  type Door,
  type Role,
  type RoomKind,
  type Visibility,
} from '@webcall/domain';
import type { CallDto } from './calls.dto';
import type { MessageContent, RingCallee } from './chat.dto';
import { LIMITS } from './limits';
import { PageDto, PageQueryDto } from './pages.dto';
import { Length, MaxLength } from './rules';

const ROOM_NAME_REFUSED = 'name must have visible characters, and no control characters';

/** A new room; whoever makes it owns it. */
export class CreateRoomDto {
  /** @example "Kitchen table" */
  @IsString()
  @Length(1, LIMITS.roomName.max)
  @Matches(ROOM_NAME_PATTERN, { message: ROOM_NAME_REFUSED })
  name!: string;

  /** Public rooms can be found and joined by every user, private ones by invitation. */
  @IsIn(['public', 'private'])
  visibility!: Visibility;
}

/** Renaming a room or changing who can find it. */
export class ChangeRoomDto {
  /** @example "Dinner table" */
  @IsOptional()
  @IsString()
  @Length(1, LIMITS.roomName.max)
  @Matches(ROOM_NAME_PATTERN, { message: ROOM_NAME_REFUSED })
  name?: string;

  /** @example "private" */
  @IsOptional()
  @IsIn(['public', 'private'])
  visibility?: Visibility;

  /**
   * Who may come into its calls. A locked room takes no new members either.
   * @example "lobby"
   */
  @IsOptional()
  @IsIn(DOORS)
  door?: Door;
}

/** Changing what a room is to oneself alone. */
export class ChangeMembershipDto {
  /** Calls in this room do not ring. */
  @IsOptional()
  @IsBoolean()
  doNotDisturb?: boolean;
}

/** A page of the public rooms, by name. */
export class BrowseRoomsDto extends PageQueryDto {
  /**
   * Part of the name, regardless of case.
   * @example "kitchen"
   */
  @IsOptional()
  @IsString()
  @MaxLength(LIMITS.search.max)
  search?: string;
}

/** Giving a member another role. */
export class ChangeRoleDto {
  /** `owner` hands the room over. */
  @IsIn(['owner', 'moderator', 'member'])
  role!: Exclude<Role, 'guest'>;
}

/** A new invitation link. */
export class CreateInvitationDto {
  /** Role of those who join by it. `guest` lets people in without an account. */
  @IsIn(ROLES.filter((role) => role !== 'owner'))
  role!: Exclude<Role, 'owner'>;

  /**
   * Hours until it ends; without it, it does not end.
   * @example 168
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LIMITS.invitation.maxHours)
  expiresInHours?: number;

  /**
   * How many people can join by it; without it, any number.
   * @example 10
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LIMITS.invitation.maxUses)
  maxUses?: number;
}

/** Joining by an invitation without an account. */
export class JoinAsGuestDto {
  /**
   * What the others will see.
   * @example "Uncle Vanya"
   */
  @IsString()
  @Matches(GUEST_NAME_PATTERN, { message: 'name must have 1–32 visible characters, with a letter' })
  name!: string;
}

/** The last message of a room, short. */
export class LastMessageDto {
  /** Null when the account is gone. */
  authorId!: string | null;

  /** Null when the account is gone. */
  authorName!: string | null;

  /**
   * The beginning of the text; null for everything else.
   * @example "See you at eight"
   */
  text!: string | null;

  /** What kind of message it is. */
  type!: MessageContent['type'];

  /** Of a ring, what became of it for whom; null for everything else. */
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

  /** The other user of a direct room; null in a group, or when their account is gone. */
  peerId!: string | null;

  /** A direct room is closed while the two are no contacts: it can be read, and nothing more. */
  closed!: boolean;

  /** Who may come into its calls. */
  door!: Door;

  /** Whether the asking member's devices stay silent when this room rings. */
  doNotDisturb!: boolean;

  /** The asking member's role. */
  role!: Role;

  /** @example 4 */
  memberCount!: number;

  /** Number of the newest message; 0 in a silent room. */
  lastSeq!: number;

  /** Number of the newest change (edit or deletion) of a message. */
  revision!: number;

  /** The last message that the asking member has read. */
  readSeq!: number;

  /** Messages after `readSeq`. */
  unread!: number;

  lastMessage!: LastMessageDto | null;

  /** When something last happened. */
  activeAt!: string;

  /** How many participants a running call has; 0 without a call. */
  callSize!: number;

  createdAt!: string;
}

/** One page of the rooms that a user is in, the latest activity first. */
export class RoomsDto extends PageDto {
  rooms!: RoomDto[];
}

/** A public room as everybody can see it. */
export class PublicRoomDto {
  id!: string;
  /** @example "Kitchen table" */
  name!: string;
  memberCount!: number;
  /** Whether the asking user is a member already. */
  joined!: boolean;
}

/** One page of public rooms. */
export class PublicRoomsDto extends PageDto {
  rooms!: PublicRoomDto[];
}

/** A user in a room. */
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

/** An invitation link, as moderators see it. */
export class InvitationDto {
  id!: string;
  /**
   * What stands in the link: `/join/<code>`. Told once, when the invitation is made; the server keeps only its hash.
   * @example "kT3v9sXhQm2LwB7c"
   */
  code?: string;
  role!: Exclude<Role, 'owner'>;
  /** Name of who made it; null when the account is gone. */
  createdBy!: string | null;
  createdAt!: string;
  expiresAt!: string | null;
  maxUses!: number | null;
  uses!: number;
}

/** One page of the invitations that still let people in, the newest first. */
export class InvitationsDto extends PageDto {
  invitations!: InvitationDto[];
}

/** What an invitation shows to whoever holds it. */
export class InvitationPreviewDto {
  roomId!: string;
  /** @example "Kitchen table" */
  roomName!: string;
  /** @example "anna" */
  invitedBy!: string | null;
  role!: Exclude<Role, 'owner'>;
  memberCount!: number;
}

/** Answer to `room:open`: where the room stands now. */
export class RoomOpenedDto {
  room!: RoomDto;
  /** The running call, or null. */
  call!: CallDto | null;
}

/** What changed in a room. */
export type RoomChange =
  | { type: 'updated'; name: string; visibility: Visibility; door: Door; closed: boolean }
  | { type: 'deleted' }
  /** Told to the devices of the one member whom it is about. */
  | { type: 'membership'; doNotDisturb: boolean }
  | { type: 'member_joined'; member: MemberDto }
  | { type: 'member_changed'; member: MemberDto }
  | { type: 'member_left'; userId: string };

/** Event `room:changed`. The one who joins a room gets it too, and whoever is taken out gets it last. */
export interface RoomChangedEvent {
  roomId: string;
  change: RoomChange;
}
