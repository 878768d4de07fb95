import { Injectable } from '@nestjs/common';
import type { NewIdentityDto, NewStartDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../../platform/access/principal';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bool, bytea, text, timestamp, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { DeviceSessions } from './device-sessions';

const FIND_PRESENT_IDENTITY = sqlStatement({
  takes: [uuid],
  gives: { identity: bytea },
  sql: 'SELECT key AS identity FROM identities WHERE user_id = $1 AND replaced_at IS NULL',
});

/** Whoever asks once more for the same waits no longer than before. */
const ASK_NEW_START = sqlStatement({
  takes: [uuid, bytea, uuid],
  sql: `INSERT INTO new_starts AS n (user_id, identity, session_id, opens_at)
    SELECT s.user_id, $2, s.id, now() + CASE WHEN EXISTS (
        SELECT FROM devices d WHERE d.user_id = s.user_id AND d.ended_at IS NULL AND d.id IS DISTINCT FROM s.device_id
          AND d.last_used_at > now() - interval '7 days'
      ) THEN interval '24 hours' ELSE interval '0' END
    FROM sessions s WHERE s.user_id = $1 AND s.id = $3
    ON CONFLICT (user_id) DO UPDATE
      SET identity = excluded.identity, session_id = excluded.session_id, asked_at = now(), opens_at = excluded.opens_at
      WHERE (n.identity, n.session_id) <> (excluded.identity, excluded.session_id)`,
});

/** SQL condition: the session `s` can still make use of what it has asked for. */
const IS_ACTIVE = 's.ended_at IS NULL AND s.expires_at > now()';

const FIND_NEW_START = sqlStatement({
  takes: [uuid],
  gives: { identity: bytea, sessionId: uuid, device: text, askedAt: timestamp, opensAt: timestamp, isOpen: bool },
  sql: `SELECT n.identity, n.session_id AS "sessionId", s.device, n.asked_at AS "askedAt", n.opens_at AS "opensAt",
      n.opens_at <= now() AS "isOpen"
    FROM new_starts n JOIN sessions s ON s.id = n.session_id AND ${IS_ACTIVE} WHERE n.user_id = $1`,
});

const OPEN_NEW_START = sqlStatement({
  takes: [uuid, bytea, uuid],
  sql: `UPDATE new_starts n SET opens_at = now() FROM sessions s
    WHERE n.user_id = $1 AND n.identity = $2 AND n.session_id <> $3 AND s.id = n.session_id AND ${IS_ACTIVE}`,
});

const DELETE_NEW_START = sqlStatement({ takes: [uuid], sql: 'DELETE FROM new_starts WHERE user_id = $1' });

/**
 * A new identity for who has lost all ways into the present one. As long as another device seems to be in use it waits
 * for a day or for that device, because whoever has stolen the password could ask for it as well. It belongs to the
 * session that asks: ending that session ends it.
 */
@Injectable()
export class NewStarts {
  constructor(
    private readonly db: DataSource,
    private readonly sessions: Sessions,
    private readonly deviceSessions: DeviceSessions,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError forbidden for guests; device_list_not_found without an identity, when nothing has to wait */
  async askForNewStart(who: Principal, dto: NewIdentityDto): Promise<NewStartDto> {
    requireAccount(who);
    const identity = Buffer.from(dto.identity, 'base64url');
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      const present = await FIND_PRESENT_IDENTITY.findRow(manager, who.userId);
      if (!present || present.identity.equals(identity)) throw new AppError('device_list_not_found');
      await ASK_NEW_START.execute(manager, who.userId, identity, who.sessionId);
      await this.publishChange(manager, who);
    });
    const asked = await this.findNewStart(who);
    if (!asked) throw new AppError('new_start_not_found');
    return asked;
  }

  /**
   * Lets a new start happen at once, by another device of the present identity.
   * @throws AppError device_required | new_start_not_found
   */
  async agreeToNewStart(who: Principal, { identity }: NewIdentityDto): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      await this.deviceSessions.holdLiveDevice(manager, who);
      const values = [who.userId, Buffer.from(identity, 'base64url'), who.sessionId] as const;
      if ((await OPEN_NEW_START.countChanges(manager, ...values)) === 0) throw new AppError('new_start_not_found');
      await this.publishChange(manager, who);
    });
  }

  /** @throws AppError new_start_not_found; device_required unless this session has asked for it */
  async cancelNewStart(who: Principal): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      const asked = await FIND_NEW_START.findRow(manager, who.userId);
      if (!asked) throw new AppError('new_start_not_found');
      if (asked.sessionId !== who.sessionId) await this.deviceSessions.holdLiveDevice(manager, who);
      await DELETE_NEW_START.execute(manager, who.userId);
      await this.publishChange(manager, who);
    });
  }

  /**
   * Uses up the new start of this session, under the lock of the user's row.
   * @throws AppError new_start_required | new_start_waits
   */
  async takeOpenNewStart(manager: EntityManager, who: Principal, identity: Buffer): Promise<void> {
    const asked = await FIND_NEW_START.findRow(manager, who.userId);
    if (asked?.sessionId !== who.sessionId || !asked.identity.equals(identity))
      throw new AppError('new_start_required');
    if (!asked.isOpen) throw new AppError('new_start_waits', { opensAt: asked.opensAt.toISOString() });
    await DELETE_NEW_START.execute(manager, who.userId);
  }

  async findNewStart({ userId, sessionId }: Principal): Promise<NewStartDto | null> {
    const row = await FIND_NEW_START.findRow(this.db, userId);
    return row
      ? {
          identity: row.identity.toString('base64url'),
          device: row.device,
          current: row.sessionId === sessionId,
          askedAt: row.askedAt.toISOString(),
          opensAt: row.opensAt.toISOString(),
        }
      : null;
  }

  private publishChange(manager: EntityManager, { userId }: Principal): Promise<void> {
    return this.events.publishEvent(manager, 'devices.changed', { userId, listChanged: false });
  }
}
