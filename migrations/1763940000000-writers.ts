import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may begin to write to a user: members of the same rooms, unless they choose contacts alone. */
export class Writers1763940000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD writers text NOT NULL DEFAULT 'members' CHECK (writers IN ('members', 'contacts'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP writers');
  }
}
