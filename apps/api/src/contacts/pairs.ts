import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Ringtone } from '@webcall/contracts';
import { type Pair, relate, type RelationAction, relationOf, STRANGERS } from '@webcall/domain';
import { AppError } from '../platform/http/app-error';
import { DirectRooms } from '../rooms/direct-rooms';
import { PAIR_COLUMNS, type PairRow, pairOf, sideOf, SIDES } from './pair-row';

/** What came of a step. */
export interface PairStep {
  before: Pair;
  after: Pair;
  /** Their direct room, if the step has closed or opened it. */
  roomId: string | undefined;
}

/** The steps that begin something between two users who may have had nothing to do with each other. */
const BEGINNINGS: ReadonlySet<RelationAction> = new Set(['request', 'block']);

interface IdsRow extends PairRow {
  firstId: string;
  secondId: string;
}

const IDS_AND_PAIR = `c.first_id AS "firstId", c.second_id AS "secondId", ${PAIR_COLUMNS}`;

/** What stands between two users: one row for the pair, which every step locks, so that steps are taken one by one. */
@Injectable()
export class Pairs {
  constructor(
    private readonly db: DataSource,
    private readonly directRooms: DirectRooms,
  ) {}

  /**
   * Takes one step of `actor` towards `other`, with what follows from it for their room.
   * @throws AppError as the rules of relations refuse it; user_not_found
   */
  take(actor: string, other: string, action: RelationAction): Promise<PairStep> {
    return this.db.transaction(async (manager) => {
      const ids = sorted(actor, other);
      if (BEGINNINGS.has(action)) await this.begin(manager, ids, other);
      const before = await this.lock(manager, ids);
      const step = relate(before, sideOf(actor, other), action);
      if (!step.ok) throw new AppError(step.refusal);
      const after = step.pair;
      if (same(before, after)) return { before, after, roomId: undefined };
      await manager.query(
        `UPDATE contacts SET status = $3, blocked_by_first = $4, blocked_by_second = $5,
           since_of_first = CASE WHEN $6 THEN now() ELSE since_of_first END,
           since_of_second = CASE WHEN $7 THEN now() ELSE since_of_second END
         WHERE first_id = $1 AND second_id = $2`,
        [
          ...ids,
          after.status,
          ...SIDES.map((side) => after.blockedBy.includes(side)),
          ...SIDES.map((side) => relationOf(before, side) !== relationOf(after, side)),
        ],
      );
      const roomId = await this.directRooms.close(manager, ids, after.status !== 'contacts');
      return { before, after, roomId };
    });
  }

  /**
   * Keeps what stands between them until the transaction ends.
   * @throws AppError contact_not_found
   */
  async requireContact(manager: EntityManager, actor: string, other: string): Promise<void> {
    const pair = await this.lock(manager, sorted(actor, other));
    if (relationOf(pair, sideOf(actor, other)) !== 'contact') throw new AppError('contact_not_found');
  }

  /** @throws AppError contact_not_found */
  setRingtone(actor: string, other: string, ringtone: Ringtone | null): Promise<void> {
    const column = { first: 'ringtone_of_first', second: 'ringtone_of_second' }[sideOf(actor, other)];
    return this.db.transaction(async (manager) => {
      await this.requireContact(manager, actor, other);
      await manager.query(`UPDATE contacts SET ${column} = $3 WHERE first_id = $1 AND second_id = $2`, [
        ...sorted(actor, other),
        ringtone,
      ]);
    });
  }

  /** @returns those who are contacts of the user */
  async contactsOf(userId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }[]>(
      `SELECT CASE first_id WHEN $1 THEN second_id ELSE first_id END AS id FROM contacts
       WHERE (first_id = $1 OR second_id = $1) AND status = 'contacts'`,
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Ends all that stands between a user and others, as the first step of their going for good: whoever takes a step with
   * them meanwhile waits here, and not in the middle of it.
   * @returns those to whom it showed
   */
  async forget(manager: EntityManager, userId: string): Promise<string[]> {
    const [rows] = await manager.query<[IdsRow[], number]>(
      `DELETE FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1 RETURNING ${IDS_AND_PAIR}`,
      [userId],
    );
    return onlookers(userId, rows);
  }

  /** @returns those who see something between them and the user */
  async onlookersOf(userId: string): Promise<string[]> {
    const rows = await this.db.query<IdsRow[]>(
      `SELECT ${IDS_AND_PAIR} FROM contacts c WHERE c.first_id = $1 OR c.second_id = $1`,
      [userId],
    );
    return onlookers(userId, rows);
  }

  /** Neither with guests nor with oneself. */
  private async begin(manager: EntityManager, ids: readonly [string, string], other: string): Promise<void> {
    const [known] = await manager.query<unknown[]>('SELECT FROM users WHERE id = $1 AND NOT guest', [other]);
    if (!known || ids[0] === ids[1]) throw new AppError('user_not_found');
    await manager.query('INSERT INTO contacts (first_id, second_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [...ids]);
  }

  private async lock(manager: EntityManager, ids: readonly [string, string]): Promise<Pair> {
    const [row] = await manager.query<PairRow[]>(
      `SELECT ${PAIR_COLUMNS} FROM contacts c WHERE c.first_id = $1 AND c.second_id = $2 FOR NO KEY UPDATE`,
      [...ids],
    );
    return row ? pairOf(row) : STRANGERS;
  }
}

function onlookers(userId: string, rows: readonly IdsRow[]): string[] {
  return rows.flatMap(({ firstId, secondId, ...row }) => {
    const other = firstId === userId ? secondId : firstId;
    return relationOf(pairOf(row), sideOf(other, userId)) === 'none' ? [] : [other];
  });
}

function sorted(a: string, b: string): [string, string] {
  return a < b ? [a, b] : [b, a];
}

function same(a: Pair, b: Pair): boolean {
  return a.status === b.status && SIDES.every((side) => a.blockedBy.includes(side) === b.blockedBy.includes(side));
}
