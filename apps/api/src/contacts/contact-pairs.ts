import { Injectable } from '@nestjs/common';
import type { Ringtone } from '@webcall/contracts';
import { advanceRelation, type RelationAction, relationSeenBy, STRANGER_PAIR, type UserPair } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { EventBus } from '../platform/events/event-bus';
import { AppError } from '../platform/http/app-error';
import { DirectRooms } from '../rooms/direct-rooms';
import { CONTACT_PAIR_COLUMNS, type ContactPairRow, PAIR_SIDES, pairSideOf, toContactPair } from './contact-pair-row';

/** The outcome of an action between two users. */
export interface ContactPairStep {
  before: UserPair;
  after: UserPair;
}

/** The actions that are possible between two users without any stored relation. */
const PAIR_CREATING_ACTIONS: ReadonlySet<RelationAction> = new Set(['request', 'block']);

interface ContactPairIdsRow extends ContactPairRow {
  firstId: string;
  secondId: string;
}

const CONTACT_PAIR_ID_COLUMNS = `c.first_id AS "firstId", c.second_id AS "secondId", ${CONTACT_PAIR_COLUMNS}`;

/** Stores the relation between two users: one row for each pair, which every action locks, so that actions queue up. */
@Injectable()
export class ContactPairs {
  constructor(
    private readonly db: DataSource,
    private readonly events: EventBus,
    private readonly directRooms: DirectRooms,
  ) {}

  /**
   * Applies an action of `actor` towards `other`, and closes or reopens their direct room accordingly.
   * @throws AppError with the refusal of the relation rules; user_not_found
   */
  applyPairAction(actor: string, other: string, action: RelationAction): Promise<ContactPairStep> {
    return this.events.runTransaction(async (manager) => {
      const ids = sortUserIds(actor, other);
      if (PAIR_CREATING_ACTIONS.has(action)) await this.insertPairIfMissing(manager, ids, other);
      const before = await this.lockPairRow(manager, ids);
      const step = advanceRelation(before, pairSideOf(actor, other), action);
      if (!step.ok) throw new AppError(step.refusal);
      const after = step.pair;
      if (isSamePair(before, after)) return { before, after };
      await manager.query(
        `UPDATE contacts SET status = $3, blocked_by_first = $4, blocked_by_second = $5,
           since_of_first = CASE WHEN $6 THEN now() ELSE since_of_first END,
           since_of_second = CASE WHEN $7 THEN now() ELSE since_of_second END
         WHERE first_id = $1 AND second_id = $2`,
        [
          ...ids,
          after.status,
          ...PAIR_SIDES.map((side) => after.blockedBy.includes(side)),
          ...PAIR_SIDES.map((side) => relationSeenBy(before, side) !== relationSeenBy(after, side)),
        ],
      );
      await this.directRooms.storeClosedState(manager, ids, after.status !== 'contacts');
      return { before, after };
    });
  }

  /**
   * Requires that the two are contacts, and locks their row until the transaction ends.
   * @throws AppError contact_not_found
   */
  async requireContact(manager: EntityManager, actor: string, other: string): Promise<void> {
    const pair = await this.lockPairRow(manager, sortUserIds(actor, other));
    if (relationSeenBy(pair, pairSideOf(actor, other)) !== 'contact') throw new AppError('contact_not_found');
  }

  /** @throws AppError contact_not_found */
  storeRingtone(actor: string, other: string, ringtone: Ringtone | null): Promise<void> {
    const column = { first: 'ringtone_of_first', second: 'ringtone_of_second' }[pairSideOf(actor, other)];
    return this.db.transaction(async (manager) => {
      await this.requireContact(manager, actor, other);
      await manager.query(`UPDATE contacts SET ${column} = $3 WHERE first_id = $1 AND second_id = $2`, [
        ...sortUserIds(actor, other),
        ringtone,
      ]);
    });
  }

  /** @returns the ids of the user's contacts */
  async listContactIds(userId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }[]>(
      `SELECT CASE first_id WHEN $1 THEN second_id ELSE first_id END AS id FROM contacts
       WHERE (first_id = $1 OR second_id = $1) AND status = 'contacts'`,
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Deletes all relations of a user, as the first step of deleting the user: concurrent actions towards them wait for
   * these row locks, and not in the middle of the deletion.
   * @returns the users who saw a relation
   */
  async deleteUserPairs(manager: EntityManager, userId: string): Promise<string[]> {
    const [rows] = await manager.query<[ContactPairIdsRow[], number]>(
      `DELETE FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1 RETURNING ${CONTACT_PAIR_ID_COLUMNS}`,
      [userId],
    );
    return relatedUserIdsOf(userId, rows);
  }

  /** @returns the ids of the users who see a relation to this user */
  async listRelatedUserIds(userId: string): Promise<string[]> {
    const rows = await this.db.query<ContactPairIdsRow[]>(
      `SELECT ${CONTACT_PAIR_ID_COLUMNS} FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1`,
      [userId],
    );
    return relatedUserIdsOf(userId, rows);
  }

  /** Refuses guests and the user themselves. */
  private async insertPairIfMissing(
    manager: EntityManager,
    ids: readonly [string, string],
    other: string,
  ): Promise<void> {
    const [known] = await manager.query<unknown[]>('SELECT FROM users WHERE id = $1 AND NOT guest', [other]);
    if (!known || ids[0] === ids[1]) throw new AppError('user_not_found');
    await manager.query('INSERT INTO contacts (first_id, second_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [...ids]);
  }

  private async lockPairRow(manager: EntityManager, ids: readonly [string, string]): Promise<UserPair> {
    const [row] = await manager.query<ContactPairRow[]>(
      `SELECT ${CONTACT_PAIR_COLUMNS} FROM contacts c WHERE c.first_id = $1 AND c.second_id = $2 FOR NO KEY UPDATE`,
      [...ids],
    );
    return row ? toContactPair(row) : STRANGER_PAIR;
  }
}

function relatedUserIdsOf(userId: string, rows: readonly ContactPairIdsRow[]): string[] {
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
