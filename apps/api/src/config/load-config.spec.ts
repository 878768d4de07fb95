import { loadAppConfig, loadCommandConfig } from './load-config';
import { ConfigError } from './settings-reader';

const good = {
  JWT_SECRET: 'b2f7c1d94e6a8035b2f7c1d94e6a8035',
  REGISTRATION_SECRET: 'fjord-lamp-42',
  DATABASE_URL: 'postgres://webcall:pw@localhost/webcall',
};

const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadAppConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

it('has safe defaults', () => {
  expect(loadAppConfig(good)).toEqual({
    env: 'production',
    host: 'localhost',
    port: 3000,
    publicUrl: undefined,
    jwtSecret: good.JWT_SECRET,
    registrationSecret: good.REGISTRATION_SECRET,
    databaseUrl: good.DATABASE_URL,
    redisUrl: undefined,
    stunServers: [],
    turnUrls: [],
    turnSecret: undefined,
    turnLogin: undefined,
    turnTtl: 600,
    corsOrigins: [],
    trustedProxies: [],
    throttleScale: 1,
    quotas: { rooms: 200, guests: 50, invitations: 50, messages: 5000, devices: 20, sockets: 50, vault: 64 },
    bcryptCost: 12,
    metricsToken: undefined,
    jobs: true,
    apiDocs: true,
    webRoot: undefined,
    logLevel: 'info',
  });
});

it('reads each quota from its own setting, and keeps 0 for no limit', () => {
  const { quotas } = loadAppConfig({
    ...good,
    QUOTA_ROOMS: '1',
    QUOTA_GUESTS: '2',
    QUOTA_INVITATIONS: '3',
    QUOTA_MESSAGES: '4',
    QUOTA_DEVICES: '5',
    QUOTA_SOCKETS: '0',
    QUOTA_VAULT_MB: '7',
  });
  expect(quotas).toEqual({ rooms: 1, guests: 2, invitations: 3, messages: 4, devices: 5, sockets: 0, vault: 7 });
});

it('is frozen, lists included', () => {
  const config = loadAppConfig({ ...good, CORS_ORIGINS: 'https://a.example' });
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  expect(() => (config.corsOrigins as string[]).push('https://b.example')).toThrow(TypeError);
});

it('reads lists, which may contain spaces and empty entries', () => {
  const { stunServers, turnUrls, trustedProxies, corsOrigins } = loadAppConfig({
    ...good,
    STUN_SERVERS: 'stun:a.example:3478, ,stuns:b.example',
    TURN_URLS: 'turn:c.example?transport=udp',
    TURN_SECRET: 'fjord-lamp-42-harbour',
    TRUSTED_PROXIES: 'loopback,10.0.0.0/8,::1',
    CORS_ORIGINS: 'https://a.example,http://localhost:4200',
  });
  expect(stunServers).toEqual(['stun:a.example:3478', 'stuns:b.example']);
  expect(turnUrls).toEqual(['turn:c.example?transport=udp']);
  expect(trustedProxies).toEqual(['loopback', '10.0.0.0/8', '::1']);
  expect(corsOrigins).toEqual(['https://a.example', 'http://localhost:4200']);
});

it('reports all missing and wrong settings at once', () => {
  const problems = problemsOf({ PORT: 'http', LOG_LEVEL: 'loud', JWT_SECRET: '  ', CORS_ORIGINS: '*' });
  expect(problems).toHaveLength(6);
  for (const name of ['PORT', 'LOG_LEVEL', 'JWT_SECRET', 'REGISTRATION_SECRET', 'DATABASE_URL', 'CORS_ORIGINS']) {
    expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
  }
});

