import { Injectable } from '@nestjs/common';
import type { ChangePasswordDto, ChangeProfileDto, SessionDto, UserDto } from '@webcall/contracts';
import { ContactsService } from '../contacts/contacts.service';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import { Background } from '../platform/realtime/background';
import { Realtime } from '../platform/realtime/realtime';
import { MembersService } from '../rooms/members.service';
import type { User } from '../users/user.entity';
import { userDto, UsersService } from '../users/users.service';
import { Passwords } from './passwords';

/** What a user does with their own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly members: MembersService,
    private readonly contacts: ContactsService,
    private readonly realtime: Realtime,
    private readonly background: Background,
  ) {}

  async me(who: Principal): Promise<UserDto> {
    return userDto(await this.users.get(who.userId));
  }

  async changeProfile(who: Principal, { username, email }: ChangeProfileDto): Promise<UserDto> {
    const { id, username: former } = await this.accountOf(who);
    const change = { ...(username !== undefined && { username }), ...(email !== undefined && { email: email.trim() }) };
    if (Object.keys(change).length === 0) throw new AppError('invalid_input');
    const user = await this.users.change(id, change);
    if (user.username !== former) {
      this.background.run('telling a new name', () =>
        Promise.all([this.contacts.renamed(id), this.members.renamed(id)]),
      );
    }
    return userDto(user);
  }

  /** All other sessions end: whoever knew the old password is out. */
  async changePassword(who: Principal, { currentPassword, newPassword }: ChangePasswordDto): Promise<void> {
    const user = await this.requirePassword(who, currentPassword);
    await this.users.change(user.id, { passwordHash: await this.passwords.hash(newPassword) });
    await this.sessions.endOthers(user.id, who.sessionId);
  }

  async listSessions(who: Principal): Promise<SessionDto[]> {
    const sessions = await this.sessions.list(who.userId);
    return sessions.map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      current: id === who.sessionId,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
    }));
  }

  async endSession(who: Principal, sessionId: string): Promise<void> {
    await this.sessions.endOne(who.userId, sessionId);
    await this.deleteIfGuest(who.userId);
  }

  /** The person's data goes. Rooms that they own pass on, and their messages stay without a name. */
  async delete(who: Principal, password: string): Promise<void> {
    const user = await this.requirePassword(who, password);
    await this.erase(user.id);
  }

  /** A guest who signs out is gone: there is no password to come back with. */
  async deleteIfGuest(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (user?.guest) await this.erase(userId);
  }

  private async erase(userId: string): Promise<void> {
    const tellContacts = await this.members.leaveEverything(userId, {
      first: (manager) => this.contacts.forget(manager, userId),
      last: (manager) => this.users.delete([userId], manager),
    });
    tellContacts();
    this.realtime.endUser(userId);
  }

  private accountOf(who: Principal): Promise<User> {
    requireAccount(who);
    return this.users.get(who.userId);
  }

  private async requirePassword(who: Principal, password: string): Promise<User> {
    const user = await this.accountOf(who);
    if (!(await this.passwords.matches(password, user.passwordHash))) throw new AppError('wrong_password');
    return user;
  }
}
