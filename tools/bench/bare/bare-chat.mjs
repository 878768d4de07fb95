/**
 * The bare chat with which the server is compared. It does all necessary work of a message: in one transaction it takes
 * the room's next number, stores the message and moves its author's read mark; then it sends the same event to the
 * room's sockets and acknowledges the message. It has no authentication and no limits. It is meant to be as fast as so
 * few lines can be: one prepared statement, and a room's messages are pipelined on one connection, where they never
 * wait for each other's lock.
 */
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Server } from 'socket.io';
import { STORE } from './bare-store.mjs';

const { DATABASE_URL: connectionString, REDIS_URL: redis, CONNECTIONS, PORT } = process.env;
const clients = Array.from({ length: Number(CONNECTIONS) }, () => new pg.Client({ connectionString, pipeline: true }));
await Promise.all(clients.map((client) => client.connect()));

/** Each room always uses the same connection; rooms are distributed evenly. */
const ofRoom = new Map();
function clientOf(roomId) {
  if (!ofRoom.has(roomId)) ofRoom.set(roomId, clients[ofRoom.size % clients.length]);
  return ofRoom.get(roomId);
}

const http = createServer((_, response) => response.end());
const adapter = redis && createAdapter(new Redis(redis));
const io = new Server(http, {
  ...{ transports: ['websocket'], pingInterval: 3000, pingTimeout: 3000, serveClient: false },
  ...(adapter && { adapter }),
});

io.on('connection', (socket) => {
  const { id: authorId, name: authorName, room } = socket.handshake.auth;
  socket.join(room);
  socket.on('chat:send', async ({ roomId, id, text }, ack) => {
    const content = { type: 'text', text };
    const { rows } = await clientOf(roomId).query({
      ...STORE,
      values: [roomId, id, authorId, JSON.stringify(content)],
    });
    const [{ seq, sent_at: sentAt }] = rows;
    const message = { id, roomId, seq, revision: 0, authorId, authorName, sentAt, editedAt: null, content };
    io.to(roomId).emit('chat:posted', message);
    ack({ ok: true, seq });
  });
});

process.once('SIGTERM', () => process.exit());
http.listen(Number(PORT), '127.0.0.1');
