import { Injectable } from '@nestjs/common';
import type { ContactDto, ContactsDto, PageQueryDto, PersonCardDto, PersonDto, Ringtone } from '@webcall/contracts';
import { canOpenDirectRoom, relationSeenBy, type Writers } from '@webcall/domain';
import { DataSource } from 'typeorm';
import { sqlStatement, type StatementRow } from '../platform/database/sql-statement';
import { bigintParameter, bool, nullable, text, textOf, timestamp, uuid } from '../platform/database/sql-types';
import { AppError } from '../platform/http/app-error';
import { buildResultPage, toPageRequest } from '../platform/http/page';
import type { PageCursor } from '../platform/http/page-cursor';
import { SHARE_ROOM } from '../rooms/direct-rooms';
import { CONTACT_PAIR_COLUMNS, CONTACT_PAIR_TYPES, pairSideOf, toContactPair } from './contact-pair-row';
import { ContactPresence } from './contact-presence';

/** Maximum number of users that a search returns. */
const SEARCH_RESULT_MAX = 10;

const PERSON_TYPES = { userId: uuid, name: text, ...CONTACT_PAIR_TYPES };
const PERSON_COLUMNS = `u.id AS "userId", u.username AS name, coalesce(c.status, 'none') AS status,
    coalesce(c.blocked_by_first, false) AS "blockedByFirst", coalesce(c.blocked_by_second, false) AS "blockedBySecond"`;
const PEOPLE = `users u LEFT JOIN contacts c
    ON c.first_id = least(u.id, $1::uuid) AND c.second_id = greatest(u.id, $1::uuid)`;

/** An exact match comes first. */
const FIND_PEOPLE = sqlStatement({
  takes: [uuid, text, text, bigintParameter],
  gives: PERSON_TYPES,
  sql: `SELECT ${PERSON_COLUMNS} FROM ${PEOPLE}
    WHERE NOT u.guest AND lower(u.username) LIKE $2 AND u.id <> $1
    ORDER BY lower(u.username) <> $3, lower(u.username) LIMIT $4`,
});

const FIND_PERSON = sqlStatement({
  takes: [uuid, uuid],
  gives: { ...PERSON_TYPES, guest: bool, writers: textOf<Writers>(), sharesRoom: bool },
  sql: `SELECT ${PERSON_COLUMNS}, u.guest, u.writers, ${SHARE_ROOM} AS "sharesRoom" FROM ${PEOPLE} WHERE u.id = $2`,
});

const CONTACT_TYPES = {
  ...PERSON_TYPES,
  key: text,
  roomId: nullable(uuid),
  ringtone: nullable(textOf<Ringtone>()),
  since: timestamp,
};
const SELECT_CONTACTS = `SELECT u.id AS "userId", u.username AS name, lower(u.username) AS key, ${CONTACT_PAIR_COLUMNS}, r.id AS "roomId",
    CASE c.first_id WHEN $1 THEN c.ringtone_of_first ELSE c.ringtone_of_second END AS ringtone,
    CASE c.first_id WHEN $1 THEN c.since_of_first ELSE c.since_of_second END AS since
  FROM contacts c JOIN users u ON u.id = CASE c.first_id WHEN $1 THEN c.second_id ELSE c.first_id END
  LEFT JOIN rooms r ON r.direct_pair = c.first_id::text || ':' || c.second_id::text
  WHERE (c.first_id = $1 OR c.second_id = $1)`;

const LIST_CONTACTS = sqlStatement({
  takes: [uuid, nullable(text), nullable(uuid), bigintParameter],
  gives: CONTACT_TYPES,
  sql: `${SELECT_CONTACTS} AND ($2::text IS NULL OR (lower(u.username), u.id) > ($2, $3::uuid))
    ORDER BY lower(u.username), u.id LIMIT $4`,
});

const FIND_CONTACT = sqlStatement({
  takes: [uuid, uuid],
  gives: CONTACT_TYPES,
  sql: `${SELECT_CONTACTS} AND u.id = $2`,
});

type PersonRow = StatementRow<typeof FIND_PEOPLE>;
type ContactRow = StatementRow<typeof FIND_CONTACT>;

/** Loads other users and contacts as DTOs from one user's point of view. */
@Injectable()
export class ContactViews {
  constructor(
    private readonly db: DataSource,
    private readonly contactPresence: ContactPresence,
  ) {}

  /**
   * All users with a visible relation, by name. A user who is renamed during paging may be missing or appear twice;
   * `contact:changed` announces them.
   */
  async loadContactViewPage(userId: string, query: PageQueryDto): Promise<ContactsDto> {
    let { after } = toPageRequest(query);
    const { limit } = toPageRequest(query);
    const found: ContactRow[] = [];
    let more = true;
    // The relation rules are not in SQL, so rows without a visible relation are filtered here.
    while (more && found.length <= limit) {
      const rows = await LIST_CONTACTS.loadRows(this.db, userId, after.key, after.id, limit + 1);
      found.push(...rows.filter((row) => toPersonDto(userId, row).relation !== 'none'));
      more = rows.length > limit;
      const last = rows.at(-1);
      if (last) after = toContactCursor(last);
    }
    const { rows, next } = buildResultPage(found, limit, toContactCursor);
    return { contacts: await this.toContactDtos(userId, rows), next };
  }

  /** @throws AppError user_not_found when there has never been a relation between the two */
  async loadContactView(userId: string, otherId: string): Promise<ContactDto> {
    const [contact] = await this.toContactDtos(userId, await FIND_CONTACT.loadRows(this.db, userId, otherId));
    if (!contact) throw new AppError('user_not_found');
    return contact;
  }

  /**
   * Finds users by the beginning of their canonical name, an exact match first, including users who block the searching
   * user.
   */
  async findPeopleByName(userId: string, name: string): Promise<PersonDto[]> {
    const beginning = `${name.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await FIND_PEOPLE.loadRows(this.db, userId, beginning, name, SEARCH_RESULT_MAX);
    return rows.map((row) => toPersonDto(userId, row));
  }

  /** @throws AppError user_not_found, also for a guest in none of the viewer's rooms */
  async loadPersonCard(viewerId: string, userId: string): Promise<PersonCardDto> {
    const row = await FIND_PERSON.findRow(this.db, viewerId, userId);
    if (!row || (row.guest && !row.sharesRoom)) throw new AppError('user_not_found');
    const isOther = !row.guest && userId !== viewerId;
    return {
      ...toPersonDto(viewerId, row),
      guest: row.guest,
      writable: isOther && canOpenDirectRoom(toContactPair(row), row),
    };
  }

  private async toContactDtos(userId: string, rows: readonly ContactRow[]): Promise<ContactDto[]> {
    const people = rows.map((row) => ({ row, person: toPersonDto(userId, row) }));
    const contacts = people.filter(({ person }) => person.relation === 'contact');
    const presences = await this.contactPresence.loadPresences(contacts.map(({ person }) => person.userId));
    return people.map(({ row: { since, ringtone, roomId }, person }) => {
      const { presence = null, lastSeenAt = null } = presences.get(person.userId) ?? {};
      return { ...person, presence, lastSeenAt, ringtone, roomId, since: since.toISOString() };
    });
  }
}

function toContactCursor({ key, userId }: ContactRow): PageCursor {
  return { key, id: userId };
}

function toPersonDto(viewerId: string, { userId, name, ...row }: PersonRow): PersonDto {
  return { userId, name, relation: relationSeenBy(toContactPair(row), pairSideOf(viewerId, userId)) };
}
