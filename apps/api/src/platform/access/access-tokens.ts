import { Injectable } from '@nestjs/common';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import { BatchedLookup } from '../batched-lookup';
import { sqlStatement, type StatementRow } from '../database/sql-statement';
import { bool, uuid, uuidsParameter } from '../database/sql-types';
import { AppError } from '../http/app-error';
import type { Principal } from './principal';

/** How long an access token is valid, in seconds. A device that is open renews its session as often. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

const FIND_ACTIVE_SESSIONS = sqlStatement({
  takes: [uuidsParameter],
  gives: { id: uuid, userId: uuid, guest: bool },
  sql: `SELECT s.id, s.user_id AS "userId", u.guest FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > now()`,
});

type ActiveSession = StatementRow<typeof FIND_ACTIVE_SESSIONS>;

interface TokenClaims {
  sub: string;
  sid: string;
  exp: number;
}

/** Signs access tokens and verifies them. */
@Injectable()
export class AccessTokens {
  private readonly sessions = new BatchedLookup((ids: readonly string[]) => this.findActiveSessions(ids));

  constructor(
    private readonly jwt: JwtService,
    private readonly db: DataSource,
  ) {}

  async signAccessToken(userId: string, sessionId: string): Promise<{ accessToken: string; expiresIn: number }> {
    const accessToken = await this.jwt.signAsync({ sub: userId, sid: sessionId }, { expiresIn: ACCESS_TOKEN_SECONDS });
    return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }

  /**
   * Looks up the session each time, so that the tokens of an ended session are refused at once.
   * @throws AppError unauthorized | token_expired | session_ended
   */
  async verifyAccessToken(token: string): Promise<{ principal: Principal; expiresAt: Date }> {
    const claims = await this.verifyTokenClaims(token);
    // Signed with our secret, but by the earlier system, whose tokens contained names of people.
    if (!isUUID(claims.sub) || !isUUID(claims.sid)) throw new AppError('unauthorized');
    const session = await this.sessions.load(claims.sid);
    if (session?.userId !== claims.sub) throw new AppError('session_ended');
    const principal: Principal = { userId: session.userId, sessionId: session.id, guest: session.guest };
    return { principal, expiresAt: new Date(claims.exp * 1000) };
  }

  /** @returns those sessions that are still active, by id */
  async findActiveSessions(sessionIds: readonly string[]): Promise<Map<string, ActiveSession>> {
    const rows = await FIND_ACTIVE_SESSIONS.loadRows(this.db, sessionIds);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async verifyTokenClaims(token: string): Promise<TokenClaims> {
    try {
      return await this.jwt.verifyAsync<TokenClaims>(token, { algorithms: ['HS256'] });
    } catch (error) {
      throw new AppError(error instanceof TokenExpiredError ? 'token_expired' : 'unauthorized', undefined, {
        cause: error,
      });
    }
  }
}
