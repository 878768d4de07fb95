import { Injectable } from '@nestjs/common';
import type { Ringtone } from '@webcall/contracts';
import {
  advanceRelation,
  canOpenDirectRoom,
  directRoomStepOf,
  type PairSide,
  type RelationAction,
  relationSeenBy,
  STRANGER_PAIR,
  type UserPair,
  type Writers,
} from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { lockUserRow } from '../platform/access/lock-user-row';
import { BatchedLookup } from '../platform/batched-lookup';
import { sqlStatement, type StatementRow } from '../platform/database/sql-statement';
import { bool, nullable, text, textOf, uuid, uuidArray, uuidsParameter } from '../platform/database/sql-types';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { DirectRooms, SHARE_ROOM } from '../rooms/direct-rooms';
import { CONTACT_PAIR_COLUMNS, CONTACT_PAIR_TYPES, PAIR_SIDES, pairSideOf, toContactPair } from './contact-pair-row';

/** The actions that are possible between two users without any stored relation. */
const PAIR_CREATING_ACTIONS: ReadonlySet<RelationAction> = new Set(['request', 'block']);

const INSERT_PAIR = sqlStatement({
  takes: [uuid, uuid],
  sql: 'INSERT INTO contacts (first_id, second_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
});

const LOCK_PAIR = sqlStatement({
  takes: [uuid, uuid],
  gives: CONTACT_PAIR_TYPES,
  sql: `SELECT ${CONTACT_PAIR_COLUMNS} FROM contacts c WHERE c.first_id = $1 AND c.second_id = $2 FOR NO KEY UPDATE`,
});

const UPDATE_PAIR = sqlStatement({
  takes: [uuid, uuid, text, bool, bool, bool, bool],
  sql: `UPDATE contacts SET status = $3, blocked_by_first = $4, blocked_by_second = $5,
      since_of_first = CASE WHEN $6 THEN now() ELSE since_of_first END,
      since_of_second = CASE WHEN $7 THEN now() ELSE since_of_second END
    WHERE first_id = $1 AND second_id = $2`,
});

const STORE_RINGTONE = {
  first: sqlStatement({
    takes: [uuid, uuid, nullable(text)],
    sql: 'UPDATE contacts SET ringtone_of_first = $3 WHERE first_id = $1 AND second_id = $2',
  }),
  second: sqlStatement({
    takes: [uuid, uuid, nullable(text)],
    sql: 'UPDATE contacts SET ringtone_of_second = $3 WHERE first_id = $1 AND second_id = $2',
  }),
};

// Sorted, so that equal lists are the same.
const LIST_CONTACT_IDS = sqlStatement({
  takes: [uuidsParameter],
  gives: { userId: uuid, contactIds: uuidArray },
  sql: `SELECT user_id AS "userId", array_agg(contact_id ORDER BY contact_id) AS "contactIds" FROM (
      SELECT first_id AS user_id, second_id AS contact_id FROM contacts
      WHERE first_id = ANY ($1::uuid[]) AND status = 'contacts'
      UNION ALL
      SELECT second_id, first_id FROM contacts WHERE second_id = ANY ($1::uuid[]) AND status = 'contacts'
    ) AS pairs GROUP BY user_id`,
});

const PAIR_OF_IDS_TYPES = { firstId: uuid, secondId: uuid, ...CONTACT_PAIR_TYPES };
const PAIR_OF_IDS_COLUMNS = `c.first_id AS "firstId", c.second_id AS "secondId", ${CONTACT_PAIR_COLUMNS}`;

const DELETE_PAIRS = sqlStatement({
  takes: [uuid],
  gives: PAIR_OF_IDS_TYPES,
  sql: `DELETE FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1 RETURNING ${PAIR_OF_IDS_COLUMNS}`,
});

const LIST_PAIRS = sqlStatement({
  takes: [uuid],
  gives: PAIR_OF_IDS_TYPES,
  sql: `SELECT ${PAIR_OF_IDS_COLUMNS} FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1`,
});

const FIND_ACCOUNT = sqlStatement({ takes: [uuid], sql: 'SELECT FROM users WHERE id = $1 AND NOT guest' });

const FIND_WRITERS = sqlStatement({
  takes: [uuid, uuid],
  gives: { writers: textOf<Writers>(), sharesRoom: bool },
  sql: `SELECT u.writers, ${SHARE_ROOM} AS "sharesRoom" FROM users u WHERE u.id = $2`,
});

/** Stores the relation between two users: one row for each pair, which every action locks, so that actions queue up. */
@Injectable()
export class ContactPairs {
  private readonly contactIds = new BatchedLookup((userIds: readonly string[]) => this.loadContactIds(userIds));

  constructor(
    private readonly db: DataSource,
    private readonly events: EventBus,
    private readonly directRooms: DirectRooms,
  ) {}

