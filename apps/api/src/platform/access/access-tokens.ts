import { Injectable } from '@nestjs/common';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import { AppError } from '../http/app-error';
import type { Principal } from './principal';

/** How long an access token lives, in seconds. */
const ACCESS_TOKEN_SECONDS = 15 * 60;

interface Claims {
  sub: string;
  sid: string;
  exp: number;
}

/** Makes access tokens and finds out who shows one. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly db: DataSource,
  ) {}

  async sign(userId: string, sessionId: string): Promise<{ accessToken: string; expiresIn: number }> {
    const accessToken = await this.jwt.signAsync({ sub: userId, sid: sessionId }, { expiresIn: ACCESS_TOKEN_SECONDS });
    return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }

  /**
   * The session is looked up each time, so that an ended one is out at once.
   * @throws AppError unauthorized | token_expired | session_ended
   */
  async verify(token: string): Promise<{ principal: Principal; expiresAt: Date }> {
    const claims = await this.claims(token);
    // Signed with our secret, but not by this server: the earlier system named people in its tokens.
    if (!isUUID(claims.sub) || !isUUID(claims.sid)) throw new AppError('unauthorized');
    const [row] = await this.db.query<{ guest: boolean }[]>(
      `SELECT u.guest FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND u.id = $2 AND s.ended_at IS NULL AND s.expires_at > now()`,
      [claims.sid, claims.sub],
    );
    if (!row) throw new AppError('session_ended');
    const principal: Principal = { userId: claims.sub, sessionId: claims.sid, guest: row.guest };
    return { principal, expiresAt: new Date(claims.exp * 1000) };
  }

  /** @returns the sessions of those that go on, by id, with whose they are now */
  async ongoing(sessionIds: readonly string[]): Promise<Map<string, Principal>> {
    const rows = await this.db.query<Principal[]>(
      `SELECT s.id AS "sessionId", u.id AS "userId", u.username AS name, u.guest
       FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > now()`,
      [sessionIds],
    );
    return new Map(rows.map((row) => [row.sessionId, row]));
  }

  private async claims(token: string): Promise<Claims> {
    try {
      return await this.jwt.verifyAsync<Claims>(token, { algorithms: ['HS256'] });
    } catch (error) {
      throw new AppError(error instanceof TokenExpiredError ? 'token_expired' : 'unauthorized', undefined, {
        cause: error,
      });
    }
  }
}
