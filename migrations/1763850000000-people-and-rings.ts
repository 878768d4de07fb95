import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PeopleAndRings1763850000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX users_username_prefix ON users (lower(username) text_pattern_ops) WHERE NOT guest;
      ALTER TABLE users
        ADD do_not_disturb boolean NOT NULL DEFAULT false,
        ADD share_last_seen boolean NOT NULL DEFAULT false,
        ADD ringtone text NOT NULL DEFAULT 'chime',
        ADD last_seen_at timestamptz;

      -- One row for two users, the lower id first: what stands between them changes in one place.
      CREATE TABLE contacts (
        first_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        second_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        status text NOT NULL DEFAULT 'none'
          CHECK (status IN ('none', 'asked_by_first', 'asked_by_second', 'contacts')),
        blocked_by_first boolean NOT NULL DEFAULT false,
        blocked_by_second boolean NOT NULL DEFAULT false,
        ringtone_of_first text,
        ringtone_of_second text,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (first_id, second_id),
        CHECK (first_id < second_id),
        CONSTRAINT contacts_block_ends_it CHECK (status = 'none' OR NOT (blocked_by_first OR blocked_by_second))
      );
      CREATE INDEX contacts_second ON contacts (second_id);

      ALTER TABLE rooms
        ADD door text NOT NULL DEFAULT 'open' CHECK (door IN ('open', 'lobby', 'locked')),
        ADD direct_pair text UNIQUE,
        ADD closed boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT rooms_direct CHECK ((kind = 'direct') = (direct_pair IS NOT NULL)),
        ADD CONSTRAINT rooms_direct_private CHECK (kind = 'group' OR visibility = 'private');
      ALTER TABLE members ADD do_not_disturb boolean NOT NULL DEFAULT false;

      CREATE TABLE removals (
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        removed_by uuid REFERENCES users ON DELETE SET NULL,
        removed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id)
      );
      CREATE INDEX removals_user ON removals (user_id);

      ALTER TABLE calls ADD started_by uuid REFERENCES users ON DELETE SET NULL;
      CREATE INDEX calls_room ON calls (room_id, started_at);

      CREATE TABLE rings (
        id uuid NOT NULL,
        call_id uuid NOT NULL REFERENCES calls ON DELETE CASCADE,
        caller_id uuid REFERENCES users ON DELETE SET NULL,
        callee_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        status text NOT NULL CHECK (status IN ('ringing', 'accepted', 'declined', 'cancelled', 'missed')),
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        PRIMARY KEY (id, callee_id)
      );
      CREATE INDEX rings_call ON rings (call_id);
      CREATE INDEX rings_callee ON rings (callee_id);
      CREATE INDEX rings_caller ON rings (caller_id);
      CREATE INDEX rings_ringing ON rings (call_id) WHERE status = 'ringing';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE rings, removals, contacts;
      DROP INDEX users_username_prefix, calls_room;
      ALTER TABLE calls DROP started_by;
      ALTER TABLE members DROP do_not_disturb;
      DELETE FROM rooms WHERE kind = 'direct';
      ALTER TABLE rooms DROP CONSTRAINT rooms_direct_private, DROP CONSTRAINT rooms_direct, DROP closed,
        DROP direct_pair, DROP door;
      ALTER TABLE users DROP last_seen_at, DROP ringtone, DROP share_last_seen, DROP do_not_disturb;
    `);
  }
}
