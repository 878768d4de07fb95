import { toNameLook } from '@webcall/domain';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes the look of usernames unique. Accounts whose names already look alike keep them: the first one gets the look,
 * each later one the look with a space, which no look contains, and the account's id behind it.
 */
export class NameLooks1763880000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD name_look text');
    const accounts = (await runner.query('SELECT id, username FROM users WHERE NOT guest ORDER BY created_at, id')) as {
      id: string;
      username: string;
    }[];
    const known = new Set<string>();
    const looks: string[] = [];
    for (const { id, username } of accounts) {
      const look = await toNameLook(username);
      looks.push(known.has(look) ? `${look} ${id}` : look);
      known.add(look);
    }
    await runner.query(
      `UPDATE users SET name_look = look FROM unnest($1::uuid[], $2::text[]) AS of_user (id, look)
       WHERE users.id = of_user.id`,
      [accounts.map(({ id }) => id), looks],
    );
    await runner.query(`
      ALTER TABLE users ADD CONSTRAINT users_name_look CHECK (guest = (name_look IS NULL));
      CREATE UNIQUE INDEX users_look ON users (name_look);
      CREATE INDEX users_look_alike ON users (split_part(name_look, ' ', 1));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP name_look');
  }
}
