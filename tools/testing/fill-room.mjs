/** Fills a room with a long history, past the API: for what depends on the number of messages. */
import pg from 'pg';

/** Two messages of one person join, then somebody else writes; now and then a long one. A day has 400 of them. */
const FILL = `INSERT INTO messages (id, room_id, seq, author_id, content, sent_at)
  SELECT gen_random_uuid(), $1, seq, ($2::uuid[])[1 + (seq / 2) % cardinality($2::uuid[])],
    jsonb_build_object('type', 'text', 'text',
      'line ' || seq || CASE WHEN seq % 7 = 0 THEN repeat(' and so on to the edge of the window and beyond', 6) ELSE '' END),
    now() - ($3::integer - seq) * interval '216 seconds'
  FROM generate_series(1, $3::integer) seq`;

/** Writes `line 1` … `line <count>` into an empty room of these authors, who have read all of it. */
export async function fillRoom(database, roomId, authors, count) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(FILL, [roomId, authors, count]);
    await client.query('UPDATE rooms SET last_seq = $2 WHERE id = $1', [roomId, count]);
    await client.query('UPDATE members SET read_seq = $2 WHERE room_id = $1', [roomId, count]);
  } finally {
    await client.end();
  }
}
