import { toNameLook } from '@webcall/domain';
import { DataSource } from 'typeorm';
import { createResetLink } from '../../src/auth/reset-links';
import { HeldRow } from '../support/faults/held-row';
import { rest, type RestClient, type RestResponse, type RouteResponse } from '../support/rest';
import { newGuest, newRoom, newUser, REGISTRATION_CODE, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const NEW_PASSWORD = 'staple of the sea';

const server = useServer();

/** A user with two devices, and a name and e-mail that several requests compete for. */
interface Scene {
  anna: TestUser;
  second: TestUser;
  secondId: string;
  wanted: { username: string; email: string };
  /** Token of a reset link. */
  token: string;
}

let scenes = 0;

const login = async ({
  email,
  password,
}: TestUser): Promise<RouteResponse<'POST /auth/login'> & { client: RestClient }> => {
  const client = rest(server.url);
  const answer = await client.request('POST /auth/login', { body: { email, password } });
  client.token = answer.body.accessToken;
  return { ...answer, client };
};

const begin = async (): Promise<Scene> => {
  const anna = await newUser(server, 'anna');
  const second: TestUser = { ...anna, rest: (await login(anna)).client };
  const { body } = await second.rest.request('GET /auth/sessions');
  const { id: secondId } = body.sessions.find(({ current }) => current)!;
  const username = `wanted-${++scenes}`;
  const token = await createResetLink(server.app.get(DataSource).manager, anna.id);
  return { anna, second, secondId, token, wanted: { username, email: `${username}@example.org` } };
};

/** Requests that run at the same time; each waits for the user's row, `register` for its name. */
const DEEDS: Record<string, (scene: Scene) => Promise<RestResponse>> = {
  register: ({ wanted }) =>
    rest(server.url).request('POST /auth/register', {
      body: { ...wanted, password: NEW_PASSWORD, registrationCode: REGISTRATION_CODE },
    }),
  login: ({ anna }) => login(anna),
  refresh: ({ second }) => second.rest.request('POST /auth/refresh', { body: {} }),
  'change of password': ({ anna }) =>
    anna.rest.request('POST /auth/password', { body: { currentPassword: anna.password, newPassword: NEW_PASSWORD } }),
  'change of e-mail and name': ({ anna, wanted }) =>
    anna.rest.request('PATCH /auth/me', { body: { ...wanted, currentPassword: anna.password } }),
  'reset by a link': ({ token }) =>
    rest(server.url).request('POST /auth/reset-password', { body: { token, newPassword: 'paper boats at dawn' } }),
  'revocation of a session': ({ anna, secondId }) =>
    anna.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: secondId }),
  'deletion of the account': ({ anna }) => anna.rest.request('DELETE /auth/me', { body: { password: anna.password } }),
};

type Deed = keyof typeof DEEDS;

/** Requests that may be refused because the other one was faster; all others must succeed. */
const REFUSALS: Record<string, string[]> = {
  register: ['username_taken', 'email_taken'],
  login: ['invalid_credentials'],
  refresh: ['session_ended'],
  'change of password': ['wrong_password', 'session_ended'],
  'change of e-mail and name': ['username_taken', 'email_taken', 'wrong_password', 'session_ended'],
  'reset by a link': ['reset_link_invalid'],
  'revocation of a session': ['session_not_found', 'session_ended'],
  'deletion of the account': ['wrong_password', 'session_ended'],
};

const hold = async ({ anna, wanted }: Scene): Promise<HeldRow> => {
  const held = await HeldRow.hold(server.db, 'users', anna.id);
  await held.query(
    `INSERT INTO users (username, name_look, email, canonical_email, password_hash) VALUES ($1, $2, $3, $3, 'x')`,
    [wanted.username, await toNameLook(wanted.username), wanted.email],
  );
  return held;
};

const alive = async ({ id }: TestUser): Promise<string[]> =>
  (await server.db.query<{ id: string }>(`SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL`, [id])).map(
    (session) => session.id,
  );

const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);

const pairs = Object.keys(DEEDS).flatMap((first) => Object.keys(DEEDS).map((then) => [first, then] as const));

