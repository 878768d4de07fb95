import { Injectable } from '@nestjs/common';
import type { CommitClaimDto, CommitsDto, GroupInfoDto, SendCommitDto, TakenDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bigintParameter, bool, bytea, integer, nullable, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import { GroupAccess } from './group-access';
import type { KnownGroup } from './group-id';
import { WelcomesService } from './welcomes.service';

/** How long others wait for a device that is about to commit, in ms. */
const CLAIM_MS = 3000;

/** An answer has at most so many commits, and so many bytes of them unless the first one alone has more. */
const COMMITS_OF_ANSWER = 200;
const BYTES_OF_ANSWER = 1024 * 1024;

const LIST_COMMITS = sqlStatement({
  takes: [uuid, integer, integer, bigintParameter, bigintParameter],
  gives: { commit: bytea },
  sql: `SELECT commit FROM (
      SELECT epoch, commit, sum(length(commit)) OVER (ORDER BY epoch) - length(commit) AS before FROM (
        SELECT epoch, commit FROM group_commits WHERE room_id = $1 AND group_number = $2 AND epoch >= $3
        ORDER BY epoch LIMIT $4
      ) AS next
    ) AS measured WHERE before < $5::bigint ORDER BY epoch`,
});

const FIND_COMMIT = sqlStatement({
  takes: [uuid, integer, integer, bytea],
  gives: { isSame: bool },
  sql: `SELECT commit = $4 AS "isSame" FROM group_commits WHERE room_id = $1 AND group_number = $2 AND epoch = $3`,
});

/** The epoch of a group is the number of its commits. */
const FIND_PLACE = sqlStatement({
  takes: [uuid, integer],
  gives: { epoch: integer, newestNumber: integer, memberVersion: integer },
  sql: `SELECT (SELECT coalesce(max(epoch) + 1, 0) FROM group_commits WHERE room_id = $1 AND group_number = $2) AS epoch,
      (SELECT coalesce(max(number), 0) FROM room_groups WHERE room_id = $1) AS "newestNumber",
      member_version AS "memberVersion"
    FROM rooms WHERE id = $1`,
});

const INSERT_COMMIT = sqlStatement({
  takes: [uuid, integer, integer, bytea],
  sql: 'INSERT INTO group_commits (room_id, group_number, epoch, commit) VALUES ($1, $2, $3, $4)',
});

const STORE_GROUP_INFO = sqlStatement({
  takes: [uuid, integer, bytea],
  sql: 'UPDATE room_groups SET group_info = $3 WHERE room_id = $1 AND number = $2',
});

/** What was due in an earlier version of the list of members than `$4` is done; a joiner names none. */
const BEGIN_EPOCH = sqlStatement({
  takes: [uuid, integer, integer, nullable(integer)],
  sql: `UPDATE rooms SET generation = $2, epoch = $3, epoch_messages = 0,
      rekey_due_since = CASE WHEN rekey_due_since <= $4 THEN NULL ELSE rekey_due_since END
    WHERE id = $1`,
});

const CLAIM_COMMIT = sqlStatement({
  takes: [uuid, integer, integer, uuid, integer],
  gives: { waitMs: integer },
  sql: `WITH claimed AS (
      UPDATE room_groups SET claimed_epoch = $3, claimed_by = $4,
        claimed_until = CASE WHEN claimed_epoch = $3 AND claimed_by = $4 AND claimed_until > now() THEN claimed_until
          ELSE now() + $5::integer * interval '1 millisecond' END
      WHERE room_id = $1 AND number = $2
        AND (claimed_epoch IS DISTINCT FROM $3 OR claimed_by = $4 OR claimed_until <= now()) RETURNING number
    )
    SELECT CASE WHEN EXISTS (SELECT FROM claimed) THEN 0 ELSE
        least($5::integer, greatest(1, ceil(extract(epoch FROM claimed_until - now()) * 1000)))::integer END AS "waitMs"
    FROM room_groups WHERE room_id = $1 AND number = $2`,
});

const FIND_GROUP_INFO = sqlStatement({
  takes: [uuid, integer],
  gives: { groupInfo: nullable(bytea) },
  sql: 'SELECT group_info AS "groupInfo" FROM room_groups WHERE room_id = $1 AND number = $2',
});

/** Keeps the commits of groups: one for each epoch, the first that comes. */
@Injectable()
export class CommitsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: GroupAccess,
    private readonly welcomes: WelcomesService,
    private readonly events: EventBus,
    private readonly budgets: LimitBudgets,
  ) {}

  async loadCommits(who: Principal, roomId: string, groupId: string, from: number): Promise<CommitsDto> {
    await this.access.requireReader(who, roomId);
    const { number } = await this.access.requireGroup(roomId, groupId);
    // Counted first: a commit that comes in between is more than the answer promises, and no gap.
    const { epoch } = await requirePlace(this.db.manager, roomId, number);
    const rows = await LIST_COMMITS.loadRows(this.db, roomId, number, from, COMMITS_OF_ANSWER, BYTES_OF_ANSWER);
    return { commits: rows.map(({ commit }) => commit.toString('base64url')), epoch };
  }

  /**
   * Takes a commit if it is the first one of its epoch, with what comes with it. A repeat is answered as the first time,
   * and is free: a device sends a commit until it knows what became of it.
   */
  async takeCommit(who: Principal, roomId: string, groupId: string, dto: SendCommitDto): Promise<TakenDto> {
    const { userId, deviceId } = await this.access.requireActingDevice(who, roomId);
    const group = await this.access.requireGroup(roomId, groupId);
    const commit = Buffer.from(dto.commit, 'base64url');
    const known = await FIND_COMMIT.findRow(this.db, roomId, group.number, dto.epoch, commit);
    if (known) return { taken: known.isSame };
    const size = commit.length + dto.groupInfo.length + (dto.welcome?.welcome.length ?? 0);
    await this.budgets.spendBudget(1, ['groups:commit', deviceId]);
    await this.budgets.spendBudget(size, ['traffic:groups', userId]);
    return this.access.runAsDevice(who, roomId, async (manager, actor) => {
      const isFirst = await this.isFirstOfEpoch(manager, group, dto);
      // Only now is it certain that nobody else comes first.
      const earlier = await FIND_COMMIT.findRow(manager, roomId, group.number, dto.epoch, commit);
      if (earlier || !isFirst) return { taken: earlier?.isSame ?? false };
      if (dto.rekeyedFor === undefined) await this.access.requireRoomForDevice(actor, manager);
      await this.storeCommit(manager, group, dto, commit);
      await this.events.publishEvent(manager, 'group.changed', { roomId });
      return { taken: true };
    });
  }

  /** Gives a device the right of way for a few seconds. It spares others work; which commit counts does not depend on it. */
  async claimCommit(who: Principal, roomId: string, groupId: string, epoch: number): Promise<CommitClaimDto> {
    const { deviceId } = await this.access.requireActingDevice(who, roomId);
    const { number } = await this.access.requireGroup(roomId, groupId);
    const place = await requirePlace(this.db.manager, roomId, number);
    // No device keeps others waiting by a claim for an epoch that is not the present one.
    if (epoch !== place.epoch || number !== place.newestNumber) return { waitMs: 0 };
    const claim = await CLAIM_COMMIT.findRow(this.db, roomId, number, epoch, deviceId, CLAIM_MS);
    return { waitMs: claim?.waitMs ?? 0 };
  }

  async loadGroupInfo(who: Principal, roomId: string, groupId: string): Promise<GroupInfoDto> {
    await this.access.requireReader(who, roomId);
    const { number } = await this.access.requireGroup(roomId, groupId);
    const row = await FIND_GROUP_INFO.findRow(this.db, roomId, number);
    return { groupInfo: row?.groupInfo?.toString('base64url') ?? null };
  }

  /**
   * @throws AppError invalid_input for a version of the list of members that is still to come; group_not_found for
   *   another group than the one that was named last: its epoch will have no commit, for which a device would wait
   */
  private async isFirstOfEpoch(
    manager: EntityManager,
    { roomId, number }: KnownGroup,
    { epoch, rekeyedFor }: SendCommitDto,
  ): Promise<boolean> {
    const place = await requirePlace(manager, roomId, number);
    if (rekeyedFor !== undefined && rekeyedFor > place.memberVersion)
      throw new AppError('invalid_input', { rekeyedFor: ['rekeyedFor must not be above the version of the members'] });
    if (number !== place.newestNumber && epoch >= place.epoch) throw new AppError('group_not_found');
    return epoch === place.epoch;
  }

  private async storeCommit(
    manager: EntityManager,
    { roomId, number, generation }: KnownGroup,
    { epoch, groupInfo, welcome, rekeyedFor }: SendCommitDto,
    commit: Buffer,
  ): Promise<void> {
    await INSERT_COMMIT.execute(manager, roomId, number, epoch, commit);
    await STORE_GROUP_INFO.execute(manager, roomId, number, Buffer.from(groupInfo, 'base64url'));
    await BEGIN_EPOCH.execute(manager, roomId, generation, epoch + 1, rekeyedFor ?? null);
    if (welcome) await this.welcomes.storeWelcome(manager, { roomId, number }, welcome);
  }
}

async function requirePlace(manager: EntityManager, roomId: string, number: number) {
  const place = await FIND_PLACE.findRow(manager, roomId, number);
  if (!place) throw new AppError('room_not_found');
  return place;
}
