import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LoginDto, RegisterDto } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { sameSecret } from '../platform/access/same-secret';
import { Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import type { Client } from '../platform/http/current-client';
import { type SignedIn, UsersService } from '../users/users.service';
import { AccountService } from './account.service';
import { requireGoodPassword } from './new-password';
import { PasswordGate } from './password-gate';
import { Passwords } from './passwords';

/** Coming in and going out. */
@Injectable()
export class AuthService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly db: DataSource,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly gate: PasswordGate,
    private readonly accounts: AccountService,
  ) {}

  async register({ username, email, password, registrationCode }: RegisterDto, client: Client): Promise<SignedIn> {
    if (!sameSecret(registrationCode.trim(), this.config.registrationSecret)) {
      throw new AppError('registration_code_wrong');
    }
    await requireGoodPassword(password, { username, email });
    const passwordHash = await this.passwords.hash(password, {
      lane: 'sign-up',
      key: client.address,
      gone: client.gone,
      since: client.since,
    });
    return this.db.transaction(async (manager) => {
      const user = await this.users.create({ username, email: email.trim(), passwordHash }, manager);
      return { user, session: await this.sessions.begin(manager, user.id, client.device) };
    });
  }

  async login({ email, password }: LoginDto, client: Client): Promise<SignedIn> {
    const asConfirmed = await this.gate.signIn(email, password, client);
    return asConfirmed(async (manager, user) => ({
      user,
      session: await this.sessions.begin(manager, user.id, client.device),
    }));
  }

  async refresh(refreshToken: string | undefined, attempt: string | undefined): Promise<SignedIn> {
    if (!refreshToken) throw new AppError('unauthorized');
    const session = await this.sessions.refresh(refreshToken, attempt);
    return { session, user: await this.users.get(session.userId) };
  }

  /** Ends the session of this refresh token. A guest has no way back in, so signing out ends the guest. */
  async logout(refreshToken: string | undefined): Promise<void> {
    const session = refreshToken && (await this.sessions.sessionOf(refreshToken));
    if (!session) return;
    await this.sessions.endOne(session.userId, session.id);
    await this.accounts.deleteIfGuest(session.userId);
  }
}
