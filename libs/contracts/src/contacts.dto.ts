import { type Relation, toCanonicalName, WRITERS, type Writers } from '@webcall/domain';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { PageDto } from './pages.dto';
import { Length, NormalizedBy } from './validation-rules';

/** A search for users by name. */
export class FindUsersDto {
  /**
   * The username or its beginning (three characters or more), regardless of case.
   * @example "ann"
   */
  @IsString()
  @NormalizedBy(toCanonicalName)
  @Length(3, 32)
  name!: string;
}

/** Another user and their relation to one. */
export class PersonDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  userId!: string;

  /** @example "anna" */
  name!: string;

  /** The relation between the two, as the requesting user sees it. */
  relation!: Relation;
}

/** What one may know of another user and do with them. */
export class PersonCardDto extends PersonDto {
  /** Guests have no contacts, and nobody writes to them alone. */
  guest!: boolean;

  /** Whether one may open the direct room with them: to write and to call. */
  writable!: boolean;
}

/** The presences of a user that contacts can see. */
export const PRESENCES = ['online', 'in_call', 'away', 'offline'] as const;

/** A user's presence, as contacts see it. */
export type Presence = (typeof PRESENCES)[number];

/** The presence of a contact. */
export class PresenceDto {
  userId!: string;

  presence!: Presence;

  /** When they were last online; null while they are online or if they do not share it. */
  lastSeenAt!: string | null;
}

/** Event `presence:changed`: the presence of a contact has changed. */
export type PresenceChangedEvent = PresenceDto;

/** Ringtones that the web client plays. */
export const RINGTONES = ['chime', 'marimba', 'bell', 'waves', 'classic'] as const;

/** A ringtone. */
export type Ringtone = (typeof RINGTONES)[number];

/** A user to whom one has a relation: a contact, a request by either side, or a user whom one has blocked. */
export class ContactDto extends PersonDto {
  /** Null unless the two are contacts. */
  presence!: Presence | null;

  lastSeenAt!: string | null;

  /** The ringtone for their calls; null for the default one. */
  ringtone!: Ringtone | null;

  /** The direct room with them, once it has been opened. */
  roomId!: string | null;

  /** When the relation that one sees last changed. */
  since!: string;
}

/** One page of the users to whom a user has a relation, by name. */
export class ContactsDto extends PageDto {
  contacts!: ContactDto[];
}

/** A request to a user to become a contact. */
export class RequestContactDto {
  @IsUUID()
  userId!: string;
}

/** A change of one's own settings for a contact. */
export class ChangeContactDto {
  /** Null or missing for the default one. */
  @IsOptional()
  @IsIn([...RINGTONES, null])
  ringtone?: Ringtone | null;
}

/** Event `contact:changed`, to all devices of the user. The relation `none` means that it has ended. */
export interface ContactChangedEvent {
  contact: ContactDto;
}

/** Command `presence:set`. Whether the person is away from this device. */
export class PresenceSetDto {
  @IsBoolean()
  away!: boolean;
}

/** A user's settings for being reached, the same on all devices. */
export class PreferencesDto {
  /** Whether calls stay silent on all devices. */
  doNotDisturb!: boolean;

  /** Whether contacts see when one was last online. */
  shareLastSeen!: boolean;

  /** The default ringtone. */
  ringtone!: Ringtone;

  /** Who may begin to write to one, in a direct room: members of the same rooms, or contacts alone. */
  writers!: Writers;
}

/** A change of one's settings for being reached; missing fields stay as they are. */
export class ChangePreferencesDto {
  @IsOptional()
  @IsBoolean()
  doNotDisturb?: boolean;

  @IsOptional()
  @IsBoolean()
  shareLastSeen?: boolean;

  @IsOptional()
  @IsIn(RINGTONES)
  ringtone?: Ringtone;

  @IsOptional()
  @IsIn(WRITERS)
  writers?: Writers;
}

/** Event `preferences:changed`, to all devices of the user. */
export interface PreferencesChangedEvent {
  preferences: PreferencesDto;
}
