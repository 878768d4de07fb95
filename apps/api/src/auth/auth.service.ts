import { Inject, Injectable } from '@nestjs/common';
import type { LoginDto, RegisterDto } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { sameSecret } from '../platform/access/same-secret';
import { type SessionTokens, Sessions } from '../platform/access/sessions';
import { AppError } from '../platform/http/app-error';
import { UsersService } from '../users/users.service';
import { AccountService } from './account.service';
import { Passwords } from './passwords';

/** Coming in and going out. */
@Injectable()
export class AuthService {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly accounts: AccountService,
  ) {}

  async register({ username, email, password, registrationCode }: RegisterDto, device: string): Promise<SessionTokens> {
    if (!sameSecret(registrationCode.trim(), this.config.registrationSecret)) {
      throw new AppError('registration_code_wrong');
    }
    const passwordHash = await this.passwords.hash(password);
    const user = await this.users.create({ username, email: email.trim(), passwordHash });
    return this.sessions.begin(user.id, device);
  }

  /** Takes as long for an e-mail that nobody has as for a wrong password, and answers the same. */
  async login({ email, password }: LoginDto, device: string): Promise<SessionTokens> {
    const user = await this.users.findByEmail(email);
    const matches = await this.passwords.matches(password, user?.passwordHash ?? null);
    if (!user || !matches) throw new AppError('invalid_credentials');
    return this.sessions.begin(user.id, device);
  }

  async refresh(refreshToken: string | undefined, attempt: string | undefined): Promise<SessionTokens> {
    if (!refreshToken) throw new AppError('unauthorized');
    return this.sessions.refresh(refreshToken, attempt);
  }

  /** Ends the session of this refresh token. A guest has no way back in, so signing out ends the guest. */
  async logout(refreshToken: string | undefined): Promise<void> {
    const session = refreshToken && (await this.sessions.sessionOf(refreshToken));
    if (!session) return;
    await this.sessions.end([session.id]);
    await this.accounts.deleteIfGuest(session.userId);
  }
}
