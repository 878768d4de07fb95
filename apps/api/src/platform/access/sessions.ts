import { Injectable } from '@nestjs/common';
import type { PageDto, PageQueryDto } from '@webcall/contracts';
import { DataSource, type EntityManager, In, IsNull, LessThan, MoreThan } from 'typeorm';
import { sqlStatement, type StatementRow } from '../database/sql-statement';
import { bigintParameter, bool, nullable, text, timestamp, uuid, uuidsParameter } from '../database/sql-types';
import { EventBus } from '../events/event-bus';
import { AppError } from '../http/app-error';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../http/page';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-tokens';
import { lockUserRow } from './lock-user-row';
import type { Principal } from './principal';
import { Quotas } from './quotas';
import { RefreshToken } from './refresh-token.entity';
import { createSecretToken, hashSecretToken } from './secrets';
import { Session } from './session.entity';

/** How long an unused session lasts, in ms. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** How long a device counts against the quota after it was last used, in ms. */
const DEVICE_IN_USE_MS = 7 * 24 * 60 * 60 * 1000;

/** How long a used refresh token is kept, so that its reuse ends the session, in ms. */
const USED_TOKEN_MEMORY_MS = 24 * 60 * 60 * 1000;

/** How long after its use a token may come again from a tab that began the same refresh at the same moment, in ms. */
const REPEAT_LEEWAY_MS = 30 * 1000;

const DELETE_OVER_SESSIONS = sqlStatement({
  takes: [uuid],
  sql: 'DELETE FROM sessions WHERE user_id = $1 AND (ended_at < now() OR expires_at < now())',
});

const LIST_ACTIVE_SESSIONS = sqlStatement({
  takes: [uuid, nullable(bigintParameter), nullable(uuid), bigintParameter],
  gives: { id: uuid, device: text, createdAt: timestamp, lastUsedAt: timestamp, active: bool, key: text },
  sql: `SELECT id, device, created_at AS "createdAt", last_used_at AS "lastUsedAt",
      last_used_at > now() - ${ACCESS_TOKEN_SECONDS} * interval '1 second' AS active,
      ${timestampKeySql('last_used_at')} AS key
    FROM sessions
    WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
      AND ($2::bigint IS NULL OR (last_used_at, id) < (${timestampFromKeySql('$2')}, $3::uuid))
    ORDER BY last_used_at DESC, id DESC LIMIT $4`,
});

const END_SESSION = sqlStatement({
  takes: [uuid, uuid],
  gives: { id: uuid },
  sql: `UPDATE sessions SET ended_at = now() WHERE user_id = $1 AND id = $2 AND ended_at IS NULL RETURNING id`,
});

const END_OTHER_SESSIONS = sqlStatement({
  takes: [uuid, nullable(uuid)],
  gives: { id: uuid },
  sql: `UPDATE sessions SET ended_at = now()
    WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL RETURNING id`,
});

const END_SESSIONS_OF_DEVICES = sqlStatement({
  takes: [uuid, uuidsParameter, nullable(uuid)],
  gives: { id: uuid },
  sql: `UPDATE sessions SET ended_at = now()
    WHERE user_id = $1 AND device_id = ANY ($2) AND id IS DISTINCT FROM $3 AND ended_at IS NULL RETURNING id`,
});

/** A session as an entry of a list. */
export type ListedSession = StatementRow<typeof LIST_ACTIVE_SESSIONS>;

/** The tokens that a device receives when its session begins or is renewed. */
export interface SessionTokens {
  userId: string;
  sessionId: string;
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
}

