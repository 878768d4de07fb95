import { Injectable } from '@nestjs/common';
import type { ChangePasswordDto, ChangeProfileDto, PageQueryDto, SessionsDto, UserDto } from '@webcall/contracts';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import type { RequestClient } from '../platform/http/current-client';
import { toUserDto, UsersService } from '../users/users.service';
import { PasswordHasher } from './password-hasher';
import { requireStrongPassword } from './password-policy';
import { PasswordVerifier } from './password-verifier';
import { deleteResetLink } from './reset-links';

/** Changes and deletes a user's own account, and manages their sessions. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: PasswordHasher,
    private readonly passwordVerifier: PasswordVerifier,
    private readonly events: EventBus,
  ) {}

  async loadOwnUser(who: Principal): Promise<UserDto> {
    return toUserDto(await this.users.requireUser(who.userId));
  }

  /** Needs the password: nobody at an unlocked browser may take over the account with another e-mail. */
  async updateProfile(
    who: Principal,
    { username, email, currentPassword = '' }: ChangeProfileDto,
    client: RequestClient,
  ): Promise<UserDto> {
    requireAccount(who);
    const { userId } = who;
    const change = { ...(username !== undefined && { username }), ...(email !== undefined && { email: email.trim() }) };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    const runAsVerified = await this.passwordVerifier.verifyOwnPassword(who, currentPassword, client);
    const user = await runAsVerified(async (manager, former) => {
      const changed = await this.users.updateUser(manager, former, change);
      if (changed.username !== former.username) await this.events.publishEvent(manager, 'user.renamed', { userId });
      return changed;
    });
    return toUserDto(user);
  }

  /** Ends all other sessions and voids a reset link, which shuts out anybody who knew the old password. */
  async replacePassword(
    who: Principal,
    { currentPassword, newPassword }: ChangePasswordDto,
    client: RequestClient,
  ): Promise<void> {
    const runAsVerified = await this.passwordVerifier.verifyOwnPassword(who, currentPassword, client);
    await requireStrongPassword(newPassword, await this.users.requireUser(who.userId));
    const passwordHash = await this.passwords.hashPassword(newPassword, {
      lane: 'account',
      key: who.userId,
      gone: client.gone,
      since: client.since,
    });
    await runAsVerified(async (manager, user) => {
      await this.users.updateUser(manager, user, { passwordHash });
      await deleteResetLink(manager, user.id);
      await this.sessions.endAllSessions(manager, user.id, who.sessionId);
    });
  }

  async loadSessionPage(who: Principal, query: PageQueryDto): Promise<SessionsDto> {
    const { rows, next } = await this.sessions.loadActiveSessions(who.userId, query);
    const sessions = rows.map(({ id, device, active, createdAt, lastUsedAt }) => ({
      id,
      device,
      current: id === who.sessionId,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      active,
    }));
    return { sessions, next };
  }

  endOtherSessions(who: Principal): Promise<void> {
    return this.sessions.endOtherSessions(who);
  }

  async endUserSession(who: Principal, sessionId: string): Promise<void> {
    if (!(await this.sessions.endSingleSession(who.userId, sessionId))) {
      await this.users.requireUser(who.userId);
      throw new AppError('session_not_found');
    }
    await this.deleteUserIfGuest(who.userId);
  }

  /** Deletes the user's data. Their rooms get a new owner or end, and their messages stay without a name. */
  async deleteAccount(who: Principal, password: string, client: RequestClient): Promise<void> {
    const runAsVerified = await this.passwordVerifier.verifyOwnPassword(who, password, client);
    await runAsVerified((manager, { id }) => this.users.eraseUser(manager, id));
  }

  /** Deletes a guest who signs out: without a password they could never come back. */
  async deleteUserIfGuest(userId: string): Promise<void> {
    const user = await this.users.findUser(userId);
    if (!user?.guest) return;
    await this.events.runTransaction((manager) => this.users.eraseUser(manager, userId));
  }
}
