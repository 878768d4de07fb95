import { Inject, Injectable } from '@nestjs/common';
import type { LoginDto, RegisterDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { isSameSecret } from '../platform/access/secrets';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { RequestClient } from '../platform/http/current-client';
import { type SignedInUser, UsersService } from '../users/users.service';
import { AccountService } from './account.service';
import { PasswordHasher } from './password-hasher';
import { requireStrongPassword } from './password-policy';
import { PasswordVerifier } from './password-verifier';

/** Creates accounts, signs users in and out, and renews their sessions. */
@Injectable()
export class AuthService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly db: DataSource,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: PasswordHasher,
    private readonly passwordVerifier: PasswordVerifier,
    private readonly accounts: AccountService,
  ) {}

  async registerAndSignIn(
    { username, email, password, registrationCode }: RegisterDto,
    client: RequestClient,
  ): Promise<SignedInUser> {
    if (!isSameSecret(registrationCode.trim(), this.config.registrationSecret)) {
      throw new AppError('registration_code_wrong');
    }
    await requireStrongPassword(password, { username, email });
    const passwordHash = await this.passwords.hashPassword(password, {
      lane: 'sign-up',
      key: client.address,
      gone: client.gone,
      since: client.since,
    });
    return this.db.transaction(async (manager) => {
      const user = await this.users.storeAccount({ username, email: email.trim(), passwordHash }, manager);
      return { user, session: await this.sessions.beginUserSession(manager, user.id, client.device) };
    });
  }

  async startAccountSession({ email, password }: LoginDto, client: RequestClient): Promise<SignedInUser> {
    const runAsVerified = await this.passwordVerifier.verifyForSignIn(email, password, client);
    return runAsVerified(async (manager, user) => ({
      user,
      session: await this.sessions.beginUserSession(manager, user.id, client.device),
    }));
  }

  async rotateSessionTokens(refreshToken: string | undefined, attempt: string | undefined): Promise<SignedInUser> {
    if (!refreshToken) throw new AppError('unauthorized');
    const session = await this.sessions.renewSessionTokens(refreshToken, attempt);
    return { session, user: await this.users.requireUser(session.userId) };
  }

  /** Ends the session of this refresh token. A guest has no way back in, so signing out deletes the guest. */
  async endSessionByToken(refreshToken: string | undefined): Promise<void> {
    const session = refreshToken && (await this.sessions.findSessionByToken(refreshToken));
    if (!session) return;
    await this.sessions.endSingleSession(session.userId, session.id);
    await this.accounts.deleteUserIfGuest(session.userId);
  }
}