describe('at the same time', () => {
  it.each(pairs)('%s, then %s', async (first, then) => {
    const scene = await begin();
    const held = await hold(scene);
    const deeds: Deed[] = [first, then];
    const answers = await held.release('ROLLBACK', ...deeds.map((deed) => () => DEEDS[deed]!(scene)));
    deeds.forEach((deed, i) => {
      const answer = answers[i]!;
      if (answer.status >= 300) expect(REFUSALS[deed]).toContain(codeOf(answer));
    });
    const done = (deed: Deed): boolean => deeds.some((each, i) => each === deed && answers[i]!.status < 300);
    const [sessions, { status }] = [await alive(scene.anna), await login(scene.anna)];
    if (done('deletion of the account')) {
      expect(await server.db.query('SELECT FROM users WHERE id = $1', [scene.anna.id])).toEqual([]);
      expect(sessions).toEqual([]);
    } else if (done('reset by a link')) {
      expect(sessions).toEqual([]);
      expect(status).toBe(401);
    } else if (done('change of password')) {
      expect(sessions).toHaveLength(1);
      expect((await scene.anna.rest.request('GET /auth/me')).status).toBe(200);
      expect(status).toBe(401);
    } else {
      expect(status).toBe(done('change of e-mail and name') ? 401 : 200);
    }
    if (done('revocation of a session')) expect(sessions).not.toContain(scene.secondId);
    // Exactly one of the two wins.
    expect(answers.filter((answer) => answer.status < 300)).not.toEqual([]);
  });

  it('never causes a deadlock in the database', async () => {
    const [row] = await server.db.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(row!.deadlocks).toBe('0');
  });
});

describe('sign-ins under way', () => {
  it('leave no session with the old password, whether they run before or after its change', async () => {
    const scene = await begin();
    const held = await hold(scene);
    const logins = Array.from({ length: 3 }, () => () => login(scene.anna));
    const answers = await held.release('ROLLBACK', ...logins, () => DEEDS['change of password']!(scene), ...logins);
    expect(answers.map(codeOf)).toEqual([
      ...logins.map(() => '200'),
      '204',
      ...logins.map(() => 'invalid_credentials'),
    ]);
    expect(await alive(scene.anna)).toHaveLength(1);
  });
});

/** Changes that another server may make while a request waits, and the refusal of the request. */
describe.each([
  [
    'the password has been changed meanwhile',
    `UPDATE users SET password_hash = 'x' WHERE id = $1`,
    {
      login: 'invalid_credentials',
      'change of password': 'wrong_password',
      'change of e-mail and name': 'wrong_password',
      'deletion of the account': 'wrong_password',
    },
  ],
  [
    'the account has been deleted meanwhile',
    'DELETE FROM users WHERE id = $1',
    {
      login: 'invalid_credentials',
      refresh: 'session_ended',
      'change of password': 'session_ended',
      'change of e-mail and name': 'session_ended',
      'reset by a link': 'reset_link_invalid',
      'revocation of a session': 'session_ended',
      'deletion of the account': 'session_ended',
    },
  ],
  [
    'the session has ended by then',
    'UPDATE sessions SET ended_at = now() WHERE user_id = $1',
    {
      refresh: 'session_ended',
      'change of password': 'session_ended',
      'change of e-mail and name': 'session_ended',
      'revocation of a session': 'session_not_found',
      'deletion of the account': 'session_ended',
    },
  ],
  [
    'the link was replaced by then',
    `UPDATE reset_links SET token_hash = 'x' WHERE user_id = $1`,
    { 'reset by a link': 'reset_link_invalid' },
  ],
  [
    'the link has expired by then',
    `UPDATE reset_links SET expires_at = now() WHERE user_id = $1`,
    { 'reset by a link': 'reset_link_invalid' },
  ],
  [
    'the link is void by then',
    'DELETE FROM reset_links WHERE user_id = $1',
    { 'reset by a link': 'reset_link_invalid' },
  ],
])('when %s', (_, sql, expected) => {
  it.each(Object.entries(expected))('%s is refused with %s', async (deed, code) => {
    const scene = await begin();
    const held = await HeldRow.hold(server.db, 'users', scene.anna.id);
    await held.query(sql, [scene.anna.id]);
    const [answer] = await held.release('COMMIT', () => DEEDS[deed]!(scene));
    expect(codeOf(answer)).toBe(code);
  });
});

describe('a guest', () => {
  const GUEST_DEEDS: Record<string, (guest: TestUser, owner: TestUser, roomId: string) => Promise<RestResponse>> = {
    refresh: (guest) => guest.rest.request('POST /auth/refresh', { body: {} }),
    'sign-out': (guest) => guest.rest.request('POST /auth/logout'),
    removal: (guest, owner, roomId) =>
      owner.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: guest.id }),
  };

  it.each([
    ['refresh', 'sign-out'],
    ['sign-out', 'refresh'],
    ['refresh', 'removal'],
    ['removal', 'refresh'],
    ['sign-out', 'removal'],
    ['removal', 'sign-out'],
  ])('is deleted after %s and %s at once', async (first, then) => {
    const owner = await newUser(server, 'owner');
    const { id: roomId } = await newRoom(owner);
    const guest = await newGuest(owner, roomId);
    const held = await HeldRow.hold(server.db, 'users', guest.id);
    const deeds = [first, then].map((deed) => () => GUEST_DEEDS[deed]!(guest, owner, roomId));
    const answers = await held.release('ROLLBACK', ...deeds);
    for (const answer of answers) expect(['200', '204', 'session_ended', 'member_not_found']).toContain(codeOf(answer));
    expect(await server.db.query('SELECT FROM users WHERE id = $1', [guest.id])).toEqual([]);
  });
});
