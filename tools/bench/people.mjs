/** Users, rooms and sockets for the benchmarks. */
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';

/** Sends a POST request to the REST API. @returns the body of the answer */
async function ask({ url }, token, path, body) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Reads from the REST API as a browser does, compressed. @returns how long it took, in ms */
export async function timeOfGet({ url }, { token }, path) {
  const start = performance.now();
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.json();
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  return performance.now() - start;
}

export async function newUser(server, name = 'user') {
  const username = `${name}-${randomUUID().slice(0, 8)}`;
  const account = { username, email: `${username}@example.org`, password: 'correct horse battery' };
  const { accessToken, user } = await ask(server, undefined, '/auth/register', {
    ...account,
    registrationCode: server.code,
  });
  return { ...account, id: user.id, token: accessToken };
}

/** How many requests or connections are on their way at once. */
const AT_ONCE = 20;

/** @returns the results of `work` for all items, of which some are on their way at once */
export async function inBatches(items, work) {
  const results = [];
  for (let i = 0; i < items.length; i += AT_ONCE)
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map((item) => work(item)))));
  return results;
}

/** Creates a public room of the first user, which all others join. */
export async function newRoom(server, users) {
  const [owner, ...others] = users;
  const { id } = await ask(server, owner.token, '/rooms', { name: `Room ${owner.username}`, visibility: 'public' });
  for (const user of others) await ask(server, user.token, `/rooms/${id}/join`);
  return id;
}

/** @returns a connected socket. */
export async function connect({ url }, auth) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
  await new Promise((done, fail) => socket.once('connect', done).once('connect_error', fail));
  return socket;
}

/** Sends a command that must not be refused. @returns its answer */
export async function command(socket, name, payload) {
  const answer = await socket.timeout(20_000).emitWithAck(name, payload);
  if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
  return answer;
}
