import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets one entry of a room count several rings. */
export class RingsInOneEntry1763890000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rings ADD entry_id uuid;
      CREATE INDEX rings_entry ON rings (entry_id) WHERE entry_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rings DROP entry_id');
  }
}
