import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the server keeps of encrypted rooms. It can read none of the bytes.
 *
 * A room’s row says from which number on its messages are sealed (null: all are plain), in which epoch of its group, how
 * many there are of that epoch, and since which version of its list of members somebody may be in the group who is out
 * (null: nobody is). The statement that takes the next number of a message looks at all of these.
 *
 * The triggers that count members also raise that version and set that mark: members come and go by many statements, and
 * by replicas of the release before, and none of them may let a message through that somebody who is out could read.
 * Versions have no foreign key to users, since that a user who was deleted is out has to be known later, too. Devices
 * get the time since when they are listed: of those that are too many for a room, the last ones stay out.
 */
export class RoomGroups1763970000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rooms
        ADD encrypted_from integer,
        ADD generation integer NOT NULL DEFAULT 0,
        ADD epoch integer NOT NULL DEFAULT 0,
        ADD epoch_messages integer NOT NULL DEFAULT 0,
        ADD member_version integer NOT NULL DEFAULT 0,
        ADD rekey_due_since integer,
        ADD CONSTRAINT rooms_encrypted CHECK (encrypted_from IS NULL OR visibility = 'private');

      CREATE TABLE member_versions (
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        version integer NOT NULL,
        user_id uuid NOT NULL,
        is_member boolean NOT NULL,
        PRIMARY KEY (room_id, version, user_id)
      );

      CREATE TABLE chain_items (
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        index integer NOT NULL,
        item bytea NOT NULL,
        signature bytea NOT NULL,
        PRIMARY KEY (room_id, index)
      );

      CREATE TABLE room_groups (
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        -- How many were named before it.
        number integer NOT NULL,
        group_id bytea NOT NULL,
        group_info bytea,
        claimed_epoch integer,
        claimed_by uuid,
        claimed_until timestamptz,
        PRIMARY KEY (room_id, number),
        UNIQUE (room_id, group_id)
      );
      ALTER TABLE room_groups ALTER group_info SET STORAGE EXTERNAL;

      CREATE TABLE group_commits (
        room_id uuid NOT NULL,
        group_number integer NOT NULL,
        epoch integer NOT NULL,
        commit bytea NOT NULL,
        PRIMARY KEY (room_id, group_number, epoch),
        FOREIGN KEY (room_id, group_number) REFERENCES room_groups ON DELETE CASCADE
      );
      ALTER TABLE group_commits ALTER commit SET STORAGE EXTERNAL;

      CREATE TABLE group_welcomes (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id uuid NOT NULL,
        group_number integer NOT NULL,
        welcome bytea NOT NULL,
        sent_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (room_id, group_number) REFERENCES room_groups ON DELETE CASCADE
      );
      ALTER TABLE group_welcomes ALTER welcome SET STORAGE EXTERNAL;
      CREATE INDEX group_welcomes_group ON group_welcomes (room_id, group_number);
      CREATE INDEX group_welcomes_sent ON group_welcomes (sent_at);

      CREATE TABLE welcomed_devices (
        room_id uuid NOT NULL,
        group_number integer NOT NULL,
        user_id uuid NOT NULL,
        device_id uuid NOT NULL,
        welcome_id uuid NOT NULL REFERENCES group_welcomes ON DELETE CASCADE,
        PRIMARY KEY (room_id, group_number, user_id, device_id),
        FOREIGN KEY (room_id, user_id) REFERENCES members ON DELETE CASCADE,
        FOREIGN KEY (user_id, device_id) REFERENCES devices ON DELETE CASCADE
      );
      CREATE INDEX welcomed_devices_welcome ON welcomed_devices (welcome_id);
      CREATE INDEX welcomed_devices_device ON welcomed_devices (user_id, device_id);

      CREATE TABLE key_requests (
        room_id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_id uuid NOT NULL,
        request bytea NOT NULL,
        signature bytea NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id, device_id),
        FOREIGN KEY (room_id, user_id) REFERENCES members ON DELETE CASCADE,
        FOREIGN KEY (user_id, device_id) REFERENCES devices ON DELETE CASCADE
      );
      CREATE INDEX key_requests_device ON key_requests (user_id, device_id);
      CREATE INDEX key_requests_asked ON key_requests (asked_at);

      CREATE TABLE key_answers (
        room_id uuid NOT NULL,
        user_id uuid NOT NULL,
        device_id uuid NOT NULL,
        number integer NOT NULL,
        answerer_user_id uuid NOT NULL,
        answerer_device_id uuid NOT NULL,
        answer bytea NOT NULL,
        signature bytea NOT NULL,
        PRIMARY KEY (room_id, user_id, device_id, number),
        FOREIGN KEY (room_id, user_id, device_id) REFERENCES key_requests ON DELETE CASCADE
      );
      ALTER TABLE key_answers ALTER answer SET STORAGE EXTERNAL;

      ALTER TABLE devices ADD listed_at timestamptz NOT NULL DEFAULT now();

      CREATE OR REPLACE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE rooms SET member_count = member_count + TG_ARGV[0]::integer * number, member_changes = member_changes + 1,
          member_version = member_version + 1, rekey_due_since = CASE
            WHEN TG_OP = 'DELETE' AND encrypted_from IS NOT NULL THEN member_version + 1 ELSE rekey_due_since END
        FROM (SELECT room_id, count(*)::integer AS number FROM changed GROUP BY room_id) AS changes
        WHERE id = changes.room_id;
        INSERT INTO member_versions (room_id, version, user_id, is_member)
        SELECT r.id, r.member_version, c.user_id, TG_OP = 'INSERT' FROM changed c JOIN rooms r ON r.id = c.room_id
        WHERE r.encrypted_from IS NOT NULL;
        RETURN NULL;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE rooms SET member_count = member_count + TG_ARGV[0]::integer * number, member_changes = member_changes + 1
        FROM (SELECT room_id, count(*)::integer AS number FROM changed GROUP BY room_id) AS changes
        WHERE id = changes.room_id;
        RETURN NULL;
      END $$;
      DROP TABLE key_answers, key_requests, welcomed_devices, group_welcomes, group_commits, room_groups, chain_items, member_versions;
      ALTER TABLE devices DROP listed_at;
      ALTER TABLE rooms DROP CONSTRAINT rooms_encrypted, DROP encrypted_from, DROP generation, DROP epoch,
        DROP epoch_messages, DROP member_version, DROP rekey_due_since;
    `);
  }
}
