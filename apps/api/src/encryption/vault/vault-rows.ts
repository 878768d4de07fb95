import { Injectable } from '@nestjs/common';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import {
  bigintParameter,
  bytea,
  byteasParameter,
  double,
  integer,
  nullable,
  uuid,
} from '../../platform/database/sql-types';

/** The most bytes and entries of one stretch of a log: with it the answer stays below a megabyte, as base64 too. */
const STRETCH_BYTES = 512 * 1024;
const STRETCH_ENTRIES = 500;

/** What the row of an entry or a wrap costs beside its bytes, as it counts against the quota. */
const ROW_BYTES = 128;

const VAULT_TYPES = { id: uuid, length: integer, generation: integer, bytes: double };
const VAULT_COLUMNS = 'id, length, generation, bytes::double precision AS bytes';

const FIND_VAULT = sqlStatement({
  takes: [uuid, bytea],
  gives: VAULT_TYPES,
  sql: `SELECT ${VAULT_COLUMNS} FROM vaults WHERE user_id = $1 AND identity = $2`,
});

const INSERT_VAULT = sqlStatement({
  takes: [uuid, bytea],
  gives: VAULT_TYPES,
  sql: `INSERT INTO vaults (user_id, identity) VALUES ($1, $2) RETURNING ${VAULT_COLUMNS}`,
});

const SUM_BYTES_OF_USER = sqlStatement({
  takes: [uuid],
  gives: { bytes: double },
  sql: 'SELECT coalesce(sum(bytes), 0)::double precision AS bytes FROM vaults WHERE user_id = $1',
});

const UPDATE_VAULT = sqlStatement({
  takes: [uuid, integer, integer, bigintParameter],
  sql: 'UPDATE vaults SET length = $2, generation = $3, bytes = $4 WHERE id = $1',
});

const FIND_LATELY_REPLACED = sqlStatement({
  takes: [uuid, bytea],
  sql: `SELECT FROM identities WHERE user_id = $1 AND key = $2 AND replaced_at > now() - interval '7 days'`,
});

const DELETE_VAULT = sqlStatement({
  takes: [uuid, bytea],
  sql: 'DELETE FROM vaults WHERE user_id = $1 AND identity = $2',
});

/** One statement, so that boxes that are missing and the record that says they are erased are seen together. */
const LIST_ENTRIES = sqlStatement({
  takes: [uuid, bytea, integer, bigintParameter, bigintParameter],
  gives: {
    index: integer,
    generation: integer,
    header: nullable(bytea),
    signature: nullable(bytea),
    recordId: nullable(bytea),
    box: nullable(bytea),
    boxHash: nullable(bytea),
    length: integer,
  },
  sql: `SELECT index, generation, header, signature, record_id AS "recordId", box, box_hash AS "boxHash", length FROM (
      SELECT *, sum(coalesce(octet_length(box), 0) + coalesce(octet_length(header), 0)) OVER (ORDER BY index) AS total
      FROM (
        SELECT e.*, v.length FROM vaults v JOIN vault_entries e ON e.vault_id = v.id
        WHERE v.user_id = $1 AND v.identity = $2 AND e.index >= $3 ORDER BY e.index LIMIT $4
      ) AS entries
    ) AS entries
    WHERE total <= $5 OR index = $3 ORDER BY index`,
});

const INSERT_HEADER = sqlStatement({
  takes: [uuid, integer, integer, bytea, bytea],
  sql: 'INSERT INTO vault_entries (vault_id, index, generation, header, signature) VALUES ($1, $2, $3, $4, $5)',
});

const INSERT_RECORDS = sqlStatement({
  takes: [uuid, integer, integer, byteasParameter, byteasParameter, byteasParameter],
  sql: `INSERT INTO vault_entries (vault_id, index, generation, record_id, box, box_hash)
    SELECT $1::uuid, $2::int + place::int - 1, $3::int, record_id, box, coalesce(sha256(box), box_hash)
    FROM unnest($4::bytea[], $5::bytea[], $6::bytea[]) WITH ORDINALITY AS records (record_id, box, box_hash, place)`,
});

const ERASE_BOXES = sqlStatement({
  takes: [uuid, byteasParameter],
  gives: { bytes: double },
  sql: `WITH old AS (
      SELECT index, octet_length(box) AS size FROM vault_entries
      WHERE vault_id = $1 AND record_id = ANY ($2::bytea[]) AND box IS NOT NULL
    ), erased AS (
      UPDATE vault_entries e SET box = NULL FROM old WHERE e.vault_id = $1 AND e.index = old.index RETURNING size
    )
    SELECT coalesce(sum(size), 0)::double precision AS bytes FROM erased`,
});

const LIST_WRAPS = sqlStatement({
  takes: [uuid, bytea, integer],
  gives: { recipient: bytea, encapsulated: bytea, box: bytea },
  sql: `SELECT w.recipient, w.encapsulated, w.box FROM vaults v JOIN vault_wraps w ON w.vault_id = v.id
    WHERE v.user_id = $1 AND v.identity = $2 AND w.generation = $3 ORDER BY w.recipient`,
});

const INSERT_WRAPS = sqlStatement({
  takes: [uuid, integer, byteasParameter, byteasParameter, byteasParameter],
  gives: { bytes: double },
  sql: `WITH added AS (
      INSERT INTO vault_wraps (vault_id, generation, recipient, encapsulated, box)
      SELECT $1::uuid, $2::int, recipient, encapsulated, box
      FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS wraps (recipient, encapsulated, box)
      ON CONFLICT DO NOTHING RETURNING octet_length(encapsulated) + octet_length(box) + ${ROW_BYTES} AS size
    )
    SELECT coalesce(sum(size), 0)::double precision AS bytes FROM added`,
});

