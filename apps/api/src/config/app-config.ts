import type { QuotaName } from '@webcall/contracts';

/** The log levels that can be set. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Where the process runs. `production` is the default, so that the safe values need no setting. */
export const ENVIRONMENTS = ['production', 'development', 'test'] as const;

/** Everything that can be set, read once from the environment at boot and then frozen. */
export interface AppConfig {
  readonly env: (typeof ENVIRONMENTS)[number];
  readonly host: string;
  readonly port: number;
  /** The public address of the site, used in the links that commands print. */
  readonly publicUrl: string | undefined;
  readonly jwtSecret: string;
  readonly registrationSecret: string;
  readonly databaseUrl: string;
  /** Without it live state is kept in the memory of a single process. */
  readonly redisUrl: string | undefined;
  readonly stunServers: readonly string[];
  readonly turnUrls: readonly string[];
  /** Shared with the TURN servers: both derive the credentials of a user from it. */
  readonly turnSecret: string | undefined;
  /** One name and password for all users, for TURN servers run by others; used instead of a shared secret. */
  readonly turnLogin: { readonly username: string; readonly password: string } | undefined;
  /** How long credentials made with `turnSecret` last, in seconds. */
  readonly turnTtl: number;
  /** Other origins whose pages may call the API. */
  readonly corsOrigins: readonly string[];
  /** Addresses or networks of proxies whose forwarded headers are trusted. */
  readonly trustedProxies: readonly string[];
  /** Multiplies every limit of the throttler. */
  readonly throttleScale: number;
  /** The quotas: how many of each may exist at once, or per day; 0 for no limit. */
  readonly quotas: Readonly<Record<QuotaName, number>>;
  /** Cost of bcrypt: the number of rounds as a power of two. */
  readonly bcryptCost: number;
  /** Bearer token for `/metrics`; without it there are no metrics. */
  readonly metricsToken: string | undefined;
  /** Whether this process runs jobs; without, it only enqueues them. */
  readonly jobs: boolean;
  /** Whether the API is described at `/docs`. */
  readonly apiDocs: boolean;
  /** Folder of the built web client; without it only the API is served. */
  readonly webRoot: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Injection token of the frozen `AppConfig`. */
export const APP_CONFIG = Symbol('AppConfig');
