import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ContactDto, ContactsDto, PageQueryDto, PersonDto, Ringtone } from '@webcall/contracts';
import { relationOf } from '@webcall/domain';
import { AppError } from '../platform/http/app-error';
import type { Cursor } from '../platform/http/cursor';
import { pageOf, pageStart } from '../platform/http/page';
import { PAIR_COLUMNS, type PairRow, pairOf, sideOf } from './pair-row';
import { Whereabouts } from './whereabouts';

/** How many users a search finds at most. */
const FOUND_MAX = 10;

interface PersonRow extends PairRow {
  userId: string;
  name: string;
}

interface ContactRow extends PersonRow {
  since: Date;
  ringtone: Ringtone | null;
  roomId: string | null;
  /** The name regardless of case: the order of the pages. */
  key: string;
}

/** Other users as one sees them. */
@Injectable()
export class ContactViews {
  constructor(
    private readonly db: DataSource,
    private readonly whereabouts: Whereabouts,
  ) {}

  /**
   * Everybody with whom there is something, by name. Who gets another name while somebody pages may be missed or come
   * twice, and `contact:changed` tells of them.
   */
  async contactsOf(userId: string, query: PageQueryDto): Promise<ContactsDto> {
    let { after } = pageStart(query);
    const { limit } = pageStart(query);
    const found: ContactRow[] = [];
    let more = true;
    // What a relation is, is no matter of SQL: those that are none any more are left out here.
    while (more && found.length <= limit) {
      const rows = await this.read(
        userId,
        `AND ($2::text IS NULL OR (lower(u.username), u.id) > ($2, $3::uuid))
         ORDER BY lower(u.username), u.id LIMIT $4`,
        [after.key, after.id, limit + 1],
      );
      found.push(...rows.filter((row) => personDto(userId, row).relation !== 'none'));
      more = rows.length > limit;
      const last = rows.at(-1);
      if (last) after = cursorOf(last);
    }
    const { rows, next } = pageOf(found, limit, cursorOf);
    return { contacts: await this.shown(userId, rows), next };
  }

  /** @throws AppError user_not_found when there has never been anything between the two */
  async contact(userId: string, otherId: string): Promise<ContactDto> {
    const [contact] = await this.shown(userId, await this.read(userId, 'AND u.id = $2', [otherId]));
    if (!contact) throw new AppError('user_not_found');
    return contact;
  }

  /** Users by the beginning of their name, first who has exactly this name. Who blocks the asking user is there too. */
  async find(userId: string, name: string): Promise<PersonDto[]> {
    const rows = await this.db.query<PersonRow[]>(
      `SELECT u.id AS "userId", u.username AS name, coalesce(c.status, 'none') AS status,
              coalesce(c.blocked_by_first, false) AS "blockedByFirst",
              coalesce(c.blocked_by_second, false) AS "blockedBySecond"
       FROM users u LEFT JOIN contacts c ON c.first_id = least(u.id, $1::uuid) AND c.second_id = greatest(u.id, $1::uuid)
       WHERE NOT u.guest AND lower(u.username) LIKE $2 AND u.id <> $1
       ORDER BY lower(u.username) <> $3, lower(u.username) LIMIT $4`,
      [userId, `${name.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`, name.toLowerCase(), FOUND_MAX],
    );
    return rows.map((row) => personDto(userId, row));
  }

  private read(userId: string, more: string, parameters: unknown[]): Promise<ContactRow[]> {
    return this.db.query<ContactRow[]>(
      `SELECT u.id AS "userId", u.username AS name, lower(u.username) AS key, ${PAIR_COLUMNS}, r.id AS "roomId",
              CASE c.first_id WHEN $1 THEN c.ringtone_of_first ELSE c.ringtone_of_second END AS ringtone,
              CASE c.first_id WHEN $1 THEN c.since_of_first ELSE c.since_of_second END AS since
       FROM contacts c JOIN users u ON u.id = CASE c.first_id WHEN $1 THEN c.second_id ELSE c.first_id END
       LEFT JOIN rooms r ON r.direct_pair = c.first_id::text || ':' || c.second_id::text
       WHERE (c.first_id = $1 OR c.second_id = $1) ${more}`,
      [userId, ...parameters],
    );
  }

  private async shown(userId: string, rows: readonly ContactRow[]): Promise<ContactDto[]> {
    const people = rows.map((row) => ({ row, person: personDto(userId, row) }));
    const contacts = people.filter(({ person }) => person.relation === 'contact');
    const where = await this.whereabouts.of(contacts.map(({ person }) => person.userId));
    return people.map(({ row: { since, ringtone, roomId }, person }) => {
      const { presence = null, lastSeenAt = null } = where.get(person.userId) ?? {};
      return { ...person, presence, lastSeenAt, ringtone, roomId, since: since.toISOString() };
    });
  }
}

function cursorOf({ key, userId }: ContactRow): Cursor {
  return { key, id: userId };
}

function personDto(viewerId: string, { userId, name, ...row }: PersonRow): PersonDto {
  return { userId, name, relation: relationOf(pairOf(row), sideOf(viewerId, userId)) };
}
