import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for a room's lists, which are read in pages, the newest entries first. */
export class OrdersOfLists1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX invitations_newest ON invitations (room_id, created_at, id);
      DROP INDEX invitations_room;
      CREATE INDEX removals_newest ON removals (room_id, removed_at, user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX invitations_room ON invitations (room_id);
      DROP INDEX invitations_newest, removals_newest;
    `);
  }
}
