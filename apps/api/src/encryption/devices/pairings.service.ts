import { Injectable } from '@nestjs/common';
import type { AskPairingDto, PairingApprovalDto, PairingOutcomeDto, PairingsDto } from '@webcall/contracts';
import { isDeepStrictEqual } from 'node:util';
import { DataSource } from 'typeorm';
import { type Principal, requireAccount } from '../../platform/access/principal';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement } from '../../platform/database/sql-statement';
import {
  bytea,
  double,
  integer,
  json,
  jsonParameter,
  nullable,
  text,
  timestamp,
  uuid,
} from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError, tooManyRequestsError } from '../../platform/http/app-error';
import { DeviceListsService } from './device-lists.service';
import { DeviceSessions } from './device-sessions';

/** How many devices of one user may wait at the same time. */
const MAX_WAITING = 5;

/** SQL condition: the request `p` counts still. Its code says the same, by the clocks of both devices. */
const COUNTS = `p.asked_at > now() - interval '10 minutes'`;

/** Requests of active sessions that count still. */
const PRESENT_PAIRINGS = `pairings p JOIN sessions s ON s.id = p.session_id
    AND s.ended_at IS NULL AND s.expires_at > now() AND ${COUNTS}`;

const DELETE_OVER_PAIRINGS = sqlStatement({
  takes: [],
  sql: `DELETE FROM pairings p WHERE NOT ${COUNTS}`,
});

/** A page that asks again has forgotten its former code. */
const DELETE_FORMER_PAIRING = sqlStatement({
  takes: [uuid, uuid],
  sql: 'DELETE FROM pairings WHERE session_id = $1 AND id <> $2',
});

const COUNT_WAITING = sqlStatement({
  takes: [uuid],
  gives: { count: integer, msUntilNext: nullable(double) },
  sql: `SELECT count(*)::integer AS count,
      extract(epoch FROM min(p.asked_at) + interval '10 minutes' - now())::float8 * 1000 AS "msUntilNext"
    FROM ${PRESENT_PAIRINGS} WHERE p.user_id = $1 AND p.approval IS NULL`,
});

const INSERT_PAIRING = sqlStatement({
  takes: [uuid, uuid, uuid, bytea, bytea],
  gives: { id: uuid },
  sql: `INSERT INTO pairings (user_id, id, session_id, request, mac) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING id`,
});

const FIND_SAME_PAIRING = sqlStatement({
  takes: [uuid, uuid, uuid, bytea, bytea],
  gives: { id: uuid },
  sql: `SELECT id FROM pairings p
    WHERE user_id = $1 AND id = $2 AND session_id = $3 AND request = $4 AND mac = $5 AND ${COUNTS}`,
});

const LIST_WAITING = sqlStatement({
  takes: [uuid, uuid],
  gives: { id: uuid, request: bytea, mac: bytea, device: text, askedAt: timestamp },
  sql: `SELECT p.id, p.request, p.mac, s.device, p.asked_at AS "askedAt" FROM ${PRESENT_PAIRINGS}
    WHERE p.user_id = $1 AND p.session_id <> $2 AND p.approval IS NULL ORDER BY p.asked_at DESC, p.id`,
});

/** Nobody ends the request until the list is stored with its answer. */
const FIND_TO_APPROVE = sqlStatement({
  takes: [uuid, uuid, uuid],
  gives: { approval: nullable(json<PairingApprovalDto>()) },
  sql: `SELECT p.approval FROM ${PRESENT_PAIRINGS} WHERE p.user_id = $1 AND p.id = $2 AND p.session_id <> $3
    FOR UPDATE OF p`,
});

const STORE_APPROVAL = sqlStatement({
  takes: [uuid, uuid, jsonParameter],
  sql: 'UPDATE pairings SET approval = $3 WHERE user_id = $1 AND id = $2',
});

const FIND_OUTCOME = sqlStatement({
  takes: [uuid, uuid],
  gives: { approval: nullable(json<PairingApprovalDto>()) },
  sql: `SELECT p.approval FROM pairings p WHERE p.id = $1 AND p.session_id = $2 AND ${COUNTS}`,
});

