import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What quotas count by: who made a room, who made the invitation that a guest came by, and how much somebody has written
 * today. The first two refer to nobody: else the end of an account would lock rooms and guests that it has nothing to do
 * with otherwise. Of the rooms that there are, the owner counts as the maker; of the guests nobody knows.
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
