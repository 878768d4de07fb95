/** Messages stored and told to all members, a second, beside the same inserts by SQL alone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { command, connect, newRoom, newUser } from './people.mjs';
import { startApi } from './servers.mjs';

const ROOMS = 30;
const MEMBERS = 3;
/** Messages that are on their way at once, in both cases. */
const WRITERS = 60;
/** Connections to the database: as many as the server has. */
const CONNECTIONS = 20;
/** In turns, so that whatever else the machine does meets all; the first one of each warms it up. */
const TURNS = 10;
const IN_A_TURN = 1000;

/** The statement of the server: apps/api/src/chat/messages.ts. */
const INSERT = `WITH room AS (
    UPDATE rooms SET last_seq = last_seq + 1, active_at = now() WHERE id = $1 RETURNING last_seq
  ), m AS (
    INSERT INTO messages (id, room_id, seq, author_id, content)
    SELECT $2::uuid, $1::uuid, last_seq, $3::uuid, $4::jsonb FROM room RETURNING *
  ), read AS (
    UPDATE members SET read_seq = room.last_seq FROM room WHERE room_id = $1 AND (
      user_id = $3 AND $4::jsonb->>'type' = 'text' OR read_seq = room.last_seq - 1 AND (
        user_id = $3
        OR $4::jsonb->'callees' @> jsonb_build_array(jsonb_build_object('userId', user_id, 'status', 'declined'))
        OR $4::jsonb->'people' @> jsonb_build_array(jsonb_build_object('userId', user_id))
      )
    )
  )
  SELECT m.id, m.room_id AS "roomId", m.seq, m.revision, m.author_id AS "authorId", u.username AS "authorName",
    m.sent_at AS "sentAt", m.edited_at AS "editedAt", m.content FROM m LEFT JOIN users u ON u.id = m.author_id`;

/** Writes with so many writers at once. @returns how many are written a second */
async function turn(write) {
  let left = IN_A_TURN;
  const start = performance.now();
  const writer = async (number) => {
    while (left-- > 0) await write(number);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
  return IN_A_TURN / ((performance.now() - start) / 1000);
}

/** @returns for each way of writing how many a second it writes */
async function inTurns(ways) {
  const rates = ways.map(() => []);
  for (let i = 0; i <= TURNS; i++) for (const [k, write] of ways.entries()) rates[k].push(await turn(write));
  return rates.map(([, ...counted]) => counted.sort((a, b) => a - b)[TURNS / 2]);
}

const text = 'See you at eight, at the usual place; bring the papers and something to eat.';

async function round(settings) {
  const server = await startApi(settings);
  const pool = new pg.Pool({ connectionString: server.database, max: CONNECTIONS });
  try {
    const rooms = [];
    for (let i = 0; i < ROOMS; i++) {
      const users = [];
      for (let k = 0; k < MEMBERS; k++) users.push(await newUser(server));
      const id = await newRoom(server, users);
      const sockets = await Promise.all(users.map(({ token }) => connect(server, { token })));
      rooms.push({ id, users, sockets });
    }
    let told = 0;
    for (const { sockets } of rooms) for (const socket of sockets) socket.on('chat:posted', () => told++);
    const insert = (query) => async (number) => {
      const { id, users } = rooms[number % ROOMS];
      const author = users[number % MEMBERS].id;
      await pool.query(query, [id, randomUUID(), author, JSON.stringify({ type: 'text', text })]);
    };
    const send = async (number) => {
      const { id, sockets } = rooms[number % ROOMS];
      await command(sockets[number % MEMBERS], 'chat:send', { roomId: id, id: randomUUID(), text });
    };
    const ways = [insert(INSERT), insert({ name: 'insert', text: INSERT }), send];
    const [sql, prepared, ours] = await inTurns(ways);
    while (told < (TURNS + 1) * IN_A_TURN * MEMBERS) await pause(5);
    for (const { sockets } of rooms) for (const socket of sockets) socket.close();
    return { sql, prepared, ours, ratio: ours / sql };
  } finally {
    await pool.end();
    await server.stop();
  }
}

const byRatio = (a, b) => a.ratio - b.ratio;

/** The round in the middle; both are measured on the same database, right after one another. */
export async function measureChat({ postgres, redis, rounds }) {
  const all = { memory: [], redis: [] };
  for (let i = 0; i < rounds; i++) {
    all.memory.push(await round({ postgres }));
    all.redis.push(await round({ postgres, redis }));
  }
  const middle = (list) => list.sort(byRatio)[Math.floor(rounds / 2)];
  return { memory: middle(all.memory), redis: middle(all.redis) };
}