/**
 * Begins, renews and ends the sessions of users. A session is a chain of refresh tokens, each of which works once.
 * Changes happen under the lock of the user's row, in transactions of the event bus.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: DataSource,
    private readonly tokens: AccessTokens,
    private readonly events: EventBus,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Begins a session of a user whose row was locked or inserted in the same transaction. No other session is ended to
   * make room: otherwise anyone with the password could silently sign out all devices, one by one. Sessions unused for
   * a long time do not count: each private window is a new device, and a closed one cannot be signed out.
   * @throws AppError quota_reached
   */
  async beginUserSession(manager: EntityManager, userId: string, device: string): Promise<SessionTokens> {
    await DELETE_OVER_SESSIONS.execute(manager, userId);
    const inUse = { userId, endedAt: IsNull(), lastUsedAt: MoreThan(new Date(Date.now() - DEVICE_IN_USE_MS)) };
    await this.quotas.requireCountedQuota('devices', () => manager.countBy(Session, inUse));
    const session = { userId, device, expiresAt: new Date(Date.now() + SESSION_LIFETIME_MS) };
    const { identifiers } = await manager.insert(Session, session);
    const { id: sessionId } = identifiers[0] as { id: string };
    const refreshToken = createSecretToken();
    await manager.insert(RefreshToken, { hash: hashSecretToken(refreshToken), sessionId });
    return { userId, sessionId, refreshToken, ...(await this.tokens.signAccessToken(userId, sessionId)) };
  }

  /**
   * Exchanges a refresh token for the next one. A second use ends the session, since somebody else must have a copy.
   * The exception is a repeat by the same browser, which knows the attempt's id: its response got lost, or several of
   * its tabs came at once.
   * @throws AppError session_ended
   */
  async renewSessionTokens(refreshToken: string, attempt: string | undefined): Promise<SessionTokens> {
    const outcome = await this.events.runTransaction((manager) =>
      this.rotateRefreshToken(manager, refreshToken, attempt),
    );
    if (outcome === 'reused') throw new AppError('session_ended');
    return { ...outcome, ...(await this.tokens.signAccessToken(outcome.userId, outcome.sessionId)) };
  }

  /**
   * Loads a page of the active sessions, the last used first. A session that is used during paging moves to the front,
   * before the cursor: no later page repeats it, and a new request for the first page shows it.
   */
  async loadActiveSessions(
    userId: string,
    query: PageQueryDto,
  ): Promise<{ rows: ListedSession[] } & Pick<PageDto, 'next'>> {
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const found = await LIST_ACTIVE_SESSIONS.loadRows(this.db, userId, after.key, after.id, limit + 1);
    return buildResultPage(found, limit, ({ key, id }) => ({ key, id }));
  }

  /** @returns whether a session is active; this cannot change while the row of its user is locked */
  isSessionActive(manager: EntityManager, sessionId: string): Promise<boolean> {
    return manager.existsBy(Session, { id: sessionId, endedAt: IsNull(), expiresAt: MoreThan(new Date()) });
  }

  /**
   * Ends one session of a user.
   * @returns whether the session was still active
   */
  async endSingleSession(userId: string, sessionId: string): Promise<boolean> {
    return this.events.runTransaction(async (manager) => {
      await lockUserRow(manager, userId);
      return this.publishEndedSessions(manager, await END_SESSION.loadRows(manager, userId, sessionId));
    });
  }

  /**
   * Ends all other sessions of the user who has this one.
   * @throws AppError session_ended if another device has ended this one at the same time
   */
  async endOtherSessions(who: Principal): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.lockActiveSession(manager, who);
      await this.endAllSessions(manager, who.userId, who.sessionId);
    });
  }

  /**
   * Locks the row of a user, and refuses a session that has ended by then: it stays active until the transaction ends.
   * @throws AppError session_ended
   */
  async lockActiveSession(manager: EntityManager, { userId, sessionId }: Principal): Promise<void> {
    const isThere = await lockUserRow(manager, userId);
    if (!isThere || !(await this.isSessionActive(manager, sessionId))) throw new AppError('session_ended');
  }

  /** Ends all sessions that belong to these devices of a user whose row is locked, except the one to keep. */
  async endDeviceSessions(
    manager: EntityManager,
    userId: string,
    deviceIds: readonly string[],
    keptSessionId: string | null = null,
  ): Promise<void> {
    const ended = await END_SESSIONS_OF_DEVICES.loadRows(manager, userId, deviceIds, keptSessionId);
    await this.publishEndedSessions(manager, ended);
  }

  /** Ends all sessions of a user whose row is locked, except the one to keep. */
  async endAllSessions(manager: EntityManager, userId: string, keptSessionId: string | null = null): Promise<void> {
    await this.publishEndedSessions(manager, await END_OTHER_SESSIONS.loadRows(manager, userId, keptSessionId));
  }

  /** @returns the session of a refresh token, even if the token or the session is no longer valid */
  async findSessionByToken(refreshToken: string, manager: EntityManager = this.db.manager): Promise<Session | null> {
    const token = await manager.findOneBy(RefreshToken, { hash: hashSecretToken(refreshToken) });
    return token && manager.findOneBy(Session, { id: token.sessionId });
  }

  /** @returns whether there were any */
  private async publishEndedSessions(manager: EntityManager, ended: readonly { id: string }[]): Promise<boolean> {
    for (const { id } of ended) await this.events.publishEvent(manager, 'session.ended', { sessionId: id });
    return ended.length > 0;
  }

  private async rotateRefreshToken(
    manager: EntityManager,
    refreshToken: string,
    attempt: string | undefined,
  ): Promise<Pick<SessionTokens, 'userId' | 'sessionId' | 'refreshToken'> | 'reused'> {
    const [hash, next] = [hashSecretToken(refreshToken), createSecretToken()];
    const session = await this.findSessionByToken(refreshToken, manager);
    if (!session || !(await lockUserRow(manager, session.userId))) throw new AppError('session_ended');
    const token =
      (await this.isSessionActive(manager, session.id)) && (await manager.findOneBy(RefreshToken, { hash }));
    if (!token) throw new AppError('session_ended');
    const latest = await this.findTokenToExchange(manager, token, attempt);
    if (!latest) {
      await this.publishEndedSessions(manager, await END_SESSION.loadRows(manager, session.userId, session.id));
      return 'reused';
    }

    const now = new Date();
    const successor = hashSecretToken(next);
    await manager.insert(RefreshToken, { hash: successor, sessionId: session.id });
    const use = { usedAt: now, attempt: attempt ?? null, successor };
    // Responses may arrive in any order: each token that a repeat replaces leads to the same successor.
    if (latest.hash !== hash) await manager.update(RefreshToken, { successor: latest.hash }, use);
    await manager.update(RefreshToken, { hash: In([hash, latest.hash]) }, use);
    const expiredUse = LessThan(new Date(now.getTime() - USED_TOKEN_MEMORY_MS));
    await manager.delete(RefreshToken, { sessionId: session.id, usedAt: expiredUse });
    const lifetime = { lastUsedAt: now, expiresAt: new Date(now.getTime() + SESSION_LIFETIME_MS) };
    await manager.update(Session, { id: session.id }, lifetime);
    await this.events.publishEvent(manager, 'session.renewed', { sessionId: session.id });
    return { userId: session.userId, sessionId: session.id, refreshToken: next };
  }

  /**
   * @returns the token itself if it is unused; for a repeat the unused one at the end of its chain, which is exchanged
   * in its place; null for a reuse
   */
  private async findTokenToExchange(
    manager: EntityManager,
    token: RefreshToken,
    attempt: string | undefined,
  ): Promise<RefreshToken | null> {
    let latest: RefreshToken | null = token;
    while (latest?.usedAt) {
      const isLate: boolean = latest !== token && Date.now() - (token.usedAt?.getTime() ?? 0) > REPEAT_LEEWAY_MS;
      if (isLate || !attempt || latest.attempt !== attempt || !latest.successor) return null;
      latest = await manager.findOneBy(RefreshToken, { hash: latest.successor });
    }
    return latest;
  }
}
