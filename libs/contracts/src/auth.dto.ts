import { normalizePassword, USERNAME_PATTERN } from '@webcall/domain';
import { IsEmail, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { PageDto } from './pages.dto';
import { Length, MaxLength, NormalizedBy } from './validation-rules';

/** A new account. */
export class RegisterDto {
  /**
   * 3–32 of letters, digits, dot, underscore and hyphen; unique regardless of case.
   * @example "anna"
   */
  @IsString()
  @Matches(USERNAME_PATTERN, {
    message: 'username must be 3–32 of A–Z, a–z, 0–9, dot, underscore, hyphen, with a letter',
  })
  username!: string;

  /**
   * Unique regardless of case, of the composition of letters, and of how a domain outside ASCII is written.
   * @example "anna@example.org"
   */
  @IsEmail()
  @MaxLength(PROTOCOL_LIMITS.email.max)
  email!: string;

  /**
   * 8–72 characters, at most 72 bytes; not among the first that attackers guess, and not made of username or e-mail.
   * @example "correct horse battery"
   */
  @IsString()
  @NormalizedBy(normalizePassword)
  @Length(PROTOCOL_LIMITS.password.min, PROTOCOL_LIMITS.password.max)
  password!: string;

  /**
   * The code that the server's owner gives to people who may sign up.
   * @example "fjord-lamp-42"
   */
  @IsString()
  @Length(1, PROTOCOL_LIMITS.registrationCode.max)
  registrationCode!: string;
}

/** Signing in. */
export class LoginDto {
  /**
   * E-mail or username, regardless of case.
   * @example "anna@example.org"
   */
  @IsString()
  @Length(1, PROTOCOL_LIMITS.email.max)
  email!: string;

  /** @example "correct horse battery" */
  @IsString()
  @Length(1, 1000)
  password!: string;
}

/** A request for a new access token; the refresh token is in the cookie. */
export class RefreshDto {
  /**
   * Id made by the client and sent again by a repeat, which then does not count as reuse: when the answer got lost, or
   * when several tabs refresh at once.
   * @example "0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e"
   */
  @IsOptional()
  @IsUUID()
  attempt?: string;
}

/** Command `auth:renew`. */
export class AuthRenewDto {
  /** The new access token. */
  @IsString()
  @Length(1, 4096)
  token!: string;
}

/** A change of one's username, e-mail or both. */
export class ChangeProfileDto {
  /** @example "anna.k" */
  @IsOptional()
  @IsString()
  @Matches(USERNAME_PATTERN, {
    message: 'username must be 3–32 of A–Z, a–z, 0–9, dot, underscore, hyphen, with a letter',
  })
  username?: string;

  /** @example "anna.k@example.org" */
  @IsOptional()
  @IsEmail()
  @MaxLength(PROTOCOL_LIMITS.email.max)
  email?: string;

  /**
   * Required to change the username or the e-mail.
   * @example "correct horse battery"
   */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  currentPassword?: string;
}

/** A change of one's password. */
export class ChangePasswordDto {
  /** @example "correct horse battery" */
  @IsString()
  @Length(1, 1000)
  currentPassword!: string;

  /**
   * 8–72 characters, at most 72 bytes; not among the first that attackers guess, and not made of username or e-mail.
   * @example "staple of the sea"
   */
  @IsString()
  @NormalizedBy(normalizePassword)
  @Length(PROTOCOL_LIMITS.password.min, PROTOCOL_LIMITS.password.max)
  newPassword!: string;
}

/** A new password, set with a reset link. */
export class ResetPasswordDto {
  /**
   * The part of the link after `#token=`.
   * @example "Zp3oYz4nB1l8mC0aXk6uVq7rT2sWe5dFgHjKxLy9M-I"
   */
  @IsString()
  @Length(1, 100)
  token!: string;

  /**
   * 8–72 characters, at most 72 bytes; not among the first that attackers guess, and not made of username or e-mail.
   * @example "staple of the sea"
   */
  @IsString()
  @NormalizedBy(normalizePassword)
  @Length(PROTOCOL_LIMITS.password.min, PROTOCOL_LIMITS.password.max)
  newPassword!: string;
}

/** The deletion of one's account. */
export class DeleteAccountDto {
  /** @example "correct horse battery" */
  @IsString()
  @Length(1, 1000)
  password!: string;
}

/** The signed-in user with their own data. */
export class UserDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  id!: string;

  /**
   * For a guest the name they gave.
   * @example "anna"
   */
  username!: string;

  /**
   * Null for a guest.
   * @example "anna@example.org"
   */
  email!: string | null;

  /** Whether this is a guest: a user without a password, bound to one room. */
  guest!: boolean;

  /** @example "2026-11-22T10:00:00.000Z" */
  createdAt!: string;
}

/** A session that has begun or was refreshed. The refresh token is in the cookie. */
export class SignedInDto {
  /** JWT for the Authorization header and the socket's handshake. */
  accessToken!: string;

  /**
   * Seconds until the access token expires.
   * @example 900
   */
  expiresIn!: number;

  user!: UserDto;
}

/** A login of a device. */
export class SessionDto {
  /** @example "6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b" */
  id!: string;

  /**
   * Browser and system, as reported by the device.
   * @example "Firefox on Linux"
   */
  device!: string;

  /** Whether this session makes the request. */
  current!: boolean;

  /** @example "2026-11-22T10:00:00.000Z" */
  createdAt!: string;

  /** @example "2026-11-22T12:30:00.000Z" */
  lastUsedAt!: string;

  /** Whether it was used in the last quarter of an hour, as every device does that is open. */
  active!: boolean;
}

/** One page of a user's sessions, the most recently used first. */
export class SessionsDto extends PageDto {
  sessions!: SessionDto[];
}
