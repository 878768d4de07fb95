/** Fills the database of a measured server with much of something, by SQL. */
import pg from 'pg';

async function query({ database }, sql, values) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Has PostgreSQL look at what there is now, as it does by itself after a while. */
export const settle = (server) => query(server, 'VACUUM ANALYZE');

export const addMembers = (server, roomId, users) =>
  query(
    server,
    `INSERT INTO members (room_id, user_id, role) SELECT $1, unnest($2::uuid[]), 'member' ON CONFLICT DO NOTHING`,
    [roomId, users.map(({ id }) => id)],
  );

/** Adds accounts that nobody uses. @returns them, each with an id */
export const addPeople = (server, count) =>
  query(
    server,
    `INSERT INTO users (username, name_look, email, canonical_email, password_hash)
     SELECT left(gen_random_uuid()::text, 13), gen_random_uuid(), gen_random_uuid() || '@example.org', gen_random_uuid(), 'none'
     FROM generate_series(1, $1::int) RETURNING id`,
    [count],
  );

export const addContacts = (server, user, others) =>
  query(
    server,
    `INSERT INTO contacts (first_id, second_id, status)
     SELECT least(id, $1::uuid), greatest(id, $1::uuid), 'contacts' FROM unnest($2::uuid[]) AS others (id)`,
    [user.id, others.map(({ id }) => id)],
  );

/** Adds rooms of a user and others, each with a message. */
export const addRooms = (server, user, others, count) =>
  query(
    server,
    `WITH made AS (
       INSERT INTO rooms (kind, name, visibility, last_seq, active_at)
       SELECT 'group', 'Room ' || n, 'private', 1, now() - n * interval '1 minute' FROM generate_series(1, $3::int) n
       RETURNING id
     ), joined AS (
       INSERT INTO members (room_id, user_id, role)
       SELECT made.id, person.id, 'member' FROM made, unnest($2::uuid[] || $1::uuid) AS person (id)
     )
     INSERT INTO messages (id, room_id, seq, author_id, content)
     SELECT gen_random_uuid(), id, 1, $1, '{"type": "text", "text": "See you at eight, at the usual place."}' FROM made`,
    [user.id, others.map(({ id }) => id), count],
  );

/** Gives a room without messages so many. */
export async function addMessages(server, roomId, author, count) {
  await query(
    server,
    `INSERT INTO messages (id, room_id, seq, author_id, content)
     SELECT gen_random_uuid(), $1, n, $2, jsonb_build_object('type', 'text', 'text', 'Message ' || n)
     FROM generate_series(1, $3::int) n`,
    [roomId, author.id, count],
  );
  await query(server, 'UPDATE rooms SET last_seq = $2 WHERE id = $1', [roomId, count]);
}

/**
 * Puts users into rooms, three for each group of so many, and gives each some sessions.
 * @returns the sessions, each with its user and one of the rooms
 */
export const addSessionsInRooms = (server, users, { group, perUser }) =>
  query(
    server,
    `WITH person AS (
       SELECT id, (number - 1) / $2::int AS crowd FROM unnest($1::uuid[]) WITH ORDINALITY AS of_user (id, number)
     ), room AS (
       INSERT INTO rooms (kind, name, visibility)
       SELECT 'group', 'Crowd ' || crowd, 'private' FROM (SELECT DISTINCT crowd FROM person) AS crowds,
         generate_series(1, 3) RETURNING id, name
     ), joined AS (
       INSERT INTO members (room_id, user_id, role)
       SELECT room.id, person.id, 'member' FROM room JOIN person ON name = 'Crowd ' || crowd RETURNING room_id, user_id
     ), session AS (
       INSERT INTO sessions (user_id, device, expires_at)
       SELECT id, 'bench', now() + interval '1 day' FROM person, generate_series(1, $3::int) RETURNING id, user_id
     )
     SELECT session.id, user_id AS "userId", (array_agg(room_id))[1] AS "roomId"
     FROM session JOIN joined USING (user_id) GROUP BY session.id, user_id`,
    [users.map(({ id }) => id), group, perUser],
  );