  /**
   * Applies an action of `actor` towards `other`, and closes or reopens their direct room accordingly. Publishes the
   * change for each of the two who sees another relation: a blocked user may so hear that a contact or a request has
   * ended, but not of the block.
   * @throws AppError with the refusal of the relation rules; user_not_found
   */
  async applyPairAction(actor: string, other: string, action: RelationAction): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      const ids = sortUserIds(actor, other);
      if (PAIR_CREATING_ACTIONS.has(action)) await this.insertPairIfMissing(manager, ids, other, 'user_not_found');
      const before = await this.lockPairRow(manager, ids);
      const step = advanceRelation(before, pairSideOf(actor, other), action);
      if (!step.ok) throw new AppError(step.refusal);
      const after = step.pair;
      if (isSamePair(before, after)) return;
      const blocks = (side: PairSide): boolean => after.blockedBy.includes(side);
      const changes = (side: PairSide): boolean => relationSeenBy(before, side) !== relationSeenBy(after, side);
      await UPDATE_PAIR.execute(
        manager,
        ...ids,
        after.status,
        blocks('first'),
        blocks('second'),
        changes('first'),
        changes('second'),
      );
      const roomStep = directRoomStepOf(before, after);
      if (roomStep !== 'keep') await this.directRooms.storeClosedState(manager, ids, roomStep === 'close');
      for (const [viewerId, otherId] of [
        [actor, other],
        [other, actor],
      ] as const) {
        if (changes(pairSideOf(viewerId, otherId)))
          await this.events.publishEvent(manager, 'relation.changed', { viewerId, otherId });
      }
    });
  }

  /**
   * Requires that the actor may open the direct room, and keeps the relation, both accounts and the setting of the other
   * one as they are until the transaction ends. Strangers get a row too: a block would not wait for it otherwise.
   * @throws AppError contact_not_found
   */
  async requireDirectRoomAccess(manager: EntityManager, actor: string, other: string): Promise<void> {
    const ids = sortUserIds(actor, other);
    // Also before the locks: a guest's row must not be locked here, since their end locks the room before it.
    await this.requireOtherAccount(manager, ids, other, 'contact_not_found');
    for (const id of ids) await lockUserRow(manager, id);
    await this.insertPairIfMissing(manager, ids, other, 'contact_not_found');
    const pair = await this.lockPairRow(manager, ids);
    const found = await FIND_WRITERS.findRow(manager, actor, other);
    if (!found || !canOpenDirectRoom(pair, found)) throw new AppError('contact_not_found');
  }

  /** @throws AppError contact_not_found */
  storeRingtone(actor: string, other: string, ringtone: Ringtone | null): Promise<void> {
    return this.events.runTransaction(async (manager) => {
      const pair = await this.lockPairRow(manager, sortUserIds(actor, other));
      if (relationSeenBy(pair, pairSideOf(actor, other)) !== 'contact') throw new AppError('contact_not_found');
      await STORE_RINGTONE[pairSideOf(actor, other)].execute(manager, ...sortUserIds(actor, other), ringtone);
      await this.events.publishEvent(manager, 'relation.changed', { viewerId: actor, otherId: other });
    });
  }

  /** @returns the ids of the user's contacts */
  async listContactIds(userId: string): Promise<string[]> {
    return (await this.contactIds.load(userId)) ?? [];
  }

  /**
   * Deletes all relations of a user, as the first step of deleting the user: concurrent actions towards them wait for
   * these row locks, and not in the middle of the deletion.
   * @returns the users who saw a relation
   */
  async deleteUserPairs(manager: EntityManager, userId: string): Promise<string[]> {
    return relatedUserIdsOf(userId, await DELETE_PAIRS.loadRows(manager, userId));
  }

  /** @returns the ids of the users who see a relation to this user */
  async listRelatedUserIds(userId: string): Promise<string[]> {
    return relatedUserIdsOf(userId, await LIST_PAIRS.loadRows(this.db, userId));
  }

  private async insertPairIfMissing(
    manager: EntityManager,
    ids: readonly [string, string],
    other: string,
    refusal: 'user_not_found' | 'contact_not_found',
  ): Promise<void> {
    await this.requireOtherAccount(manager, ids, other, refusal);
    await INSERT_PAIR.execute(manager, ...ids);
  }

  /** Refuses guests and the user themselves. */
  private async requireOtherAccount(
    manager: EntityManager,
    ids: readonly [string, string],
    other: string,
    refusal: 'user_not_found' | 'contact_not_found',
  ): Promise<void> {
    if (!(await FIND_ACCOUNT.findRow(manager, other)) || ids[0] === ids[1]) throw new AppError(refusal);
  }

  private async lockPairRow(manager: EntityManager, ids: readonly [string, string]): Promise<UserPair> {
    const row = await LOCK_PAIR.findRow(manager, ...ids);
    return row ? toContactPair(row) : STRANGER_PAIR;
  }

  private async loadContactIds(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await LIST_CONTACT_IDS.loadRows(this.db, userIds);
    return new Map(rows.map((row) => [row.userId, row.contactIds]));
  }
}

function relatedUserIdsOf(userId: string, rows: readonly StatementRow<typeof LIST_PAIRS>[]): string[] {
  return rows.flatMap(({ firstId, secondId, ...row }) => {
    const other = firstId === userId ? secondId : firstId;
    return relationSeenBy(toContactPair(row), pairSideOf(other, userId)) === 'none' ? [] : [other];
  });
}

function sortUserIds(a: string, b: string): [string, string] {
  return a < b ? [a, b] : [b, a];
}

function isSamePair(a: UserPair, b: UserPair): boolean {
  return a.status === b.status && PAIR_SIDES.every((side) => a.blockedBy.includes(side) === b.blockedBy.includes(side));
}
