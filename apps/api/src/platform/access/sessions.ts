import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan, MoreThan } from 'typeorm';
import type { PageDto, PageQueryDto } from '@webcall/contracts';
import { AppError } from '../http/app-error';
import { MOMENT_KEYS, momentKey, momentOf, pageOf, pageStart } from '../http/page';
import { Realtime } from '../realtime/realtime';
import { AccessTokens } from './access-tokens';
import { Quotas } from './quotas';
import { RefreshToken } from './refresh-token.entity';
import { newSecretToken, secretTokenHash } from './secret-token';
import { Session } from './session.entity';
import { lockUser } from './user-lock';

/** How long a session lives without being used, in ms. */
export const SESSION_LIFETIME = 30 * 24 * 60 * 60 * 1000;

/** How long a device counts as one of the user's after it was last used, in ms. */
const IN_USE = 7 * 24 * 60 * 60 * 1000;

/** How long a used refresh token is remembered, so that using it again ends the session, in ms. */
const REUSE_MEMORY = 24 * 60 * 60 * 1000;

/** A session as a list shows it. */
export type ListedSession = Pick<Session, 'id' | 'device' | 'createdAt' | 'lastUsedAt'>;

/** What a device gets when its session begins or goes on. */
export interface SessionTokens {
  userId: string;
  sessionId: string;
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
}

/**
 * The sessions of users: each one a chain of refresh tokens of which every link works once. What becomes of them is
 * decided under the lock of the user's row; sockets are cut once that is stored.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: DataSource,
    private readonly tokens: AccessTokens,
    private readonly realtime: Realtime,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Begins a session of a user whose row is locked or has been made in the same transaction. None is ended for it: whoever
   * has the password could sign all devices of the user out, one by one, without a trace. Those that nobody has used for
   * long do not count: a private window is a new device each time, and nobody can sign out one that is closed.
   * @throws AppError quota_reached
   */
  async begin(manager: EntityManager, userId: string, device: string): Promise<SessionTokens> {
    await manager.query('DELETE FROM sessions WHERE user_id = $1 AND (ended_at < now() OR expires_at < now())', [
      userId,
    ]);
    const inUse = { userId, endedAt: IsNull(), lastUsedAt: MoreThan(new Date(Date.now() - IN_USE)) };
    await this.quotas.requireCounted('devices', () => manager.countBy(Session, inUse));
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
      this.cut([outcome.reusedIn]);
      throw new AppError('session_ended');
    }
    return { ...outcome, ...(await this.tokens.sign(outcome.userId, outcome.sessionId)) };
  }

  /**
   * The sessions that have not ended, the last used first. One that is used while somebody pages goes to the front, past
   * the cursor: no page repeats it, and whoever asks again for the first one finds it there.
   */
  async page(userId: string, query: PageQueryDto): Promise<{ rows: ListedSession[] } & Pick<PageDto, 'next'>> {
    const { after, limit } = pageStart(query, MOMENT_KEYS);
    const found = await this.db.query<(ListedSession & { key: string })[]>(
      `SELECT id, device, created_at AS "createdAt", last_used_at AS "lastUsedAt", ${momentKey('last_used_at')} AS key
       FROM sessions
       WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
         AND ($2::bigint IS NULL OR (last_used_at, id) < (${momentOf('$2')}, $3::uuid))
       ORDER BY last_used_at DESC, id DESC LIMIT $4`,
      [userId, after.key, after.id, limit + 1],
    );
    return pageOf(found, limit, ({ key, id }) => ({ key, id }));
  }

  /** @returns whether a session has not ended, as it stays for as long as the row of its user is locked */
  isAlive(manager: EntityManager, sessionId: string): Promise<boolean> {
    return manager.existsBy(Session, { id: sessionId, endedAt: IsNull(), expiresAt: MoreThan(new Date()) });
  }

  /**
   * Ends one session of a user.
   * @returns whether there was one to end
   */
  async endOne(userId: string, sessionId: string): Promise<boolean> {
    const ended = await this.db.transaction(async (manager) => {
      await lockUser(manager, userId);
      return endWhere(manager, 'user_id = $1 AND id = $2', [userId, sessionId]);
    });
    this.cut(ended);
    return ended.length > 0;
  }

  /**
   * Ends all sessions of a user whose row is locked, but the one to keep.
   * @returns cuts their sockets: to be called when that is stored
   */
  async endAll(manager: EntityManager, userId: string, keptSessionId: string | null = null): Promise<() => void> {
    const ended = await endWhere(manager, 'user_id = $1 AND id IS DISTINCT FROM $2', [userId, keptSessionId]);
    return () => this.cut(ended);
  }

  /** @returns the session that a refresh token belongs to, whether or not it still works */
  async sessionOf(refreshToken: string, manager: EntityManager = this.db.manager): Promise<Session | null> {
    const token = await manager.findOneBy(RefreshToken, { hash: secretTokenHash(refreshToken) });
    return token && manager.findOneBy(Session, { id: token.sessionId });
  }

  private cut(sessionIds: readonly string[]): void {
    for (const id of sessionIds) this.realtime.endSession(id, 'session_ended');
  }

  private async rotate(
    manager: EntityManager,
    refreshToken: string,
    attempt: string | undefined,
  ): Promise<Pick<SessionTokens, 'userId' | 'sessionId' | 'refreshToken'> | { reusedIn: string }> {
    const [hash, next] = [secretTokenHash(refreshToken), newSecretToken()];
    const session = await this.sessionOf(refreshToken, manager);
    if (!session || !(await lockUser(manager, session.userId))) throw new AppError('session_ended');
    const token = (await this.isAlive(manager, session.id)) && (await manager.findOneBy(RefreshToken, { hash }));
    if (!token) throw new AppError('session_ended');
    if (token.usedAt && !(await this.isRepeat(manager, token, attempt))) {
      await endWhere(manager, 'id = $1', [session.id]);
      return { reusedIn: session.id };
    }

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

async function endWhere(manager: EntityManager, which: string, values: readonly unknown[]): Promise<string[]> {
  const [ended] = await manager.query<[{ id: string }[], number]>(
    `UPDATE sessions SET ended_at = now() WHERE ${which} AND ended_at IS NULL RETURNING id`,
    [...values],
  );
  return ended.map(({ id }) => id);
}
