/**
 * The same relay on plain web sockets, which no client of ours uses: it shows how much Socket.IO costs the other two.
 * Frames are `[number, name, payload]`, their acknowledgement is `[number]`; the path is the id of a client.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const http = createServer((_, response) => response.end());
const sockets = new Map();
let asked = 0;

new WebSocketServer({ server: http }).on('connection', (socket, { url }) => {
  const id = url.slice(1);
  const waiting = new Map();
  sockets.set(id, { socket, waiting });
  socket.on('close', () => sockets.delete(id));
  socket.on('message', (text) => {
    const [number, name, payload] = JSON.parse(text);
    if (!name) {
      waiting.get(number)?.(true);
      return;
    }
    const { to, ...signal } = payload;
    const receiver = sockets.get(to);
    const answer = (ok) => socket.send(JSON.stringify([number, undefined, { ok }]));
    if (!receiver) return answer(false);
    const question = ++asked;
    const done = (ok) => {
      clearTimeout(late);
      receiver.waiting.delete(question);
      answer(ok);
    };
    const late = setTimeout(done, 4000, false);
    receiver.waiting.set(question, done);
    receiver.socket.send(JSON.stringify([question, 'signal:received', { from: id, ...signal }]));
  });
});

process.once('SIGTERM', () => process.exit());
http.listen(Number(process.env.PORT), '127.0.0.1');