it.each([
  ['APP_ENV', 'prod'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '30.5'],
  ['JWT_SECRET', 'short'],
  ['JWT_SECRET', 'a'.repeat(64)],
  ['JWT_SECRET', 'please-change-me-please-change-me-please'],
  ['JWT_SECRET', 'your-secret-key-your-secret-key-1234'],
  ['REGISTRATION_SECRET', 'short'],
  ['REGISTRATION_SECRET', 'changeme'],
  ['REGISTRATION_SECRET', 'password'],
  ['DATABASE_URL', 'mysql://localhost/webcall'],
  ['DATABASE_URL', 'localhost'],
  ['PUBLIC_URL', 'call.example.org'],
  ['REDIS_URL', 'http://localhost'],
  ['STUN_SERVERS', 'stun.example.org'],
  ['TURN_URLS', 'turn.example.org'],
  ['TURN_URLS', 'turn:a.example'],
  ['TURN_SECRET', 'short'],
  ['TURN_TTL', '4'],
  ['TURN_TTL', '4h'],
  ['TURN_TTL', '14400'],
  ['CORS_ORIGINS', 'https://a.example/path'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', 'all'],
  ['THROTTLE_SCALE', '0'],
  ['QUOTA_ROOMS', '-1'],
  ['QUOTA_GUESTS', '2.5'],
  ['QUOTA_INVITATIONS', 'none'],
  ['QUOTA_MESSAGES', '1000000001'],
  ['QUOTA_DEVICES', '1e12'],
  ['QUOTA_SOCKETS', '-50'],
  ['QUOTA_VAULT_MB', '0.5'],
  ['BCRYPT_COST', '4'],
  ['METRICS_TOKEN', 'short'],
  ['JOBS', 'no'],
  ['API_DOCS', 'no'],
  ['WEB_ROOT', '/nowhere'],
  ['LOG_LEVEL', 'loud'],
])('refuses %s=%s', (name, value) => {
  const problems = problemsOf({ ...good, [name]: value });
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(new RegExp(`^${name} .*\\.$`));
});

it('never repeats a secret', () => {
  const env = {
    ...good,
    JWT_SECRET: 'tooshort-sesame',
    REGISTRATION_SECRET: 'sesame',
    METRICS_TOKEN: 'sesame',
    TURN_SECRET: 'sesame',
  };
  expect(problemsOf(env).join()).not.toContain('sesame');
});

describe('the credentials for the TURN servers', () => {
  const urls = { TURN_URLS: 'turn:t.example' };
  const login = { TURN_USERNAME: 'webcall', TURN_PASSWORD: 'sesame' };
  const secret = { TURN_SECRET: 'fjord-lamp-42-harbour' };

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['missing altogether', urls, /^TURN_URLS needs TURN_SECRET .* or TURN_USERNAME and TURN_PASSWORD\.$/],
    ['both ways', { ...urls, ...login, ...secret }, /^TURN_SECRET and TURN_USERNAME .* set one of them\.$/],
    ['both ways, without a server', { ...login, ...secret }, /^TURN_SECRET and TURN_USERNAME .* set one of them\.$/],
    ['a secret and a name without a password', { ...urls, ...secret, TURN_USERNAME: 'a' }, /^TURN_PASSWORD is missing/],
    ['a name without a password, without a server', { TURN_USERNAME: 'a' }, /^TURN_PASSWORD is missing/],
    ['a password without a name, without a server', { TURN_PASSWORD: 'sesame' }, /^TURN_USERNAME is missing/],
    ['a password and an empty name', { ...secret, TURN_USERNAME: ' ', TURN_PASSWORD: 'sesame' }, /^TURN_USERNAME is/],
  ])('cannot be %s', (_, env, problem) => {
    const problems = problemsOf({ ...good, ...env });
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join()).not.toContain('sesame');
  });

  it('can be a fixed name and password, or a secret that is shared with the TURN servers', () => {
    const { turnLogin, turnSecret } = loadAppConfig({ ...good, ...urls, ...login });
    expect([turnLogin, turnSecret]).toEqual([{ username: 'webcall', password: 'sesame' }, undefined]);
    expect(loadAppConfig({ ...good, ...urls, ...secret }).turnLogin).toBeUndefined();
  });
});

it('gives command-line tools the settings that they need, and requires no others', () => {
  const { DATABASE_URL } = good;
  expect(loadCommandConfig({ DATABASE_URL, PUBLIC_URL: '' })).toEqual({ databaseUrl: DATABASE_URL });
  expect(() => loadCommandConfig({ PUBLIC_URL: 'https//a.example' })).toThrow(/DATABASE_URL[^]*PUBLIC_URL/);
});

it('allows a low bcrypt cost in tests only', () => {
  expect(loadAppConfig({ ...good, APP_ENV: 'test', BCRYPT_COST: '4' }).bcryptCost).toBe(4);
});
