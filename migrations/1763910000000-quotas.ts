import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns for quotas: the creator of a room, the creator of the invitation by which a guest joined, and a user's number
 * of messages today. The first two have no foreign keys: with them, deleting an account would lock unrelated rooms and
 * guests. Existing rooms count for their owners; for existing guests the creator is unknown.
 */
export class Quotas1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rooms ADD created_by uuid;
      UPDATE rooms SET created_by = user_id FROM members WHERE room_id = id AND role = 'owner' AND kind = 'group';
      CREATE INDEX rooms_made ON rooms (created_by) WHERE created_by IS NOT NULL;

      ALTER TABLE users ADD invited_by uuid;
      CREATE INDEX users_invited ON users (invited_by) WHERE invited_by IS NOT NULL;

      CREATE TABLE message_counts (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        day date NOT NULL,
        messages integer NOT NULL
      ) WITH (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE message_counts;
      ALTER TABLE users DROP invited_by;
      ALTER TABLE rooms DROP created_by;
    `);
  }
}
