import { existsSync } from 'node:fs';
import path from 'node:path';
import { ENVIRONMENTS, LOG_LEVELS, type AppConfig } from './app-config';
import { ConfigError, isNetwork, isOrigin, SettingsReader } from './settings-reader';

const POSTGRES = ['postgres:', 'postgresql:'];

/**
 * Reads the environment; nothing else does.
 * @throws ConfigError that lists everything missing or wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): AppConfig {
  const read = new SettingsReader(env);
  const environment = read.oneOf('APP_ENV', ENVIRONMENTS, 'production');
  const config: AppConfig = {
    env: environment,
    host: read.text('HOST') ?? 'localhost',
    port: read.number('PORT', { min: 0, max: 65_535, fallback: 3000 }),
    publicUrl: publicUrl(read),
    jwtSecret: read.required('JWT_SECRET', 'a random text of at least 32 characters that signs the access tokens'),
    registrationSecret: read.required('REGISTRATION_SECRET', 'the code that people need to sign up'),
    databaseUrl: read.required('DATABASE_URL', 'the address of the PostgreSQL database'),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:'], read.text('REDIS_URL')),
    stunServers: read.list('STUN_SERVERS', (entry) => /^stuns?:\S+$/.test(entry), 'addresses like stun:host:3478'),
    turnUrls: read.list('TURN_URLS', (entry) => /^turns?:\S+$/.test(entry), 'addresses like turn:host:3478'),
    turnSecret: read.text('TURN_SECRET'),
    turnLogin: readTurnLogin(read),
    turnTtl: read.number('TURN_TTL', { min: 5, max: 3600, fallback: 600 }),
    corsOrigins: read.list('CORS_ORIGINS', isOrigin, 'origins like https://app.example.org'),
    trustedProxies: read.list('TRUSTED_PROXIES', isNetwork, 'addresses or networks like 10.0.0.0/8'),
    throttleScale: read.number('THROTTLE_SCALE', { min: 0.01, max: 10_000, fallback: 1, whole: false }),
    quotas: readQuotas(read),
    // Fewer rounds only for tests, which sign up hundreds of users.
    bcryptCost: read.number('BCRYPT_COST', { min: environment === 'test' ? 4 : 10, max: 16, fallback: 12 }),
    metricsToken: read.text('METRICS_TOKEN'),
    apiDocs: read.oneOf('API_DOCS', ['on', 'off'], 'on') === 'on',
    webRoot: read.text('WEB_ROOT'),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  read.url('DATABASE_URL', POSTGRES, config.databaseUrl);
  read.secret('JWT_SECRET', 32, config.jwtSecret);
  read.secret('REGISTRATION_SECRET', 8, config.registrationSecret);
  read.secret('METRICS_TOKEN', 16, config.metricsToken);
  read.secret('TURN_SECRET', 16, config.turnSecret);
  if (config.turnSecret && config.turnLogin) {
    read.problems.push('TURN_SECRET and TURN_USERNAME with TURN_PASSWORD are two ways in: set one of them.');
  } else if (config.turnUrls.length && !config.turnSecret && !config.turnLogin) {
    read.problems.push(
      'TURN_URLS needs TURN_SECRET beside it, the secret that the TURN servers have too, or TURN_USERNAME and TURN_PASSWORD.',
    );
  }
  if (config.webRoot && !existsSync(path.join(config.webRoot, 'index.html'))) {
    read.problems.push('WEB_ROOT must be the folder of the built web client, with its index.html.');
  }
  if (read.problems.length) throw new ConfigError(read.problems);
  return deepFreeze(config);
}

/** 0 is none, so that nobody has to think of a number that is never reached. */
function readQuotas(read: SettingsReader): AppConfig['quotas'] {
  const quota = (name: string, fallback: number): number => read.number(name, { min: 0, max: 1_000_000_000, fallback });
  return {
    rooms: quota('QUOTA_ROOMS', 200),
    guests: quota('QUOTA_GUESTS', 50),
    invitations: quota('QUOTA_INVITATIONS', 50),
    messages: quota('QUOTA_MESSAGES', 5000),
    devices: quota('QUOTA_DEVICES', 20),
    sockets: quota('QUOTA_SOCKETS', 50),
  };
}

/** One without the other lets nobody in. */
function readTurnLogin(read: SettingsReader): AppConfig['turnLogin'] {
  const [username, password] = [read.text('TURN_USERNAME'), read.text('TURN_PASSWORD')];
  if (username !== undefined && password !== undefined) return { username, password };
  if (username !== undefined) read.problems.push('TURN_PASSWORD is missing: it goes with TURN_USERNAME.');
  if (password !== undefined) read.problems.push('TURN_USERNAME is missing: it goes with TURN_PASSWORD.');
  return undefined;
}

/**
 * What commands need that work on the database alone.
 * @throws ConfigError
 */
export function loadCommandConfig(env: NodeJS.ProcessEnv = process.env): Pick<AppConfig, 'databaseUrl' | 'publicUrl'> {
  const read = new SettingsReader(env);
  const databaseUrl = read.required('DATABASE_URL', 'the address of the PostgreSQL database');
  read.url('DATABASE_URL', POSTGRES, databaseUrl);
  const config = { databaseUrl, publicUrl: publicUrl(read) };
  if (read.problems.length) throw new ConfigError(read.problems);
  return config;
}

function publicUrl(read: SettingsReader): string | undefined {
  return read.url('PUBLIC_URL', ['https:', 'http:'], read.text('PUBLIC_URL'));
}

function deepFreeze(config: AppConfig): AppConfig {
  for (const value of Object.values(config)) Object.freeze(value);
  return Object.freeze(config);
}
