import { Injectable } from '@nestjs/common';
import type { KeyAnswerDto, KeyRequestDto, KeyRequestsDto, NumberedKeyAnswerDto, TakenDto } from '@webcall/contracts';
import { MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bigintParameter, bytea, integer, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { type DomainEvents, OnEventInTransaction } from '../../platform/events/domain-events';
import { AppError } from '../../platform/http/app-error';
import { Realtime } from '../../platform/realtime/realtime';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import { GroupAccess } from './group-access';

const REQUESTS_OF_ANSWER = 50;

/** SQL condition: the key request `q` is still open. */
const IS_OPEN = `q.asked_at > now() - interval '1 day'`;

/** What was answered to the one before is deleted with it. */
const DELETE_REQUEST = sqlStatement({
  takes: [uuid, uuid, uuid],
  sql: 'DELETE FROM key_requests WHERE room_id = $1 AND user_id = $2 AND device_id = $3',
});

const INSERT_REQUEST = sqlStatement({
  takes: [uuid, uuid, uuid, bytea, bytea],
  sql: 'INSERT INTO key_requests (room_id, user_id, device_id, request, signature) VALUES ($1, $2, $3, $4, $5)',
});

const LIST_REQUESTS = sqlStatement({
  takes: [uuid, uuid, uuid, bigintParameter],
  gives: { userId: uuid, deviceId: uuid, request: bytea, signature: bytea },
  sql: `SELECT q.user_id AS "userId", q.device_id AS "deviceId", q.request, q.signature FROM key_requests q
    WHERE q.room_id = $1 AND (q.user_id, q.device_id) <> ($2, $3) AND ${IS_OPEN} ORDER BY q.asked_at DESC LIMIT $4`,
});

const FIND_REQUEST = sqlStatement({
  takes: [uuid, uuid, uuid],
  sql: `SELECT FROM key_requests q WHERE q.room_id = $1 AND q.user_id = $2 AND q.device_id = $3 AND ${IS_OPEN}`,
});

const LIST_ANSWERERS = sqlStatement({
  takes: [uuid, uuid, uuid],
  gives: { userId: uuid, deviceId: uuid, number: integer },
  sql: `SELECT answerer_user_id AS "userId", answerer_device_id AS "deviceId", number FROM key_answers
    WHERE room_id = $1 AND user_id = $2 AND device_id = $3`,
});

const FIND_ANSWER = sqlStatement({
  takes: [uuid, uuid, uuid, integer],
  gives: { answer: bytea, signature: bytea },
  sql: `SELECT a.answer, a.signature FROM key_answers a JOIN key_requests q USING (room_id, user_id, device_id)
    WHERE a.room_id = $1 AND a.user_id = $2 AND a.device_id = $3 AND a.number = $4 AND ${IS_OPEN}`,
});

const INSERT_ANSWER = sqlStatement({
  takes: [uuid, uuid, uuid, integer, uuid, uuid, bytea, bytea],
  sql: `INSERT INTO key_answers (room_id, user_id, device_id, number, answerer_user_id, answerer_device_id, answer, signature)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
});

const DELETE_REQUESTS_OF_DEVICES = sqlStatement({
  takes: [uuid, uuidsParameter],
  sql: 'DELETE FROM key_requests WHERE user_id = $1 AND device_id = ANY ($2)',
});

const DELETE_OLD = sqlStatement({ takes: [], sql: `DELETE FROM key_requests q WHERE NOT (${IS_OPEN})` });

/** A device that has asked for keys, in its room. */
interface Asker {
  readonly roomId: string;
  readonly userId: string;
  readonly deviceId: string;
}

/** Passes on what devices of a room ask each other for, and what they answer; only they can read it. */
@Injectable()
export class KeyRequestsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: GroupAccess,
    private readonly realtime: Realtime,
    private readonly budgets: LimitBudgets,
  ) {}

  /** The request of a device takes the place of the one before. */
  async storeRequest(who: Principal, roomId: string, { request, signature }: KeyRequestDto): Promise<void> {
    const { userId, deviceId } = await this.access.runAsDevice(who, roomId, async (manager, actor) => {
      const device = [roomId, actor.userId, actor.deviceId] as const;
      await DELETE_REQUEST.execute(manager, ...device);
      await INSERT_REQUEST.execute(
        manager,
        ...device,
        Buffer.from(request, 'base64url'),
        Buffer.from(signature, 'base64url'),
      );
      return actor;
    });
    this.realtime.toRoomMembers(roomId).emit('keys:asked', { roomId, userId, deviceId });
  }

  async deleteRequest(who: Principal, roomId: string): Promise<void> {
    const { userId, deviceId } = await this.access.requireActingDevice(who, roomId);
    await DELETE_REQUEST.execute(this.db, roomId, userId, deviceId);
  }

  async loadRequests(who: Principal, roomId: string): Promise<KeyRequestsDto> {
    const { userId, deviceId } = await this.access.requireActingDevice(who, roomId);
    const rows = await LIST_REQUESTS.loadRows(this.db, roomId, userId, deviceId, REQUESTS_OF_ANSWER);
    return {
      requests: rows.map(({ request, signature, ...device }) => ({
        ...device,
        request: request.toString('base64url'),
        signature: signature.toString('base64url'),
      })),
    };
  }

  /** Takes one answer of each device, fewer of each user than of all: nobody alone can keep out those that help. */
  async takeAnswer(who: Principal, asker: Asker, { answer, signature }: KeyAnswerDto): Promise<TakenDto> {
    const { roomId, userId, deviceId } = asker;
    const { userId: actorId } = await this.access.requireActingDevice(who, roomId);
    await this.budgets.spendBudget(answer.length, ['traffic:groups', actorId]);
    const taken = await this.access.runAsDevice(who, roomId, async (manager, actor) => {
      const before = await this.findAnswerers(manager, asker);
      const own = before.find((one) => one.userId === actor.userId && one.deviceId === actor.deviceId);
      if (own) {
        const earlier = await FIND_ANSWER.findRow(manager, roomId, userId, deviceId, own.number);
        return earlier?.answer.toString('base64url') === answer;
      }
      const ofUser = before.filter((one) => one.userId === actor.userId);
      if (before.length >= MOST_KEY_ANSWERS || ofUser.length >= MOST_KEY_ANSWERS_OF_USER) return false;
      await INSERT_ANSWER.execute(
        manager,
        roomId,
        userId,
        deviceId,
        before.length,
        actor.userId,
        actor.deviceId,
        Buffer.from(answer, 'base64url'),
        Buffer.from(signature, 'base64url'),
      );
      return true;
    });
    if (taken) this.realtime.toUserDevices(userId).emit('keys:answered', { roomId, deviceId });
    return { taken };
  }

  /** @returns the answer with that number, counted from 0, to the request of this device */
  async loadAnswer(who: Principal, roomId: string, number: number): Promise<NumberedKeyAnswerDto> {
    const { userId, deviceId } = await this.access.requireActingDevice(who, roomId);
    const row = await FIND_ANSWER.findRow(this.db, roomId, userId, deviceId, number);
    if (!row) return { answer: null };
    return {
      answer: { answer: row.answer.toString('base64url'), signature: row.signature.toString('base64url') },
    };
  }

  @OnEventInTransaction('devices.ended', 30)
  async deleteRequestsOfDevices(
    { userId, deviceIds }: DomainEvents['devices.ended'],
    manager: EntityManager,
  ): Promise<void> {
    await DELETE_REQUESTS_OF_DEVICES.execute(manager, userId, deviceIds);
  }

  async deleteOldRequests(): Promise<void> {
    await DELETE_OLD.execute(this.db);
  }

  /** @throws AppError key_request_not_found */
  private async findAnswerers(manager: EntityManager, { roomId, userId, deviceId }: Asker) {
    if (!(await FIND_REQUEST.findRow(manager, roomId, userId, deviceId))) throw new AppError('key_request_not_found');
    return LIST_ANSWERERS.loadRows(manager, roomId, userId, deviceId);
  }
}
