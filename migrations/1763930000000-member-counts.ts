import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each room stores how many members it has, so that lists of rooms need not count them, and how often that has changed,
 * by which the newer of two counts is known. Triggers do it, because members also come and go by other statements than
 * those that name them: with users and rooms that are deleted, and by replicas of the release before.
 */
export class MemberCounts1763930000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rooms
        ADD member_count integer NOT NULL DEFAULT 0,
        ADD member_changes integer NOT NULL DEFAULT 0;

      CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE rooms SET member_count = member_count + TG_ARGV[0]::integer * number, member_changes = member_changes + 1
        FROM (SELECT room_id, count(*)::integer AS number FROM changed GROUP BY room_id) AS changes
        WHERE id = changes.room_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER members_arrived AFTER INSERT ON members REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_members('1');
      CREATE TRIGGER members_departed AFTER DELETE ON members REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_members('-1');

      UPDATE rooms SET member_count = (SELECT count(*) FROM members WHERE room_id = id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER members_arrived ON members;
      DROP TRIGGER members_departed ON members;
      DROP FUNCTION count_members;
      ALTER TABLE rooms DROP member_count, DROP member_changes;
    `);
  }
}
