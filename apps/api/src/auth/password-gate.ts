import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { Passwords } from './passwords';

/**
 * Does what the password was asked for, in one transaction, for the user as they are under the lock of their row.
 * @throws AppError as the password was wrong when it is no longer what was compared
 */
type AsConfirmed = <T>(work: (manager: EntityManager, user: User) => Promise<T>) => Promise<T>;

/**
 * Where the password is asked for. Comparing takes long, and the password may be changed meanwhile: so what was compared
 * must still be what is stored when the thing is done, under the lock of the user's row.
 */
@Injectable()
export class PasswordGate {
  constructor(
    private readonly db: DataSource,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
  ) {}

  /**
   * For somebody who comes in. Takes as long for an e-mail that nobody has as for a wrong password, and answers the same.
   * @throws AppError invalid_credentials
   */
  async signIn(email: string, password: string): Promise<AsConfirmed> {
    const found = await this.users.findByEmail(email);
    const matches = await this.passwords.matches(password, found?.passwordHash ?? null);
    if (!found || !matches) throw new AppError('invalid_credentials');
    return (work) =>
      this.db.transaction(async (manager) => {
        const user = await this.users.lock(manager, found.id);
        if (user?.passwordHash !== found.passwordHash) throw new AppError('invalid_credentials');
        return work(manager, user);
      });
  }

  /**
   * For somebody who is signed in, and has to be still when the thing is done.
   * @throws AppError wrong_password | session_ended | forbidden
   */
  async confirm(who: Principal, password: string): Promise<AsConfirmed> {
    requireAccount(who);
    const { passwordHash } = await this.users.get(who.userId);
    if (!(await this.passwords.matches(password, passwordHash))) throw new AppError('wrong_password');
    return (work) =>
      this.db.transaction(async (manager) => {
        const user = await this.users.lock(manager, who.userId);
        if (!user || !(await this.sessions.isAlive(manager, who.sessionId))) throw new AppError('session_ended');
        if (user.passwordHash !== passwordHash) throw new AppError('wrong_password');
        return work(manager, user);
      });
  }
}
