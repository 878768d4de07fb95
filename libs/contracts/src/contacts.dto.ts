import { IsBoolean, IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import type { Relation } from '@webcall/domain';
import { PageDto } from './pages.dto';
import { Length } from './rules';

/** Finding users by name. */
export class FindUsersDto {
  /**
   * The username, or how it begins (three characters or more), regardless of case.
   * @example "ann"
   */
  @IsString()
  @Length(3, 32)
  name!: string;
}

/** Another user, as one sees them. */
export class PersonDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  userId!: string;

  /** @example "anna" */
  name!: string;

  /** What stands between the two. */
  relation!: Relation;
}

/** What others see of where a user is. */
export const PRESENCES = ['online', 'in_call', 'away', 'offline'] as const;

/** What others see of where a user is. */
export type Presence = (typeof PRESENCES)[number];

/** Where a contact is. */
export class PresenceDto {
  userId!: string;

  presence!: Presence;

  /** When they were last here, if they are not and share it. */
  lastSeenAt!: string | null;
}

/** Event `presence:changed`: a contact is somewhere else now. */
export type PresenceChangedEvent = PresenceDto;

/** Ringtones that the web client plays. */
export const RINGTONES = ['chime', 'marimba', 'bell', 'waves', 'classic'] as const;

/** A ringtone. */
export type Ringtone = (typeof RINGTONES)[number];

/** A user whom one has asked, who asks, who is a contact, or whom one has blocked. */
export class ContactDto extends PersonDto {
  /** Null unless the two are contacts. */
  presence!: Presence | null;

  lastSeenAt!: string | null;

  /** The ringtone of their calls; null for the usual one. */
  ringtone!: Ringtone | null;

  /** The direct room with them, once it has been opened. */
  roomId!: string | null;

  /** When the relation last changed, as one sees it. */
  since!: string;
}

/** One page of the people with whom a user has something, by name. */
export class ContactsDto extends PageDto {
  contacts!: ContactDto[];
}

/** Asking a user to become a contact. */
export class RequestContactDto {
  @IsUUID()
  userId!: string;
}

/** Changing what a contact is to oneself alone. */
export class ChangeContactDto {
  /** Null or missing for the usual one. */
  @IsOptional()
  @IsIn([...RINGTONES, null])
  ringtone?: Ringtone | null;
}

/** Event `contact:changed`, to all devices of the user. With the relation `none` the contact is gone. */
export interface ContactChangedEvent {
  contact: ContactDto;
}

/** Command `presence:set`: whether the person is at this device. */
export class PresenceSetDto {
  @IsBoolean()
  away!: boolean;
}

/** How a user wants to be reached, the same on all devices. */
export class PreferencesDto {
  /** Calls do not ring, on no device. */
  doNotDisturb!: boolean;

  /** Contacts see when one was last here. */
  shareLastSeen!: boolean;

  /** The usual ringtone. */
  ringtone!: Ringtone;
}

/** Changing how one wants to be reached; what is missing stays as it is. */
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
}

/** Event `preferences:changed`, to all devices of the user. */
export interface PreferencesChangedEvent {
  preferences: PreferencesDto;
}
