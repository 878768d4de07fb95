import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invitation ends with its maker's right to give it. Those that were open without it end now. */
export class InvitationsOfMakers1763880000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE invitations i SET revoked_at = now()
      WHERE i.revoked_at IS NULL AND NOT EXISTS (
        SELECT FROM members maker WHERE maker.room_id = i.room_id AND maker.user_id = i.created_by
          AND (maker.role = 'owner' OR maker.role = 'moderator' AND i.role IN ('member', 'guest'))
      );
    `);
  }

  /** What has ended stays ended. */
  async down(): Promise<void> {}
}
