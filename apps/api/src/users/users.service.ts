import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not, Raw } from 'typeorm';
import type { PreferencesDto, SignedInDto, UserDto } from '@webcall/contracts';
import type { SessionTokens } from '../platform/access/sessions';
import { lockUser } from '../platform/access/user-lock';
import { AppError } from '../platform/http/app-error';
import { databaseRefusal } from '../platform/http/error-translation';
import { User } from './user.entity';

const UNIQUE_VIOLATION = '23505';

/** Accounts and guests as they are stored. */
@Injectable()
export class UsersService {
  constructor(private readonly db: DataSource) {}

  /** @throws AppError username_taken | email_taken, decided by the unique indexes alone */
  create(account: { username: string; email: string; passwordHash: string }, manager: EntityManager): Promise<User> {
    return this.insert(account, manager);
  }

  /** A user without e-mail and password, under any name. */
  createGuest(name: string, manager: EntityManager): Promise<User> {
    return this.insert({ username: name, guest: true }, manager);
  }

  find(userId: string): Promise<User | null> {
    return this.db.manager.findOneBy(User, { id: userId });
  }

  /**
   * Locks the row of a user: see `lockUser`.
   * @returns the user as they are from now on until the transaction ends, or null when they have gone
   */
  async lock(manager: EntityManager, userId: string): Promise<User | null> {
    return (await lockUser(manager, userId)) ? manager.findOneBy(User, { id: userId }) : null;
  }

  /** @throws AppError session_ended when the account has gone in the meantime */
  async get(userId: string): Promise<User> {
    const user = await this.find(userId);
    if (!user) throw new AppError('session_ended');
    return user;
  }

  /** Regardless of case. */
  findByEmail(email: string): Promise<User | null> {
    const sameEmail = Raw((column) => `lower(${column}) = lower(:email)`, { email: email.trim() });
    return this.db.manager.findOneBy(User, { email: sameEmail });
  }

  /**
   * Changes a user whose row is locked.
   * @throws AppError username_taken | email_taken
   */
  async change(
    manager: EntityManager,
    user: User,
    change: Partial<Pick<User, 'username' | 'email' | 'passwordHash'>>,
  ): Promise<User> {
    await manager.update(User, { id: user.id }, change).catch(takenOrRethrow);
    return { ...user, ...change };
  }

  /** How the user wants to be reached. What is missing stays as it is; who no longer shares when they were here, leaves no trace. */
  async changePreferences(userId: string, change: Partial<PreferencesDto>): Promise<PreferencesDto> {
    const forgotten = change.shareLastSeen === false && { lastSeenAt: null };
    if (Object.keys(change).length > 0) await this.db.manager.update(User, { id: userId }, { ...change, ...forgotten });
    return this.preferences(userId);
  }

  async preferences(userId: string): Promise<PreferencesDto> {
    const { doNotDisturb, shareLastSeen, ringtone } = await this.get(userId);
    return { doNotDisturb, shareLastSeen, ringtone };
  }

  /** @returns when users were last here, of those who share it */
  async lastSeen(userIds: readonly string[]): Promise<Map<string, Date>> {
    const seen = await this.db.manager.findBy(User, { id: In([...userIds]), lastSeenAt: Not(IsNull()) });
    return new Map(seen.flatMap(({ id, lastSeenAt }) => (lastSeenAt ? [[id, lastSeenAt] as const] : [])));
  }

  /** Notes when the user was last here, if they share it. */
  async seen(userId: string): Promise<void> {
    await this.db.manager.update(User, { id: userId, shareLastSeen: true }, { lastSeenAt: new Date() });
  }

  async delete(userIds: readonly string[], manager: EntityManager): Promise<void> {
    if (userIds.length) await manager.delete(User, userIds);
  }

  private async insert(user: Partial<User>, manager: EntityManager): Promise<User> {
    const stored = manager.create(User, user);
    await manager.insert(User, stored).catch(takenOrRethrow);
    return stored;
  }
}

/** Somebody whose session has begun or goes on. */
export interface SignedIn {
  readonly user: User;
  readonly session: SessionTokens;
}

/** What their device is answered, besides the cookie. */
export function signedInDto({ user, session: { accessToken, expiresIn } }: SignedIn): SignedInDto {
  return { accessToken, expiresIn, user: userDto(user) };
}

/** The user as they see themselves. */
export function userDto(user: User): UserDto {
  const { id, username, email, guest, createdAt } = user;
  return { id, username, email: email ?? null, guest: guest ?? false, createdAt: createdAt.toISOString() };
}

function takenOrRethrow(error: unknown): never {
  const { code, constraint } = databaseRefusal(error);
  if (code !== UNIQUE_VIOLATION) throw error;
  throw new AppError(constraint === 'users_email' ? 'email_taken' : 'username_taken', undefined, { cause: error });
}
