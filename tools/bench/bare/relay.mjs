/**
 * The bare Socket.IO relay with which the server is compared: clients choose their own ids and rooms.
 * No users, no rules, no limits, nothing stored.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const client = new URL('../../../node_modules/socket.io/client-dist/socket.io.min.js', import.meta.url);
const files = {
  '/': ['text/html', readFileSync(new URL('bare-page.html', import.meta.url))],
  '/client.js': ['text/javascript', readFileSync(client)],
};
const http = createServer((request, response) => {
  const [type, body] = files[request.url] ?? ['text/plain', 'nothing'];
  response.setHeader('content-type', type).end(body);
});
// The same socket settings as the server's.
const io = new Server(http, { transports: ['websocket'], pingInterval: 3000, pingTimeout: 3000, serveClient: false });
const sockets = new Map();

// Recommended by Socket.IO for many connections: the first request of a connection is not needed any more.
io.engine.on('connection', (connection) => (connection.request = null));
io.on('connection', (socket) => {
  const { id, rooms = [] } = socket.handshake.auth;
  sockets.set(id, socket);
  socket.join(rooms);
  socket.once('disconnect', () => sockets.delete(id));
  socket.on('signal:send', ({ to, ...signal }, ack) => {
    const receiver = sockets.get(to);
    if (!receiver) return ack({ ok: false });
    receiver.timeout(4000).emit('signal:received', { from: id, ...signal }, (error) => ack({ ok: !error }));
  });
});

process.once('SIGTERM', () => process.exit());
http.listen(Number(process.env.PORT), '127.0.0.1');
