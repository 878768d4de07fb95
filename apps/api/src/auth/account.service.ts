import { Injectable } from '@nestjs/common';
import type { ChangePasswordDto, ChangeProfileDto, PageQueryDto, SessionsDto, UserDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { ContactsService } from '../contacts/contacts.service';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { Client } from '../platform/http/current-client';
import { Background } from '../platform/realtime/background';
import { Realtime } from '../platform/realtime/realtime';
import { MembersService } from '../rooms/members/members.service';
import { userDto, UsersService } from '../users/users.service';
import { requireGoodPassword } from './new-password';
import { PasswordGate } from './password-gate';
import { Passwords } from './passwords';
import { voidResetLink } from './reset-links';

/** What a user does with their own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: DataSource,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly gate: PasswordGate,
    private readonly members: MembersService,
    private readonly contacts: ContactsService,
    private readonly realtime: Realtime,
    private readonly background: Background,
  ) {}

  async me(who: Principal): Promise<UserDto> {
    return userDto(await this.users.get(who.userId));
  }

  /** Asks for the password: who finds an open browser must not take the account along by another e-mail. */
  async changeProfile(
    who: Principal,
    { username, email, currentPassword = '' }: ChangeProfileDto,
    client: Client,
  ): Promise<UserDto> {
    requireAccount(who);
    const { userId } = who;
    const change = { ...(username !== undefined && { username }), ...(email !== undefined && { email: email.trim() }) };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    const asConfirmed = await this.gate.confirm(who, currentPassword, client);
    const { former, user } = await asConfirmed(async (manager, former) => ({
      former,
      user: await this.users.change(manager, former, change),
    }));
    if (user.username !== former.username) {
      this.background.run('telling a new name', () =>
        Promise.all([this.contacts.renamed(userId), this.members.renamed(userId)]),
      );
    }
    return userDto(user);
  }

  /** All other sessions end, and a reset link is void: whoever knew the old password is out. */
  async changePassword(
    who: Principal,
    { currentPassword, newPassword }: ChangePasswordDto,
    client: Client,
  ): Promise<void> {
    const asConfirmed = await this.gate.confirm(who, currentPassword, client);
    await requireGoodPassword(newPassword, await this.users.get(who.userId));
    const passwordHash = await this.passwords.hash(newPassword, {
      lane: 'account',
      key: who.userId,
      gone: client.gone,
      since: client.since,
    });
    const cutOthers = await asConfirmed(async (manager, user) => {
      await this.users.change(manager, user, { passwordHash });
      await voidResetLink(manager, user.id);
      return this.sessions.endAll(manager, user.id, who.sessionId);
    });
    cutOthers();
  }

  async listSessions(who: Principal, query: PageQueryDto): Promise<SessionsDto> {
    const { rows, next } = await this.sessions.page(who.userId, query);
    const sessions = rows.map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      current: id === who.sessionId,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
    }));
    return { sessions, next };
  }

  async endSession(who: Principal, sessionId: string): Promise<void> {
    if (!(await this.sessions.endOne(who.userId, sessionId))) {
      await this.users.get(who.userId);
      throw new AppError('session_not_found');
    }
    await this.deleteIfGuest(who.userId);
  }

  /** The person's data goes. Rooms that they own pass on, and their messages stay without a name. */
  async delete(who: Principal, password: string, client: Client): Promise<void> {
    const asConfirmed = await this.gate.confirm(who, password, client);
    const tell = await asConfirmed((manager, { id }) => this.erase(manager, id));
    await tell();
  }

  /** A guest who signs out is gone: there is no password to come back with. */
  async deleteIfGuest(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (!user?.guest) return;
    const tell = await this.db.transaction((manager) => this.erase(manager, userId));
    await tell();
  }

  /** @returns tells everybody, and cuts the sockets: to be called when it is stored */
  private async erase(manager: EntityManager, userId: string): Promise<() => Promise<void>> {
    const tellContacts = await this.contacts.forget(manager, userId);
    const tellRooms = await this.members.leaveEverything(manager, userId);
    await this.users.delete([userId], manager);
    return async () => {
      this.realtime.endUser(userId);
      tellContacts();
      await tellRooms();
    };
  }
}
