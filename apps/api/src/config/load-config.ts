import { existsSync } from 'node:fs';
import path from 'node:path';
import { type AppConfig, ENVIRONMENTS, LOG_LEVELS } from './app-config';
import { ConfigError, isAddressOrNetwork, isWebOrigin, SettingsReader } from './settings-reader';

const POSTGRES_PROTOCOLS = ['postgres:', 'postgresql:'];

/**
 * Reads all settings from the environment; no other code reads it.
 * @throws ConfigError that lists every missing or wrong setting
 */
export function loadAppConfig(env: NodeJS.ProcessEnv = process.env): AppConfig {
  const read = new SettingsReader(env);
  const environment = read.readOneOfValues('APP_ENV', ENVIRONMENTS, 'production');
  const config: AppConfig = {
    env: environment,
    host: read.readText('HOST') ?? 'localhost',
    port: read.readNumberInRange('PORT', { min: 0, max: 65_535, fallback: 3000 }),
    publicUrl: readPublicUrl(read),
    jwtSecret: read.requireText('JWT_SECRET', 'a random text of at least 32 characters that signs the access tokens'),
    registrationSecret: read.requireText('REGISTRATION_SECRET', 'the code that people need to sign up'),
    databaseUrl: read.requireText('DATABASE_URL', 'the address of the PostgreSQL database'),
    redisUrl: read.checkUrlProtocol('REDIS_URL', ['redis:', 'rediss:'], read.readText('REDIS_URL')),
    stunServers: read.readCommaList(
      'STUN_SERVERS',
      (entry) => /^stuns?:\S+$/.test(entry),
      'addresses like stun:host:3478',
    ),
    turnUrls: read.readCommaList('TURN_URLS', (entry) => /^turns?:\S+$/.test(entry), 'addresses like turn:host:3478'),
    turnSecret: read.readText('TURN_SECRET'),
    turnLogin: readTurnLogin(read),
    turnTtl: read.readNumberInRange('TURN_TTL', { min: 5, max: 3600, fallback: 600 }),
    corsOrigins: read.readCommaList('CORS_ORIGINS', isWebOrigin, 'origins like https://app.example.org'),
    trustedProxies: read.readCommaList('TRUSTED_PROXIES', isAddressOrNetwork, 'addresses or networks like 10.0.0.0/8'),
    throttleScale: read.readNumberInRange('THROTTLE_SCALE', { min: 0.01, max: 10_000, fallback: 1, whole: false }),
    quotas: readQuotaSettings(read),
    // Fewer rounds are for tests only, which sign up hundreds of users.
    bcryptCost: read.readNumberInRange('BCRYPT_COST', { min: environment === 'test' ? 4 : 10, max: 16, fallback: 12 }),
    metricsToken: read.readText('METRICS_TOKEN'),
    jobs: read.readOneOfValues('JOBS', ['on', 'off'], 'on') === 'on',
    apiDocs: read.readOneOfValues('API_DOCS', ['on', 'off'], 'on') === 'on',
    webRoot: read.readText('WEB_ROOT'),
    logLevel: read.readOneOfValues('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  read.checkUrlProtocol('DATABASE_URL', POSTGRES_PROTOCOLS, config.databaseUrl);
  read.checkSecretStrength('JWT_SECRET', 32, config.jwtSecret);
  read.checkSecretStrength('REGISTRATION_SECRET', 8, config.registrationSecret);
  read.checkSecretStrength('METRICS_TOKEN', 16, config.metricsToken);
  read.checkSecretStrength('TURN_SECRET', 16, config.turnSecret);
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
  return freezeAppConfig(config);
}

/** 0 means no limit, so that nobody has to invent a number that is never reached. */
function readQuotaSettings(read: SettingsReader): AppConfig['quotas'] {
  const quota = (name: string, fallback: number): number =>
    read.readNumberInRange(name, { min: 0, max: 1_000_000_000, fallback });
  return {
    rooms: quota('QUOTA_ROOMS', 200),
    guests: quota('QUOTA_GUESTS', 50),
    invitations: quota('QUOTA_INVITATIONS', 50),
    messages: quota('QUOTA_MESSAGES', 5000),
    devices: quota('QUOTA_DEVICES', 20),
    sockets: quota('QUOTA_SOCKETS', 50),
    vault: quota('QUOTA_VAULT_MB', 64),
  };
}

/** A name without a password, or a password without a name, is useless. */
function readTurnLogin(read: SettingsReader): AppConfig['turnLogin'] {
  const [username, password] = [read.readText('TURN_USERNAME'), read.readText('TURN_PASSWORD')];
  if (username !== undefined && password !== undefined) return { username, password };
  if (username !== undefined) read.problems.push('TURN_PASSWORD is missing: it goes with TURN_USERNAME.');
  if (password !== undefined) read.problems.push('TURN_USERNAME is missing: it goes with TURN_PASSWORD.');
  return undefined;
}

/**
 * Reads only the settings that command-line tools need, which use nothing but the database.
 * @throws ConfigError
 */
export function loadCommandConfig(env: NodeJS.ProcessEnv = process.env): Pick<AppConfig, 'databaseUrl' | 'publicUrl'> {
  const read = new SettingsReader(env);
  const databaseUrl = read.requireText('DATABASE_URL', 'the address of the PostgreSQL database');
  read.checkUrlProtocol('DATABASE_URL', POSTGRES_PROTOCOLS, databaseUrl);
  const config = { databaseUrl, publicUrl: readPublicUrl(read) };
  if (read.problems.length) throw new ConfigError(read.problems);
  return config;
}

function readPublicUrl(read: SettingsReader): string | undefined {
  return read.checkUrlProtocol('PUBLIC_URL', ['https:', 'http:'], read.readText('PUBLIC_URL'));
}

function freezeAppConfig(config: AppConfig): AppConfig {
  for (const value of Object.values(config)) Object.freeze(value);
  return Object.freeze(config);
}
