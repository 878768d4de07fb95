import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Identities of users with their newest device list each, the devices in these lists, and what devices leave for each
 * other. A session belongs to a device as soon as it has shown the device's key. Identities that were replaced stay:
 * old messages are verified by their lists. So lists are open to whoever can read messages of their users, which the
 * index of messages finds.
 */
export class Devices1763950000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identities (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        key bytea NOT NULL CHECK (octet_length(key) = 32),
        list bytea NOT NULL,
        signature bytea NOT NULL,
        version integer NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        replaced_at timestamptz,
        PRIMARY KEY (user_id, key)
      );
      CREATE UNIQUE INDEX identities_present ON identities (user_id) WHERE replaced_at IS NULL;

      CREATE TABLE devices (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        identity bytea NOT NULL,
        signing_key bytea NOT NULL CHECK (octet_length(signing_key) = 32),
        name text,
        key_package bytea,
        last_used_at timestamptz NOT NULL DEFAULT now(),
        dormant_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (user_id, id),
        FOREIGN KEY (user_id, identity) REFERENCES identities ON DELETE CASCADE
      );

      ALTER TABLE sessions ADD device_id uuid,
        ADD FOREIGN KEY (user_id, device_id) REFERENCES devices ON DELETE SET NULL (device_id);

      CREATE TABLE pairings (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        session_id uuid NOT NULL UNIQUE REFERENCES sessions ON DELETE CASCADE,
        request bytea NOT NULL,
        mac bytea NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT now(),
        approval jsonb,
        PRIMARY KEY (user_id, id)
      );

      CREATE TABLE new_starts (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        identity bytea NOT NULL CHECK (octet_length(identity) = 32),
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        asked_at timestamptz NOT NULL DEFAULT now(),
        opens_at timestamptz NOT NULL
      );
      CREATE INDEX new_starts_session ON new_starts (session_id);

      DROP INDEX messages_author;
      CREATE INDEX messages_author ON messages (author_id, room_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX messages_author;
      CREATE INDEX messages_author ON messages (author_id);
      ALTER TABLE sessions DROP device_id;
      DROP TABLE new_starts, pairings, devices, identities;
    `);
  }
}
