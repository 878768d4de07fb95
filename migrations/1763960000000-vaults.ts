import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The vault of each identity of a user: a log that only grows, of headers and sealed records, and the vault keys of its
 * generations, each sealed to one public key. The server can read none of it. With an identity its vault goes.
 */
export class Vaults1763960000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vaults (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL,
        identity bytea NOT NULL,
        length integer NOT NULL DEFAULT 0,
        -- Of the newest header: how many there are.
        generation integer NOT NULL DEFAULT 0,
        -- What counts against the quota.
        bytes bigint NOT NULL DEFAULT 0,
        UNIQUE (user_id, identity),
        FOREIGN KEY (user_id, identity) REFERENCES identities ON DELETE CASCADE
      );

      -- An entry is a header, or a record, whose box is null once it was erased.
      CREATE TABLE vault_entries (
        vault_id uuid NOT NULL REFERENCES vaults ON DELETE CASCADE,
        index integer NOT NULL,
        generation integer NOT NULL,
        header bytea,
        signature bytea,
        record_id bytea,
        box bytea,
        box_hash bytea,
        PRIMARY KEY (vault_id, index),
        CHECK (
          CASE WHEN header IS NULL THEN num_nulls(record_id, box_hash) = 0 AND signature IS NULL
          ELSE signature IS NOT NULL AND num_nonnulls(record_id, box, box_hash) = 0 END
        )
      );
      CREATE INDEX vault_entries_records ON vault_entries (vault_id, record_id) WHERE box IS NOT NULL;
      -- What is sealed cannot be compressed.
      ALTER TABLE vault_entries ALTER box SET STORAGE EXTERNAL;

      CREATE TABLE vault_wraps (
        vault_id uuid NOT NULL REFERENCES vaults ON DELETE CASCADE,
        generation integer NOT NULL,
        recipient bytea NOT NULL,
        encapsulated bytea NOT NULL,
        box bytea NOT NULL,
        PRIMARY KEY (vault_id, generation, recipient)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE vault_wraps, vault_entries, vaults');
  }
}
