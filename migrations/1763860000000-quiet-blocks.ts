import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A blocked user does not learn of the block: their request waits like any other, and no time shows its changes. */
export class QuietBlocks1763860000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contacts RENAME since TO since_of_first;
      ALTER TABLE contacts ADD since_of_second timestamptz NOT NULL DEFAULT now();
      UPDATE contacts SET since_of_second = since_of_first;
      ALTER TABLE contacts DROP CONSTRAINT contacts_block_ends_it,
        ADD CONSTRAINT contacts_block_ends_it CHECK (CASE status
          WHEN 'none' THEN true
          WHEN 'asked_by_first' THEN NOT blocked_by_first
          WHEN 'asked_by_second' THEN NOT blocked_by_second
          ELSE NOT (blocked_by_first OR blocked_by_second)
        END);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE contacts SET status = 'none' WHERE blocked_by_first OR blocked_by_second;
      ALTER TABLE contacts DROP CONSTRAINT contacts_block_ends_it,
        ADD CONSTRAINT contacts_block_ends_it CHECK (status = 'none' OR NOT (blocked_by_first OR blocked_by_second)),
        DROP since_of_second;
      ALTER TABLE contacts RENAME since_of_first TO since;
    `);
  }
}
