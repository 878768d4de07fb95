import { Injectable } from '@nestjs/common';
import type { PreferencesDto, SignedInDto, UserDto } from '@webcall/contracts';
import { isEmailLogin, isReservedName, toCanonicalEmail, toCanonicalName, toNameLook } from '@webcall/domain';
import { DataSource, type EntityManager, In, IsNull, Not, Raw } from 'typeorm';
import { lockUserRow } from '../platform/access/lock-user-row';
import type { SessionTokens } from '../platform/access/sessions';
import { BatchedLookup } from '../platform/batched-lookup';
import { sqlStatement } from '../platform/database/sql-statement';
import { nullable, text, uuid, uuidsParameter } from '../platform/database/sql-types';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { databaseErrorOf } from '../platform/http/error-translation';
import { User } from './user.entity';

const UNIQUE_VIOLATION = '23505';

const FIND_ALIKE_NAME = sqlStatement({
  takes: [text, nullable(uuid)],
  sql: `SELECT FROM users WHERE split_part(name_look, ' ', 1) = $1 AND id IS DISTINCT FROM $2 LIMIT 1`,
});

const FIND_SAME_EMAIL = sqlStatement({
  takes: [text, nullable(uuid)],
  sql: 'SELECT FROM users WHERE canonical_email = $1 AND id IS DISTINCT FROM $2 LIMIT 1',
});

const REPLACE_PASSWORD_HASH = sqlStatement({
  takes: [uuid, nullable(text), text],
  sql: 'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
});

/** Locks in the order of the ids, so that replicas whose users overlap do not wait for each other in a circle. */
const STORE_LAST_SEEN = sqlStatement({
  takes: [uuidsParameter],
  gives: { id: uuid },
  sql: `UPDATE users u SET last_seen_at = now() FROM (
      SELECT id FROM users WHERE id = ANY ($1::uuid[]) AND share_last_seen ORDER BY id FOR NO KEY UPDATE
    ) AS seen WHERE u.id = seen.id RETURNING u.id`,
});

/** Stores and loads accounts and guests. */
@Injectable()
export class UsersService {
  /** Of thousands who go at the same moment, as when a line is cut, most do not share it. */
  private readonly lastSeenStores = new BatchedLookup((ids: readonly string[]) => this.storeLastSeenOfAll(ids));

