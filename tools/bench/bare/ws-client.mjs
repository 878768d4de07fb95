/** A client of ws-relay.mjs, with the part of a Socket.IO client's interface that the benchmarks use. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export async function connectWs({ url }, { id }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/${id}`);
  const [waiting, handlers] = [new Map(), new Map()];
  let asked = 0;
  socket.on('message', (text) => {
    const [number, name, payload] = JSON.parse(text);
    if (name) return handlers.get(name)(payload, () => socket.send(JSON.stringify([number])));
    waiting.get(number)(payload);
    waiting.delete(number);
  });
  await once(socket, 'open');
  const client = {
    get connected() {
      return socket.readyState === WebSocket.OPEN;
    },
    on: (name, handler) => handlers.set(name, handler),
    close: () => socket.close(),
    timeout: () => client,
    emitWithAck: (name, payload) =>
      new Promise((done) => {
        waiting.set(++asked, done);
        socket.send(JSON.stringify([asked, name, payload]));
      }),
  };
  return client;
}
