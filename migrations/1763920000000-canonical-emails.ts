import { toCanonicalEmail } from '@webcall/domain';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes e-mail addresses unique by their canonical form. Accounts that share one already keep their addresses: they are
 * numbered from the oldest on, and are told apart at sign-in by how the address is spelled.
 */
export class CanonicalEmails1763920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD canonical_email text, ADD email_twin integer NOT NULL DEFAULT 0');
    const accounts = (await runner.query('SELECT id, email FROM users WHERE NOT guest ORDER BY created_at, id')) as {
      id: string;
      email: string;
    }[];
    const counts = new Map<string, number>();
    const rows = accounts.map(({ id, email }) => {
      const canonicalEmail = toCanonicalEmail(email);
      const emailTwin = counts.get(canonicalEmail) ?? 0;
      counts.set(canonicalEmail, emailTwin + 1);
      return { id, canonicalEmail, emailTwin };
    });
    await runner.query(
      `UPDATE users SET canonical_email = canonical, email_twin = twin
       FROM unnest($1::uuid[], $2::text[], $3::integer[]) AS of_user (id, canonical, twin) WHERE users.id = of_user.id`,
      [
        rows.map(({ id }) => id),
        rows.map(({ canonicalEmail }) => canonicalEmail),
        rows.map(({ emailTwin }) => emailTwin),
      ],
    );
    await runner.query(`
      ALTER TABLE users ADD CONSTRAINT users_canonical_email_of_account CHECK (guest = (canonical_email IS NULL));
      CREATE UNIQUE INDEX users_canonical_email ON users (canonical_email, email_twin);
      DROP INDEX users_email;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP canonical_email, DROP email_twin;
      CREATE UNIQUE INDEX users_email ON users (lower(email));
    `);
  }
}