/** The asking session is done with it, or a device of the user turns it down, before it is answered. */
const DELETE_PAIRING = sqlStatement({
  takes: [uuid, uuid, uuid],
  sql: `DELETE FROM pairings p WHERE p.user_id = $1 AND p.id = $2 AND (p.session_id = $3 OR p.approval IS NULL AND EXISTS (
      SELECT FROM sessions s JOIN devices d ON d.user_id = s.user_id AND d.id = s.device_id AND d.ended_at IS NULL
      WHERE s.id = $3
    ))`,
});

/**
 * Carries what a new device and one of the same user have to say to each other. It is bound to sessions, so it ends with
 * them. That the right two have met is up to the code, which goes from screen to person.
 */
@Injectable()
export class PairingsService {
  constructor(
    private readonly db: DataSource,
    private readonly sessions: Sessions,
    private readonly deviceSessions: DeviceSessions,
    private readonly lists: DeviceListsService,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError forbidden for guests; id_taken; too_many_requests while five others wait */
  async askForPairing(who: Principal, { id, request, mac }: AskPairingDto): Promise<void> {
    requireAccount(who);
    const { userId, sessionId } = who;
    const sent = [Buffer.from(request, 'base64url'), Buffer.from(mac, 'base64url')] as const;
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      if (await FIND_SAME_PAIRING.findRow(manager, userId, id, sessionId, ...sent)) return;
      await DELETE_FORMER_PAIRING.execute(manager, sessionId, id);
      const waiting = await COUNT_WAITING.findRow(manager, userId);
      if (waiting && waiting.count >= MAX_WAITING) throw tooManyRequestsError(waiting.msUntilNext ?? 0);
      if (!(await INSERT_PAIRING.findRow(manager, userId, id, sessionId, ...sent))) throw new AppError('id_taken');
      await this.events.publishEvent(manager, 'pairing.changed', { userId, pairingId: id });
    });
  }

  /** @throws AppError device_required: only a device can answer */
  async listWaitingPairings(who: Principal): Promise<PairingsDto> {
    await this.deviceSessions.requireLiveDevice(who);
    const rows = await LIST_WAITING.loadRows(this.db, who.userId, who.sessionId);
    const pairings = rows.map(({ request, mac, askedAt, ...row }) => ({
      ...row,
      request: request.toString('base64url'),
      mac: mac.toString('base64url'),
      askedAt: askedAt.toISOString(),
    }));
    return { pairings };
  }

  /**
   * Stores the list with the new device and the answer together, so that there is never one without the other. Of two
   * answers the first counts; the same again changes nothing.
   * @throws AppError device_required; pairing_not_found; with what a device list can be refused
   */
  async approvePairing(who: Principal, pairingId: string, approval: PairingApprovalDto): Promise<void> {
    const { userId, sessionId } = who;
    await this.events.runTransaction(async (manager) => {
      await this.sessions.lockActiveSession(manager, who);
      await this.deviceSessions.holdLiveDevice(manager, who);
      const waiting = await FIND_TO_APPROVE.findRow(manager, userId, pairingId, sessionId);
      if (waiting && isDeepStrictEqual(waiting.approval, { ...approval })) return;
      if (waiting?.approval !== null) throw new AppError('pairing_not_found');
      await this.lists.storeInTransaction(manager, who, approval);
      await STORE_APPROVAL.execute(manager, userId, pairingId, JSON.stringify(approval));
      await this.events.publishEvent(manager, 'pairing.changed', { userId, pairingId });
    });
  }

  /** @throws AppError pairing_not_found, also for any session but the one that has asked */
  async loadOutcome({ sessionId }: Principal, pairingId: string): Promise<PairingOutcomeDto> {
    const outcome = await FIND_OUTCOME.findRow(this.db, pairingId, sessionId);
    if (!outcome) throw new AppError('pairing_not_found');
    return outcome;
  }

  /** @throws AppError pairing_not_found */
  async deletePairing({ userId, sessionId }: Principal, pairingId: string): Promise<void> {
    await this.events.runStatement(['pairing.changed'], async (manager) => {
      if ((await DELETE_PAIRING.countChanges(manager, userId, pairingId, sessionId)) === 0)
        throw new AppError('pairing_not_found');
      await this.events.publishEvent(manager, 'pairing.changed', { userId, pairingId });
    });
  }

  async deleteOverPairings(): Promise<void> {
    await DELETE_OVER_PAIRINGS.execute(this.db);
  }
}
