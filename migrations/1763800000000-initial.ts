import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        username text NOT NULL,
        email text,
        password_hash text,
        guest boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT users_account CHECK (guest = (email IS NULL) AND guest = (password_hash IS NULL))
      );
      CREATE UNIQUE INDEX users_username ON users (lower(username)) WHERE NOT guest;
      CREATE UNIQUE INDEX users_email ON users (lower(email));

      CREATE TABLE sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        device text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX sessions_user ON sessions (user_id);

      CREATE TABLE refresh_tokens (
        hash text PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        used_at timestamptz,
        attempt uuid,
        successor text
      );
      CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

      CREATE TABLE rooms (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL CHECK (kind IN ('group', 'direct')),
        name text NOT NULL,
        visibility text NOT NULL CHECK (visibility IN ('public', 'private')),
        last_seq integer NOT NULL DEFAULT 0,
        revision integer NOT NULL DEFAULT 0,
        active_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX rooms_public ON rooms (lower(name), id) WHERE visibility = 'public';

      CREATE TABLE members (
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        role text NOT NULL CHECK (role IN ('owner', 'moderator', 'member', 'guest')),
        read_seq integer NOT NULL DEFAULT 0,
        joined_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id)
      );
      CREATE INDEX members_user ON members (user_id);
      CREATE UNIQUE INDEX members_one_owner ON members (room_id) WHERE role = 'owner';

      CREATE TABLE invitations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        code_hash text NOT NULL UNIQUE,
        role text NOT NULL CHECK (role IN ('moderator', 'member', 'guest')),
        created_by uuid REFERENCES users ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        max_uses integer,
        uses integer NOT NULL DEFAULT 0,
        revoked_at timestamptz
      );
      CREATE INDEX invitations_room ON invitations (room_id);

      CREATE TABLE messages (
        id uuid PRIMARY KEY,
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        seq integer NOT NULL,
        revision integer NOT NULL DEFAULT 0,
        author_id uuid REFERENCES users ON DELETE SET NULL,
        content jsonb NOT NULL,
        sent_at timestamptz NOT NULL DEFAULT now(),
        edited_at timestamptz,
        UNIQUE (room_id, seq)
      );
      CREATE INDEX messages_changed ON messages (room_id, revision) WHERE revision > 0;
      CREATE INDEX messages_author ON messages (author_id);

      CREATE TABLE calls (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      );
      CREATE UNIQUE INDEX calls_one_running ON calls (room_id) WHERE ended_at IS NULL;

      CREATE TABLE call_participants (
        id uuid PRIMARY KEY,
        call_id uuid NOT NULL REFERENCES calls ON DELETE CASCADE,
        user_id uuid REFERENCES users ON DELETE SET NULL,
        joined_at timestamptz NOT NULL DEFAULT now(),
        left_at timestamptz
      );
      CREATE INDEX call_participants_call ON call_participants (call_id);
      CREATE INDEX call_participants_user ON call_participants (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE call_participants, calls, messages, invitations, members, rooms, refresh_tokens, sessions, users`,
    );
  }
}