  constructor(
    private readonly db: DataSource,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError name_reserved | username_taken | email_taken */
  async storeAccount(
    account: { username: string; email: string; passwordHash: string },
    manager: EntityManager,
  ): Promise<User> {
    const name = await requireAvailableName(account.username, manager);
    return this.insertUser({ ...account, ...name, ...(await requireAvailableEmail(account.email, manager)) }, manager);
  }

  /**
   * Stores a user without e-mail and password, who joins by somebody's invitation.
   * @throws AppError name_reserved
   */
  async storeGuest(name: string, invitedBy: string | null, manager: EntityManager): Promise<User> {
    await requireUnreservedName(name);
    return this.insertUser({ username: name, guest: true, invitedBy }, manager);
  }

  /**
   * Locks the row of a user, if it still exists, so that no other guest joins by their invitations meanwhile.
   * @returns how many guests exist who joined by their invitations
   */
  async lockAndCountInvitedGuests(userId: string, manager: EntityManager): Promise<number> {
    await lockUserRow(manager, userId);
    return manager.countBy(User, { invitedBy: userId });
  }

  findUser(userId: string): Promise<User | null> {
    return this.db.manager.findOneBy(User, { id: userId });
  }

  /**
   * Locks the row of a user until the transaction ends: see `lockUserRow`.
   * @returns the user, or null when they have been deleted
   */
  async lockAndFindUser(manager: EntityManager, userId: string): Promise<User | null> {
    return (await lockUserRow(manager, userId)) ? manager.findOneBy(User, { id: userId }) : null;
  }

  /** @throws AppError session_ended when the user has been deleted meanwhile */
  async requireUser(userId: string): Promise<User> {
    const user = await this.findUser(userId);
    if (!user) throw new AppError('session_ended');
    return user;
  }

  findAccountByLogin(emailOrUsername: string): Promise<User | null> {
    return findAccountByLogin(this.db.manager, emailOrUsername);
  }

  /**
   * Changes a user whose row is locked. What stays is not checked again, even if it would no longer be allowed.
   * @throws AppError name_reserved | username_taken | email_taken
   */
  async updateUser(
    manager: EntityManager,
    user: User,
    change: { username?: string; email?: string; passwordHash?: string },
  ): Promise<User> {
    const { username = user.username, email = user.email } = change;
    const stored = {
      ...change,
      ...(username !== user.username && (await requireAvailableName(username, manager, user.id))),
      ...(email !== null && email !== user.email && (await requireAvailableEmail(email, manager, user.id))),
    };
    await manager.update(User, { id: user.id }, stored).catch(throwTakenOrRethrow);
    return { ...user, ...stored };
  }

  /**
   * Replaces the hash of a password by another one of the same password.
   * @returns false when the stored hash is another one by now
   */
  async replacePasswordHash({ id, passwordHash }: User, replacement: string): Promise<boolean> {
    return (await REPLACE_PASSWORD_HASH.countChanges(this.db, id, passwordHash, replacement)) === 1;
  }

  /** Changes only the given preferences. Turning `shareLastSeen` off also deletes the stored time. */
  async storePreferences(userId: string, change: Partial<PreferencesDto>): Promise<PreferencesDto> {
    const forgotten = change.shareLastSeen === false && { lastSeenAt: null };
    if (Object.keys(change).length > 0) await this.db.manager.update(User, { id: userId }, { ...change, ...forgotten });
    return this.loadUserPreferences(userId);
  }

  async loadUserPreferences(userId: string): Promise<PreferencesDto> {
    const { doNotDisturb, shareLastSeen, ringtone, writers } = await this.requireUser(userId);
    return { doNotDisturb, shareLastSeen, ringtone, writers };
  }

  /** @returns when the users were last online, for those who share it */
  async loadLastSeenTimes(userIds: readonly string[]): Promise<Map<string, Date>> {
    const seen = await this.db.manager.findBy(User, { id: In([...userIds]), lastSeenAt: Not(IsNull()) });
    return new Map(seen.flatMap(({ id, lastSeenAt }) => (lastSeenAt ? [[id, lastSeenAt] as const] : [])));
  }

  /** Stores that the user was last online now, if they share it. */
  async storeLastSeen(userId: string): Promise<void> {
    await this.lastSeenStores.load(userId);
  }

  /** Deletes a user with everything that hangs on them, in a transaction of the event bus. */
  async eraseUser(manager: EntityManager, userId: string): Promise<void> {
    await this.events.publishEvent(manager, 'user.erased', { userId });
    await manager.delete(User, userId);
  }

  private async storeLastSeenOfAll(userIds: readonly string[]): Promise<Map<string, true>> {
    const rows = await STORE_LAST_SEEN.loadRows(this.db, userIds);
    return new Map(rows.map(({ id }) => [id, true]));
  }

  private async insertUser(user: Partial<User>, manager: EntityManager): Promise<User> {
    const stored = manager.create(User, user);
    await manager.insert(User, stored).catch(throwTakenOrRethrow);
    return stored;
  }
}

/**
 * Finds an account by e-mail or username, by their canonical forms. Only e-mails contain an `@`. Guests are excluded: a
 * guest's name may be somebody else's username. Of accounts that share an e-mail it is the one that spells it as typed.
 */
export async function findAccountByLogin(manager: EntityManager, emailOrUsername: string): Promise<User | null> {
  if (!isEmailLogin(emailOrUsername)) {
    const username = Raw((column) => `lower(${column}) = :name`, { name: toCanonicalName(emailOrUsername) });
    return manager.findOneBy(User, { username, guest: Raw((column) => `NOT ${column}`) });
  }
  const canonicalEmail = toCanonicalEmail(emailOrUsername);
  const twins = await manager.find(User, { where: { canonicalEmail }, order: { emailTwin: 'ASC' } });
  const typed = emailOrUsername.trim();
  const sameCase = twins.find(({ email }) => email === typed);
  return sameCase ?? twins.find(({ email }) => email?.toLowerCase() === typed.toLowerCase()) ?? twins[0] ?? null;
}

/** A user with the tokens of their new or renewed session. */
export interface SignedInUser {
  readonly user: User;
  readonly session: SessionTokens;
}

/** The body of the response; the refresh token is in the cookie. */
export function toSignedInDto({ user, session: { accessToken, expiresIn } }: SignedInUser): SignedInDto {
  return { accessToken, expiresIn, user: toUserDto(user) };
}

/** A user from their own point of view. */
export function toUserDto(user: User): UserDto {
  const { id, username, email, guest, createdAt } = user;
  return { id, username, email: email ?? null, guest: guest ?? false, createdAt: createdAt.toISOString() };
}

/**
 * Returns the name look to store with an account's name. The unique index refuses one of two concurrent names that look
 * alike. Older duplicates, from before this rule, have a suffix after the look and so need this query.
 * @throws AppError name_reserved | username_taken
 */
async function requireAvailableName(
  username: string,
  manager: EntityManager,
  userId?: string,
): Promise<Pick<User, 'nameLook'>> {
  await requireUnreservedName(username);
  const nameLook = await toNameLook(username);
  if (await FIND_ALIKE_NAME.findRow(manager, nameLook, userId ?? null)) throw new AppError('username_taken');
  return { nameLook };
}

/**
 * Returns what to store with an account's e-mail. The unique index refuses one of two concurrent addresses that are the
 * same; older accounts that share one are numbered, and so need this query.
 * @throws AppError email_taken
 */
async function requireAvailableEmail(
  email: string,
  manager: EntityManager,
  userId?: string,
): Promise<Pick<User, 'canonicalEmail' | 'emailTwin'>> {
  const canonicalEmail = toCanonicalEmail(email);
  if (await FIND_SAME_EMAIL.findRow(manager, canonicalEmail, userId ?? null)) throw new AppError('email_taken');
  return { canonicalEmail, emailTwin: 0 };
}

async function requireUnreservedName(name: string): Promise<void> {
  if (await isReservedName(name)) throw new AppError('name_reserved');
}

function throwTakenOrRethrow(error: unknown): never {
  const { code, constraint } = databaseErrorOf(error);
  if (code !== UNIQUE_VIOLATION) throw error;
  throw new AppError(constraint === 'users_canonical_email' ? 'email_taken' : 'username_taken', undefined, {
    cause: error,
  });
}
