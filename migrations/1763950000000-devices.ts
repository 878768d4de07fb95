import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Identities of users with their newest device list each, the devices in these lists, and what devices leave for each
 * other. A session belongs to a device as soon as it has shown the device's key. Identities that were replaced stay:
 * old messages are verified by their lists.
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
        key_package bytea,
        last_used_at timestamptz NOT NULL DEFAULT now(),
        dormant_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (user_id, id),
        FOREIGN KEY (user_id, identity) REFERENCES identities ON DELETE CASCADE
      );

      ALTER TABLE sessions ADD device_id uuid,
        ADD FOREIGN KEY (user_id, device_id) REFERENCES devices ON DELETE SET NULL (device_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions DROP device_id;
      DROP TABLE devices, identities;
    `);
  }
}
