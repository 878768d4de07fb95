import { Injectable } from '@nestjs/common';
import type { DeviceListDto, DeviceListsDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bigintParameter, bytea, nullable, timestamp, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';

/** How many bytes of lists one answer has, and one list more at most. */
const MAX_ANSWER_BYTES = 512 * 1024;

/**
 * SQL condition: the list of the identity `i` is open to the user $1, who is its own user, a contact, a member of the
 * same room, or a member of a room with messages of that user.
 */
const IS_OPEN = `(i.user_id = $1
    OR EXISTS (SELECT FROM contacts c
      WHERE c.first_id = least(i.user_id, $1) AND c.second_id = greatest(i.user_id, $1) AND c.status = 'contacts')
    OR EXISTS (SELECT FROM members mine JOIN members theirs USING (room_id)
      WHERE mine.user_id = $1 AND theirs.user_id = i.user_id)
    OR EXISTS (SELECT FROM members mine WHERE mine.user_id = $1 AND EXISTS
      (SELECT FROM messages m WHERE m.author_id = i.user_id AND m.room_id = mine.room_id)))`;

const LIST_TYPES = {
  userId: uuid,
  identity: bytea,
  list: bytea,
  signature: bytea,
  startedAt: timestamp,
  replacedAt: nullable(timestamp),
};
const LIST_COLUMNS = `i.user_id AS "userId", i.key AS identity, i.signature,
  i.started_at AS "startedAt", i.replaced_at AS "replacedAt"`;

/** The lists behind the first $3 bytes are left off. */
const FIND_OPEN_LISTS = sqlStatement({
  takes: [uuid, uuidsParameter, bigintParameter],
  gives: { ...LIST_TYPES, list: nullable(bytea) },
  sql: `SELECT ${LIST_COLUMNS}, CASE WHEN
      sum(octet_length(i.list)) OVER (ORDER BY i.user_id) - octet_length(i.list) < $3 THEN i.list END AS list
    FROM identities i
    WHERE i.user_id = ANY ($2::uuid[]) AND i.replaced_at IS NULL AND ${IS_OPEN}
    ORDER BY i.user_id`,
});

const FIND_OPEN_LIST_OF_IDENTITY = sqlStatement({
  takes: [uuid, uuid, bytea],
  gives: LIST_TYPES,
  sql: `SELECT ${LIST_COLUMNS}, i.list FROM identities i
    WHERE i.user_id = $2 AND i.key = $3 AND ${IS_OPEN}`,
});

const FIND_OWN_LIST = sqlStatement({
  takes: [uuid],
  gives: LIST_TYPES,
  sql: `SELECT ${LIST_COLUMNS}, i.list FROM identities i WHERE i.user_id = $1 AND i.replaced_at IS NULL`,
});

interface ListRow {
  userId: string;
  identity: Buffer;
  list: Buffer;
  signature: Buffer;
  startedAt: Date;
  replacedAt: Date | null;
}

/** Loads device lists as far as they are open to a user. */
@Injectable()
export class DeviceListViews {
  constructor(private readonly db: DataSource) {}

  async loadOpenLists(viewerId: string, userIds: readonly string[]): Promise<DeviceListsDto> {
    const rows = await FIND_OPEN_LISTS.loadRows(this.db, viewerId, userIds, MAX_ANSWER_BYTES);
    const lists = rows.flatMap(({ list, ...row }) => (list ? [toDeviceListDto({ ...row, list })] : []));
    return { lists, rest: rows.flatMap(({ list, userId }) => (list ? [] : [userId])) };
  }

  /** @throws AppError device_list_not_found */
  async loadOpenListOfIdentity(viewerId: string, userId: string, identity: Buffer): Promise<DeviceListDto> {
    const row = await FIND_OPEN_LIST_OF_IDENTITY.findRow(this.db, viewerId, userId, identity);
    if (!row) throw new AppError('device_list_not_found');
    return toDeviceListDto(row);
  }

  async findOwnList(userId: string): Promise<DeviceListDto | null> {
    const row = await FIND_OWN_LIST.findRow(this.db, userId);
    return row ? toDeviceListDto(row) : null;
  }
}

function toDeviceListDto({ userId, identity, list, signature, startedAt, replacedAt }: ListRow): DeviceListDto {
  return {
    userId,
    identity: identity.toString('base64url'),
    list: list.toString('base64url'),
    signature: signature.toString('base64url'),
    startedAt: startedAt.toISOString(),
    replacedAt: replacedAt?.toISOString() ?? null,
  };
}
