import { Injectable } from '@nestjs/common';
import { hashedFormsOf, toCanonicalLogin } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { Sessions } from '../platform/access/sessions';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import type { RequestClient } from '../platform/http/current-client';
import { LimitBudgets } from '../platform/throttling/limit-budgets';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { isPasswordTooLong, PasswordHasher } from './password-hasher';

/**
 * Runs the work that needed the password, in one transaction, with the user as loaded under the lock of their row.
 * @throws AppError as for a wrong password, when the stored password has changed since the comparison
 */
type RunAsVerified = <T>(work: (manager: EntityManager, user: User) => Promise<T>) => Promise<T>;

/**
 * Verifies passwords for sign-in and for actions that need the own password. Comparing takes long, and the password may
 * change meanwhile: so the work runs under the lock of the user's row, and only if the compared hash is still stored.
 */
@Injectable()
export class PasswordVerifier {
  constructor(
    private readonly events: EventBus,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: PasswordHasher,
    private readonly budgets: LimitBudgets,
  ) {}

  /**
   * For a sign-in. An unknown name takes as long as a wrong password and gets the same answer. Each form of the password
   * is a guess of its own, with its turn and its failure. How many there are depends on nothing but what was typed, so
   * the time reveals no account, and nobody has the server compare more than their failures pay for.
   * @throws AppError invalid_credentials | too_busy | too_many_requests
   */
  async verifyForSignIn(emailOrUsername: string, password: string, client: RequestClient): Promise<RunAsVerified> {
    const { address, gone, since } = client;
    const failures = new SignInFailures(this.budgets, address);
    const forms = hashedFormsOf(password);
    for (const form of forms) {
      await failures.checkFailureLimit(emailOrUsername);
      const lane = (await failures.hasManyFailures()) ? 'doubted sign-in' : 'sign-in';
      const turn = { lane, key: address, gone, since } as const;
      const find = (): Promise<User | null> => this.users.findAccountByLogin(emailOrUsername);
      const found = await this.passwords.findUserByPassword(form, find, turn);
      if (!found) {
        await failures.countFailure(emailOrUsername);
        continue;
      }
      // Checked again, so that of many simultaneous guesses none beyond the limit is confirmed.
      await failures.checkFailureLimit(emailOrUsername);
      if (form === forms[0] || isPasswordTooLong(forms[0])) return this.runWhileHashStays(found);
      const renewed = { id: found.id, passwordHash: await this.passwords.hashPassword(forms[0], turn) };
      if (await this.users.replacePasswordHash(found, renewed.passwordHash)) return this.runWhileHashStays(renewed);
      // Another sign-in has replaced it already, or the password was changed.
      return this.verifyForSignIn(emailOrUsername, password, client);
    }
    throw new AppError('invalid_credentials');
  }

  /**
   * For a signed-in user, whose session must still be active when the work runs.
   * @throws AppError wrong_password | session_ended | forbidden | too_busy
   */
  async verifyOwnPassword(
    who: Principal,
    password: string,
    { gone, since }: Pick<RequestClient, 'gone' | 'since'>,
  ): Promise<RunAsVerified> {
    requireAccount(who);
    const turn = { lane: 'account', key: who.userId, gone, since } as const;
    const find = (): Promise<User> => this.users.requireUser(who.userId);
    let found: User | null = null;
    for (const form of hashedFormsOf(password)) found ??= await this.passwords.findUserByPassword(form, find, turn);
    if (!found) throw new AppError('wrong_password');
    const { passwordHash } = found;
    return (work) =>
      this.events.runTransaction(async (manager) => {
        const user = await this.users.lockAndFindUser(manager, who.userId);
        if (!user || !(await this.sessions.isSessionActive(manager, who.sessionId)))
          throw new AppError('session_ended');
        if (user.passwordHash !== passwordHash) throw new AppError('wrong_password');
        return work(manager, user);
      });
  }

  private runWhileHashStays({ id, passwordHash }: Pick<User, 'id' | 'passwordHash'>): RunAsVerified {
    return (work) =>
      this.events.runTransaction(async (manager) => {
        const user = await this.users.lockAndFindUser(manager, id);
        if (user?.passwordHash !== passwordHash) throw new AppError('invalid_credentials');
        return work(manager, user);
      });
  }
}

/** Share of its failure limit that an address may use up before its sign-ins wait in a lane of their own. */
const DOUBTED_FAILURE_SHARE = 0.05;

/**
 * Counts the failed sign-ins from one address, by typed name and in total. They are not counted by account: the
 * refusals would reveal which names exist and which e-mail belongs to whom.
 */
class SignInFailures {
  constructor(
    private readonly budgets: LimitBudgets,
    private readonly address: string,
  ) {}

  /** @throws AppError too_many_requests */
  async checkFailureLimit(typed: string): Promise<void> {
    for (const [limit, key] of this.failureBudgetKeys(typed)) await this.budgets.requireBudgetLeft(limit, key);
  }

  /** @throws AppError too_many_requests */
  async countFailure(typed: string): Promise<void> {
    await this.budgets.spendBudget(1, ...this.failureBudgetKeys(typed));
  }

  hasManyFailures(): Promise<boolean> {
    return this.budgets.hasSpentShare('login:address', this.address, DOUBTED_FAILURE_SHARE);
  }

  /** The address comes first: a failure counts there even when the limit for one name is used up. */
  private failureBudgetKeys(typed: string): readonly (readonly ['login' | 'login:address', string])[] {
    return [
      ['login:address', this.address],
      ['login', `${this.address} ${toCanonicalLogin(typed)}`],
    ];
  }
}
