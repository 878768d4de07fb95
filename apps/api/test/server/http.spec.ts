import { REST_BASE_PATH } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { requireDocumentedRefusal } from '../support/documented-refusals';
import { rest } from '../support/rest';
import { newUser, startApp } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer(() =>
  startApp({
    env: {
      METRICS_TOKEN: 'token-of-the-metrics-1',
      CORS_ORIGINS: 'https://app.example.org',
      APP_ENV: 'production',
      BCRYPT_COST: '10',
    },
  }),
);

describe('every response', () => {
  it.each(['/healthz', '/docs', '/api/v1/rooms', '/api/v1/nothing'])('has the security headers: %s', async (path) => {
    const { headers } = await rest(server.url).send('GET', path);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy?.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|\*|https?:/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=(self)'),
      'server-timing': expect.stringMatching(/^app;dur=\d/),
      'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each(['transport=polling', 'transport=none', 'transport=polling&sid=none'])(
    'has the security headers, from the sockets too: %s',
    async (query) => {
      const { headers } = await rest(server.url).send('GET', `/socket.io/?EIO=4&${query}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'permissions-policy': expect.stringContaining('camera=(self)'),
      });
    },
  );

  it('does not insist on https outside production', async () => {
    const plain = await startApp({ database: server.db });
    expect((await rest(plain.url).send('GET', '/healthz')).headers.get('strict-transport-security')).toBeNull();
    await plain.close();
  });

  it('keeps a well-formed request id, and no other', async () => {
    const ask = async (id: string) => {
      const { headers, body } = await rest(server.url).send('GET', '/api/v1/nothing', undefined, {
        'x-request-id': id,
      });
      expect(body.error.requestId).toBe(headers.get('x-request-id'));
      return headers.get('x-request-id');
    };
    expect(await ask('trace:0198c0de-7a51')).toBe('trace:0198c0de-7a51');
    for (const id of ['short', 'with space in it', 'x'.repeat(101), '{"a":"json"}']) expect(await ask(id)).not.toBe(id);
  });

  it('is readable for the own origin and those of CORS_ORIGINS', async () => {
    const allowed = async (origin: string) => {
      const { headers } = await rest(server.url).send('GET', '/healthz', undefined, { origin });
      return headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://app.example.org')).toBe('https://app.example.org');
    expect(await allowed('https://evil.example.org')).toBeNull();
  });
});

describe('an error', () => {
  it.each([
    ['an unknown route', 'GET', '/nothing', undefined, 404, 'not_found'],
    ['an unknown method', 'PUT', '/rooms', undefined, 404, 'not_found'],
    ['a body that is no JSON', 'POST', '/auth/login', '{"email":', 400, 'invalid_input'],
    ['a body that is a list', 'POST', '/auth/login', '[1]', 400, 'invalid_input'],
    ['a body that is too large', 'POST', '/auth/login', `"${'x'.repeat(70_000)}"`, 413, 'payload_too_large'],
    [
      'a body nested without end',
      'POST',
      '/auth/login',
      `{"email":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      400,
      'invalid_input',
    ],
    ['a path that cannot be decoded', 'GET', '/rooms/%zz', undefined, 400, 'invalid_input'],
  ])('has one shape: %s', async (_, method, path, body, status, code) => {
    const answer = await rest(server.url).send(method, REST_BASE_PATH + path, body);
    expect([answer.status, answer.body.error]).toEqual([
      status,
      { code, message: expect.any(String), requestId: expect.any(String) },
    ]);
  });

  it('fails a test unless the documentation of the endpoint lists it', async () => {
    const refusedWith = (path: string, status: number, code: string) =>
      requireDocumentedRefusal('GET', `${server.url}/api/v1/rooms${path}`, { status, body: { error: { code } } });
    await refusedWith('/a-room', 404, 'room_not_found');
    await expect(refusedWith('/public', 404, 'room_not_found')).rejects.toThrow('404 room_not_found');
    await expect(refusedWith('/a-room', 403, 'room_not_found')).rejects.toThrow('documentation');
    await expect(refusedWith('/a-room', 409, 'email_taken')).rejects.toThrow('documentation');
  });

  it('is returned for a body in an unknown encoding as well', async () => {
    const { status } = await rest(server.url).send('POST', '/api/v1/auth/login', '{}', { 'content-encoding': 'zip' });
    expect(status).toBe(400);
  });
});

describe('hostile input', () => {
  const hostile: unknown[] = [
    undefined,
    null,
    [],
    {},
    'text',
    ...[null, true, -1, 1e308, '', 'nul\0', '\ud800', 'x'.repeat(5000), [], [[]], {}, { length: 1 }, { $gt: '' }].map(
      (value) => ({
        username: value,
        email: value,
        password: value,
        currentPassword: value,
        newPassword: value,
        registrationCode: value,
        attempt: value,
        name: value,
        visibility: value,
        role: value,
        expiresInHours: value,
        maxUses: value,
      }),
    ),
    { name: 'nul\0', visibility: 'public' },
    { name: 'x', visibility: 'public', __proto__: { admin: true }, constructor: { prototype: {} } },
    JSON.parse('{"__proto__":{"name":"x"},"name":"y","visibility":"public"}'),
  ];
  const ids = [randomUUID(), 'nonsense', '%00', "'%20OR%201=1", '..%2F..', 'x'.repeat(2000)];
  const queries = [
    '',
    '?limit=0',
    '?limit=1e9',
    '?limit=x',
    '?limit[]=1',
    '?after=-1',
    '?after=1.5',
    '?before=99999999999999999999',
    '?search=%00',
    '?search[a]=1',
    '?cursor=%FF',
    '?after=1&before=2',
  ];

  it('is never answered with a 500', async () => {
    const { rest: client } = await newUser(server);
    // Without the cookie, because signing out would end the session that the other requests need.
    client.cookie = undefined;
    const own = (await client.request('POST /rooms', { body: { name: 'Own', visibility: 'public' } })).body.id;
    const places = [...ids, own];
    const targets = [
      ...['register', 'login', 'refresh', 'logout', 'password'].map((path) => ['POST', `/auth/${path}`]),
      ['PATCH', '/auth/me'],
      ['DELETE', '/auth/me'],
      ['POST', '/rooms'],
      ...places.flatMap((id) => [
        ['PATCH', `/rooms/${id}`],
        ['POST', `/rooms/${id}/join`],
        ['POST', `/rooms/${id}/invitations`],
        ['PATCH', `/rooms/${own}/members/${id}`],
        ['POST', `/invitations/${id}/guest`],
      ]),
    ] as const;
    const reads = [
      '/rooms',
      '/rooms/public',
      '/auth/sessions',
      ...places.flatMap((id) => [
        `/rooms/${id}`,
        `/rooms/${id}/members`,
        `/rooms/${id}/invitations`,
        `/rooms/${id}/messages`,
        `/rooms/${id}/messages/changes`,
        `/invitations/${id}`,
      ]),
    ];
    const deletions = ids.flatMap((id) => [
      `/rooms/${own}/members/${id}`,
      `/rooms/${own}/invitations/${id}`,
      `/auth/sessions/${id}`,
    ]);
    const requests: (readonly [string, string, unknown])[] = [
      ...targets.flatMap(([method, path]) => hostile.map((body) => [method, path, body] as const)),
      ...reads.flatMap((path) => queries.map((query) => ['GET', path + query, undefined] as const)),
      ...deletions.map((path) => ['DELETE', path, undefined] as const),
    ];
    const failures: string[] = [];
    const ask = async ([method, path, body]: (typeof requests)[number]) => {
      const { status } = await client.send(method, REST_BASE_PATH + path, body);
      if (status >= 500) failures.push(`${method} ${path} ${JSON.stringify(body)}: ${status}`);
    };
    while (requests.length) await Promise.all(requests.splice(0, 10).map(ask));
    expect(failures).toEqual([]);
    expect((await client.request('GET /rooms')).status).toBe(200);
  });

  it('below HTTP does not stop the server', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    expect((await rest(server.url).send('GET', '/healthz')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('need the token, and name routes by their template', async () => {
    await rest(server.url).request('GET /rooms/:roomId', { roomId: randomUUID() });
    const ask = (authorization: string) => rest(server.url).send('GET', '/metrics', undefined, { authorization });
    for (const wrong of ['', 'Bearer', 'Bearer token-of-the-metrics-2', 'token-of-the-metrics-1']) {
      expect((await ask(wrong)).body.error.code).toBe('unauthorized');
    }
    const { status, body } = await ask('Bearer token-of-the-metrics-1');
    expect(status).toBe(200);
    expect(body).toContain(
      'webcall_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/api/v1/rooms/:roomId",status="401"}',
    );
    expect(body).toContain('webcall_database_connections{state="idle"}');
    expect(body).toContain('webcall_sockets');
    expect(body).not.toMatch(/route="[^"]*[\da-f]{8}-/);
  });
});

describe('health', () => {
  it('is alive and ready', async () => {
    expect((await rest(server.url).send('GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await rest(server.url).send('GET', '/readyz')).body).toEqual({ status: 'ok' });
  });

  it('is alive but not ready when a migration is missing or the database is unreachable', async () => {
    const other = await startApp();
    await other.db.query('DELETE FROM migrations');
    const unready = await rest(other.url).send('GET', '/readyz');
    expect([unready.status, unready.body.error]).toMatchObject([
      503,
      { code: 'unavailable', details: { database: 'migrations are missing' } },
    ]);
    await other.db.drop();
    // The result of a check is cached for a second.
    const details = async () => (await rest(other.url).send('GET', '/readyz')).body.error.details;
    while ((await details()).database === 'migrations are missing');
    expect(await details()).toEqual({ database: 'unreachable' });
    expect((await rest(other.url).send('GET', '/healthz')).status).toBe(200);
    await other.close();
  });
});
