import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Revokes open invitations whose creators may no longer give them: an invitation now ends with that right. */
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

  /** Revoked invitations stay revoked. */
  async down(): Promise<void> {}
}