const COUNT_WRAPS = sqlStatement({
  takes: [uuid, integer],
  gives: { count: integer },
  sql: 'SELECT count(*)::int AS count FROM vault_wraps WHERE vault_id = $1 AND generation = $2',
});

/** A vault without what is in it. */
export type VaultRow = StatementRow<typeof FIND_VAULT>;

/** An entry with the length that its log had when it was read. */
export type VaultEntryRow = StatementRow<typeof LIST_ENTRIES>;

/** The vault key of a generation, sealed to one public key. */
export type VaultWrapRow = StatementRow<typeof LIST_WRAPS>;

/** A record as it is to be stored. The hash of a box follows from it. */
export interface NewVaultRecord {
  readonly recordId: Buffer;
  readonly box: Buffer | null;
  readonly boxHash: Buffer | null;
}

/** Entries as they are to be stored, the header first. */
interface NewEntries {
  readonly header: { readonly header: Buffer; readonly signature: Buffer } | undefined;
  readonly records: readonly NewVaultRecord[];
}

/** Vaults in PostgreSQL. Whoever writes holds the row of the user, so that nobody else does. */
@Injectable()
export class VaultRows {
  constructor(private readonly db: DataSource) {}

  findVault(manager: EntityManager, userId: string, identity: Buffer): Promise<VaultRow | undefined> {
    return FIND_VAULT.findRow(manager, userId, identity);
  }

  async findOrCreateVault(manager: EntityManager, userId: string, identity: Buffer): Promise<VaultRow> {
    const vault =
      (await this.findVault(manager, userId, identity)) ?? (await INSERT_VAULT.findRow(manager, userId, identity));
    if (!vault) throw new Error('an INSERT gave no row');
    return vault;
  }

  /** @returns what all vaults of a user have, those of replaced identities too */
  async sumVaultBytes(manager: EntityManager, userId: string): Promise<number> {
    return (await SUM_BYTES_OF_USER.findRow(manager, userId))?.bytes ?? 0;
  }

  async updateVault(manager: EntityManager, { id, length, generation, bytes }: VaultRow): Promise<void> {
    await UPDATE_VAULT.execute(manager, id, length, generation, bytes);
  }

  /** @returns whether the identity was replaced within the last seven days */
  async isLatelyReplaced(manager: EntityManager, userId: string, identity: Buffer): Promise<boolean> {
    return (await FIND_LATELY_REPLACED.findRow(manager, userId, identity)) !== undefined;
  }

  async deleteVault(manager: EntityManager, userId: string, identity: Buffer): Promise<void> {
    await DELETE_VAULT.execute(manager, userId, identity);
  }

  /** @returns the entries from that index on, as many as fit into one answer */
  loadEntries(userId: string, identity: Buffer, from: number): Promise<VaultEntryRow[]> {
    return LIST_ENTRIES.loadRows(this.db, userId, identity, from, STRETCH_ENTRIES, STRETCH_BYTES);
  }

  /** @returns the vault with the entries behind its last one */
  async addEntries(manager: EntityManager, vault: VaultRow, { header, records }: NewEntries): Promise<VaultRow> {
    let { length, generation, bytes } = vault;
    if (header) {
      generation++;
      await INSERT_HEADER.execute(manager, vault.id, length, generation, header.header, header.signature);
      length++;
      bytes += header.header.length + header.signature.length + ROW_BYTES;
    }
    const column = (name: keyof NewVaultRecord) => records.map((record) => record[name]);
    const columns = [column('recordId'), column('box'), column('boxHash')] as const;
    if (records.length > 0) await INSERT_RECORDS.execute(manager, vault.id, length, generation, ...columns);
    for (const { box } of records) bytes += (box?.length ?? 0) + ROW_BYTES;
    return { id: vault.id, length: length + records.length, generation, bytes };
  }

  /** @returns the vault without the boxes of these records */
  async eraseBoxes(manager: EntityManager, vault: VaultRow, recordIds: readonly Buffer[]): Promise<VaultRow> {
    const erased = recordIds.length > 0 ? await ERASE_BOXES.findRow(manager, vault.id, recordIds) : undefined;
    return { ...vault, bytes: vault.bytes - (erased?.bytes ?? 0) };
  }

  loadWraps(userId: string, identity: Buffer, generation: number): Promise<VaultWrapRow[]> {
    return LIST_WRAPS.loadRows(this.db, userId, identity, generation);
  }

  /**
   * Adds wraps for those who have none of that generation.
   * @returns the vault with them, the very same one if there were none; undefined if the generation would have too many
   */
  async addWraps(
    manager: EntityManager,
    vault: VaultRow,
    generation: number,
    wraps: readonly VaultWrapRow[],
  ): Promise<VaultRow | undefined> {
    if (wraps.length === 0) return vault;
    const column = (name: keyof VaultWrapRow): Buffer[] => wraps.map((wrap) => wrap[name]);
    const columns = [column('recipient'), column('encapsulated'), column('box')] as const;
    const added = (await INSERT_WRAPS.findRow(manager, vault.id, generation, ...columns))?.bytes ?? 0;
    const count = (await COUNT_WRAPS.findRow(manager, vault.id, generation))?.count ?? 0;
    if (count > PROTOCOL_LIMITS.vault.wrapsOfGeneration.max) return undefined;
    return added > 0 ? { ...vault, bytes: vault.bytes + added } : vault;
  }
}
