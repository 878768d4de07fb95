import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not, Raw } from 'typeorm';
import type { PreferencesDto, SignedInDto, UserDto } from '@webcall/contracts';
import { isReservedName, lookOf } from '@webcall/domain';
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

  /** @throws AppError name_reserved | username_taken | email_taken */
  async create(
    account: { username: string; email: string; passwordHash: string },
    manager: EntityManager,
  ): Promise<User> {
    return this.insert({ ...account, ...(await named(account.username, manager)) }, manager);
  }

  /**
   * A user without e-mail and password, who came by somebody's invitation.
   * @throws AppError name_reserved
   */
  async createGuest(name: string, invitedBy: string | null, manager: EntityManager): Promise<User> {
    await requireUnreserved(name);
    return this.insert({ username: name, guest: true, invitedBy }, manager);
  }

  /**
   * Locks the row of a user, if they are still there, so that no other guest comes by their invitations meanwhile.
   * @returns how many guests there are who came by them
   */
  async guestsOf(userId: string, manager: EntityManager): Promise<number> {
    await lockUser(manager, userId);
    return manager.countBy(User, { invitedBy: userId });
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

  /**
   * The account of an e-mail or a username, regardless of case. Only e-mails have an `@`. A guest is found by neither: the
   * name that one gave may be the username of somebody else.
   */
  findAccount(emailOrUsername: string): Promise<User | null> {
    const same = Raw((column) => `lower(${column}) = lower(:text)`, { text: emailOrUsername.trim() });
    const by = emailOrUsername.includes('@') ? { email: same } : { username: same };
    return this.db.manager.findOneBy(User, { ...by, guest: Raw((column) => `NOT ${column}`) });
  }

  /**
   * Changes a user whose row is locked. Whoever has a name that is given to nobody any more keeps it.
   * @throws AppError name_reserved | username_taken | email_taken
   */
  async change(
    manager: EntityManager,
    user: User,
    change: Partial<Pick<User, 'username' | 'email' | 'passwordHash'>>,
  ): Promise<User> {
    const { username = user.username } = change;
    const stored = { ...change, ...(username !== user.username && (await named(username, manager, user.id))) };
    await manager.update(User, { id: user.id }, stored).catch(takenOrRethrow);
    return { ...user, ...stored };
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

/**
 * What is stored with the name of an account. Of two that look alike and come at once the unique index refuses one; names
 * that looked alike before there was a rule are never given anew, and so can be looked for before.
 * @throws AppError name_reserved | username_taken
 */
async function named(username: string, manager: EntityManager, userId?: string): Promise<Pick<User, 'nameLook'>> {
  await requireUnreserved(username);
  const nameLook = await lookOf(username);
  const [alike] = await manager.query<unknown[]>(
    `SELECT FROM users WHERE split_part(name_look, ' ', 1) = $1 AND id IS DISTINCT FROM $2 LIMIT 1`,
    [nameLook, userId ?? null],
  );
  if (alike) throw new AppError('username_taken');
  return { nameLook };
}

async function requireUnreserved(name: string): Promise<void> {
  if (await isReservedName(name)) throw new AppError('name_reserved');
}

function takenOrRethrow(error: unknown): never {
  const { code, constraint } = databaseRefusal(error);
  if (code !== UNIQUE_VIOLATION) throw error;
  throw new AppError(constraint === 'users_email' ? 'email_taken' : 'username_taken', undefined, { cause: error });
}
