import { randomUUID } from 'node:crypto';
import { rest, type RestResponse } from '../support/rest';
import { newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer(() => startApp({ env: { METRICS_TOKEN: 'token-of-the-metrics-1' } }));
let anna: TestUser;
let roomId: string;

beforeAll(async () => {
  anna = await newUser(server, 'anna');
  roomId = (await newRoom(anna)).id;
});

const stranger = () => rest(server.url);
const metrics = (token: string) => stranger().send('GET', '/metrics', undefined, { authorization: `Bearer ${token}` });

it.each<[string, number, () => Promise<RestResponse>]>([
  ['the own account', 200, () => anna.rest.request('GET /auth/me')],
  ['sessions', 200, () => anna.rest.request('GET /auth/sessions')],
  ['rooms', 200, () => anna.rest.request('GET /rooms')],
  ['messages', 200, () => anna.rest.request('GET /rooms/:roomId/messages', { roomId })],
  ['calls', 200, () => anna.rest.request('GET /calls')],
  [
    'a sign-in',
    200,
    () => stranger().request('POST /auth/login', { body: { email: anna.email, password: anna.password } }),
  ],
  [
    'a sign-in that is refused',
    401,
    () => stranger().request('POST /auth/login', { body: { email: anna.email, password: 'wrong' } }),
  ],
  ['what is for those who are signed in', 401, () => stranger().request('GET /rooms')],
  ['a room that there is not', 404, () => anna.rest.request('GET /rooms/:roomId', { roomId: randomUUID() })],
  ['an id that is none', 404, () => anna.rest.request('GET /rooms/:roomId', { roomId: 'none' })],
  ['a path that there is not', 404, () => anna.rest.send('GET', '/api/v1/nothing')],
  ['a body that is wrong', 400, () => anna.rest.send('POST', '/api/v1/rooms', { name: 7 })],
  [
    'a body that is no JSON',
    400,
    () => anna.rest.send('POST', '/api/v1/rooms', '{', { 'content-type': 'application/json' }),
  ],
  ['life', 200, () => stranger().send('GET', '/healthz')],
  ['readiness', 200, () => stranger().send('GET', '/readyz')],
  ['figures', 200, () => metrics('token-of-the-metrics-1')],
  ['figures for those without the token', 401, () => metrics('another')],
  ['a socket that begins by polling', 200, () => stranger().send('GET', '/socket.io/?EIO=4&transport=polling')],
])('nobody keeps the answer about %s', async (_, status, ask) => {
  const answer = await ask();
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
});

it('the refusals 429 and 500 are not cached', async () => {
  const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.01' } });
  const signIn = () =>
    rest(limited.url).request('POST /auth/login', { body: { email: anna.email, password: 'wrong' } });
  await signIn();
  const tooOften = await signIn();
  expect([tooOften.status, tooOften.headers.get('cache-control')]).toEqual([429, 'no-store']);
  await limited.close();
  await server.db.query('ALTER TABLE members RENAME TO former_members');
  try {
    const failed = await anna.rest.request('GET /rooms');
    expect([failed.status, failed.headers.get('cache-control')]).toEqual([500, 'no-store']);
  } finally {
    await server.db.query('ALTER TABLE former_members RENAME TO members');
  }
});
