import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { AppError } from '../http/app-error';
import { Realtime } from '../realtime/realtime';
import { AccessTokens } from './access-tokens';
import { RefreshToken } from './refresh-token.entity';
import { newSecretToken, secretTokenHash } from './secret-token';
import { Session } from './session.entity';

/** How long a session lives without being used, in ms. */
export const SESSION_LIFETIME = 30 * 24 * 60 * 60 * 1000;

/** How long a used refresh token is remembered, so that using it again ends the session, in ms. */
const REUSE_MEMORY = 24 * 60 * 60 * 1000;

/** What a device gets when its session begins or goes on. */
export interface SessionTokens {
  userId: string;
  sessionId: string;
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
}

/** The sessions of users: each one a chain of refresh tokens of which every link works once. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: DataSource,
    private readonly tokens: AccessTokens,
    private readonly realtime: Realtime,
  ) {}

  async begin(userId: string, device: string, manager: EntityManager = this.db.manager): Promise<SessionTokens> {
    await manager.query('DELETE FROM sessions WHERE user_id = $1 AND (ended_at < now() OR expires_at < now())', [
      userId,
    ]);
    const session = { userId, device, expiresAt: new Date(Date.now() + SESSION_LIFETIME) };
    const { identifiers } = await manager.insert(Session, session);
    const { id: sessionId } = identifiers[0] as { id: string };
    const refreshToken = newSecretToken();
    await manager.insert(RefreshToken, { hash: secretTokenHash(refreshToken), sessionId });
    return { userId, sessionId, refreshToken, ...(await this.tokens.sign(userId, sessionId)) };
  }

  /**
   * Exchanges a refresh token for the next one. Using one a second time ends the session, for then somebody else has a
   * copy; unless it is the same attempt again whose answer got lost: nobody has used the successor then.
   * @throws AppError session_ended
   */
  async refresh(refreshToken: string, attempt: string | undefined): Promise<SessionTokens> {
    const outcome = await this.db.transaction((manager) => this.rotate(manager, refreshToken, attempt));
    if ('reusedIn' in outcome) {
      await this.end([outcome.reusedIn]);
      throw new AppError('session_ended');
    }
    return { ...outcome, ...(await this.tokens.sign(outcome.userId, outcome.sessionId)) };
  }

  /** @returns the sessions that have not ended, the last used first */
  async list(userId: string): Promise<Session[]> {
    const alive = { userId, endedAt: IsNull(), expiresAt: MoreThan(new Date()) };
    return this.db.manager.find(Session, { where: alive, order: { lastUsedAt: 'DESC' } });
  }

  /** Ends one session of a user. */
  async endOne(userId: string, sessionId: string): Promise<void> {
    if (!(await this.db.manager.existsBy(Session, { id: sessionId, userId, endedAt: IsNull() }))) {
      throw new AppError('session_not_found');
    }
    await this.end([sessionId]);
  }

  /** Ends all sessions of a user but one. */
  async endOthers(userId: string, keptSessionId: string): Promise<void> {
    const others = await this.db.manager.find(Session, {
      select: { id: true },
      where: { userId, id: Not(keptSessionId), endedAt: IsNull() },
    });
    await this.end(others.map(({ id }) => id));
  }

  /** @returns the session that a refresh token belongs to, whether or not it still works */
  async sessionOf(refreshToken: string): Promise<Session | null> {
    const token = await this.db.manager.findOneBy(RefreshToken, { hash: secretTokenHash(refreshToken) });
    return token && this.db.manager.findOneBy(Session, { id: token.sessionId });
  }

  async end(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    await this.db.manager.update(Session, { id: In(sessionIds), endedAt: IsNull() }, { endedAt: new Date() });
    for (const id of sessionIds) this.realtime.endSession(id, 'session_ended');
  }

  private async rotate(
    manager: EntityManager,
    refreshToken: string,
    attempt: string | undefined,
  ): Promise<Pick<SessionTokens, 'userId' | 'sessionId' | 'refreshToken'> | { reusedIn: string }> {
    const [hash, next] = [secretTokenHash(refreshToken), newSecretToken()];
    const token = await manager.findOne(RefreshToken, { where: { hash }, lock: { mode: 'pessimistic_write' } });
    const session = token && (await manager.findOneBy(Session, { id: token.sessionId }));
    if (!session || session.endedAt || session.expiresAt.getTime() <= Date.now()) throw new AppError('session_ended');
    if (token.usedAt && !(await this.isRepeat(manager, token, attempt))) return { reusedIn: session.id };

    const now = new Date();
    const successor = secretTokenHash(next);
    await manager.insert(RefreshToken, { hash: successor, sessionId: session.id });
    await manager.update(RefreshToken, { hash }, { usedAt: now, attempt: attempt ?? null, successor });
    const forgotten = LessThan(new Date(now.getTime() - REUSE_MEMORY));
    await manager.delete(RefreshToken, { sessionId: session.id, usedAt: forgotten });
    const lifetime = { lastUsedAt: now, expiresAt: new Date(now.getTime() + SESSION_LIFETIME) };
    await manager.update(Session, { id: session.id }, lifetime);
    return { userId: session.userId, sessionId: session.id, refreshToken: next };
  }

  /** Whether the answer to this very attempt got lost; its successor, which nobody has, is taken out of the chain. */
  private async isRepeat(manager: EntityManager, token: RefreshToken, attempt: string | undefined): Promise<boolean> {
    if (!attempt || token.attempt !== attempt || !token.successor) return false;
    const { affected } = await manager.delete(RefreshToken, { hash: token.successor, usedAt: IsNull() });
    return affected === 1;
  }
}
