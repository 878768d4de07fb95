/**
 * The bare server with which handshakes are compared: it verifies the same token, looks its session and the rooms of its
 * user up by one prepared statement, and lets the socket into them. Nothing is looked at again when a session ends, and
 * nobody learns who is there. It answers one question, with a row of the database.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { Server } from 'socket.io';

const { DATABASE_URL: connectionString, JWT_SECRET: secret, PORT } = process.env;
const db = new pg.Pool({ connectionString, max: 20 });
const ADMIT = {
  name: 'admit',
  text: `SELECT u.guest, array(SELECT room_id FROM members WHERE user_id = u.id) AS rooms
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND ended_at IS NULL AND expires_at > now()`,
};
const OPEN = { name: 'open', text: 'SELECT name, last_seq FROM rooms WHERE id = $1' };

function claimsOf(token) {
  const [head, body, signature] = token.split('.');
  const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) throw new Error('unauthorized');
  return JSON.parse(Buffer.from(body, 'base64url'));
}

const http = createServer((_, response) => response.end());
// The same socket settings as the server's.
const io = new Server(http, { transports: ['websocket'], pingInterval: 3000, pingTimeout: 3000, serveClient: false });
io.use(async (socket, next) => {
  const { rows } = await db.query({ ...ADMIT, values: [claimsOf(socket.handshake.auth.token).sid] });
  if (rows.length === 0) return next(new Error('session_ended'));
  socket.join(rows[0].rooms);
  next();
});
io.on('connection', (socket) => {
  socket.on('room:open', async ({ roomId }, ack) => {
    const { rows } = await db.query({ ...OPEN, values: [roomId] });
    ack({ ok: true, room: rows[0] });
  });
});

process.once('SIGTERM', () => process.exit());
http.listen(Number(PORT), '127.0.0.1');
