/** Messages stored and told to all members, a second, beside the same inserts by SQL alone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { command, connect, newRoom, newUser } from './people.mjs';
import { processorTime, startApi } from './servers.mjs';

const ROOMS = 30;
const MEMBERS = 3;
/** Messages that are on their way at once, in both cases. */
const WRITERS = 60;
/** Connections to the database: as many as the server has. */
const CONNECTIONS = 20;
const WARM_UP = 2000;
const COUNTED = 6000;

/** The statement of the server: apps/api/src/chat/messages.ts. */
const INSERT = `WITH room AS (
    UPDATE rooms SET last_seq = last_seq + 1, active_at = now() WHERE id = $1 RETURNING last_seq
  ), m AS (
    INSERT INTO messages (id, room_id, seq, author_id, content)
    SELECT $2::uuid, $1::uuid, last_seq, $3::uuid, $4::jsonb FROM room RETURNING *
  ), read AS (
    UPDATE members SET read_seq = room.last_seq FROM room WHERE room_id = $1 AND user_id = $3
      AND ($4::jsonb->>'type' = 'text' OR read_seq = room.last_seq - 1)
  )
  SELECT m.id, m.room_id AS "roomId", m.seq, m.revision, m.author_id AS "authorId", u.username AS "authorName",
    m.sent_at AS "sentAt", m.edited_at AS "editedAt", m.content FROM m LEFT JOIN users u ON u.id = m.author_id`;

/** Runs so many writers at once until enough has been written. @returns how many a second */
async function rate(write) {
  let written = 0;
  let going = true;
  const writer = async (number) => {
    while (going) {
      await write(number);
      written++;
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, number) => writer(number));
  const reach = async (count) => {
    while (written < count) await pause(5);
  };
  await reach(WARM_UP);
  const [start, before] = [performance.now(), written];
  await reach(before + COUNTED);
  const perSecond = (written - before) / ((performance.now() - start) / 1000);
  going = false;
  await Promise.all(writers);
  return perSecond;
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
    const insert = (query) =>
      rate(async (number) => {
        const { id, users } = rooms[number % ROOMS];
        const author = users[number % MEMBERS].id;
        await pool.query(query, [id, randomUUID(), author, JSON.stringify({ type: 'text', text })]);
      });
    const sql = await insert(INSERT);
    const prepared = await insert({ name: 'insert', text: INSERT });
    const used = processorTime(server.pid);
    let stored = 0;
    const ours = await rate(async (number) => {
      const { id, sockets } = rooms[number % ROOMS];
      await command(sockets[number % MEMBERS], 'chat:send', { roomId: id, id: randomUUID(), text });
      stored++;
    });
    const microseconds = ((processorTime(server.pid) - used) / stored) * 1e6;
    while (told < stored * MEMBERS) await pause(5);
    for (const { sockets } of rooms) for (const socket of sockets) socket.close();
    return { sql, prepared, ours, ratio: ours / sql, microseconds };
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
  return { memory: middle(all.memory), redis: middle(all.redis), writers: WRITERS, members: MEMBERS };
}
