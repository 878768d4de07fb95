import { Injectable } from '@nestjs/common';
import { canonical } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { Client } from '../platform/http/current-client';
import { Budgets } from '../platform/throttling/budgets';
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
    private readonly budgets: Budgets,
  ) {}

  /**
   * For somebody who comes in. Takes as long for a name that nobody has as for a wrong password, and answers the same.
   * @throws AppError invalid_credentials | too_busy | too_many_requests
   */
  async signIn(emailOrUsername: string, password: string, { address, gone, since }: Client): Promise<AsConfirmed> {
    const failures = new Failures(this.budgets, address);
    await failures.check(emailOrUsername);
    const lane = (await failures.areMany()) ? 'doubted sign-in' : 'sign-in';
    const turn = { lane, key: address, gone, since } as const;
    const found = await this.passwords.matching(password, () => this.users.findAccount(emailOrUsername), turn);
    if (!found) {
      await failures.count(emailOrUsername);
      throw new AppError('invalid_credentials');
    }
    // Of guesses that came all at once, none beyond the limit is told to be right.
    await failures.check(emailOrUsername);
    return (work) =>
      this.db.transaction(async (manager) => {
        const user = await this.users.lock(manager, found.id);
        if (user?.passwordHash !== found.passwordHash) throw new AppError('invalid_credentials');
        return work(manager, user);
      });
  }

  /**
   * For somebody who is signed in, and has to be still when the thing is done.
   * @throws AppError wrong_password | session_ended | forbidden | too_busy
   */
  async confirm(
    who: Principal,
    password: string,
    { gone, since }: Pick<Client, 'gone' | 'since'>,
  ): Promise<AsConfirmed> {
    requireAccount(who);
    const turn = { lane: 'account', key: who.userId, gone, since } as const;
    const found = await this.passwords.matching(password, () => this.users.get(who.userId), turn);
    if (!found) throw new AppError('wrong_password');
    return (work) =>
      this.db.transaction(async (manager) => {
        const user = await this.users.lock(manager, who.userId);
        if (!user || !(await this.sessions.isAlive(manager, who.sessionId))) throw new AppError('session_ended');
        if (user.passwordHash !== found.passwordHash) throw new AppError('wrong_password');
        return work(manager, user);
      });
  }
}

/** Which share of its failures an address may use up before its sign-ins are doubted and wait by themselves. */
const DOUBTED = 0.05;

/**
 * The failed sign-ins from one address, by what was typed as the name and by any. They are not counted by the account that
 * was meant: whoever guesses would learn from the refusals which names there are, and whose e-mail is whose.
 */
class Failures {
  constructor(
    private readonly budgets: Budgets,
    private readonly address: string,
  ) {}

  /** @throws AppError too_many_requests */
  async check(typed: string): Promise<void> {
    for (const [limit, key] of this.counted(typed)) await this.budgets.check(limit, key);
  }

  /** @throws AppError too_many_requests */
  async count(typed: string): Promise<void> {
    await this.budgets.spend(1, ...this.counted(typed));
  }

  areMany(): Promise<boolean> {
    return this.budgets.hasSpent('login:address', this.address, DOUBTED);
  }

  /** The address first: a failure counts there also when those with one name are used up. */
  private counted(typed: string): readonly (readonly ['login' | 'login:address', string])[] {
    return [
      ['login:address', this.address],
      ['login', `${this.address} ${canonical(typed)}`],
    ];
  }
}
