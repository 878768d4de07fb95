import type { QuotaName } from '@webcall/contracts';

/** How much is logged. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Where the process runs. `production` is the default: the safe values are what one gets without asking. */
export const ENVIRONMENTS = ['production', 'development', 'test'] as const;

/** Everything that can be set, read once from the environment at boot and then frozen. */
export interface AppConfig {
  readonly env: (typeof ENVIRONMENTS)[number];
  readonly host: string;
  readonly port: number;
  /** Under which address people reach the site: stands in the links that commands print. */
  readonly publicUrl: string | undefined;
  readonly jwtSecret: string;
  readonly registrationSecret: string;
  readonly databaseUrl: string;
  /** Without it live state is kept in memory, for a single process. */
  readonly redisUrl: string | undefined;
  readonly stunServers: readonly string[];
  readonly turnUrls: readonly string[];
  /** Shared with the TURN servers: both derive the credentials of a user from it. */
  readonly turnSecret: string | undefined;
  /** The name and password of other people's TURN servers, for everybody the same; in place of a shared secret. */
  readonly turnLogin: { readonly username: string; readonly password: string } | undefined;
  /** How long the credentials last that are made with it, in seconds. */
  readonly turnTtl: number;
  /** Origins other than our own from which browsers may call. */
  readonly corsOrigins: readonly string[];
  /** Addresses or networks of proxies whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Multiplies every limit of the throttler. */
  readonly throttleScale: number;
  /** How much there may be of something at once, or on one day; 0 for no limit. */
  readonly quotas: Readonly<Record<QuotaName, number>>;
  /** Rounds of bcrypt, as the power of two. */
  readonly bcryptCost: number;
  /** Bearer token for `/metrics`; without it there are no metrics. */
  readonly metricsToken: string | undefined;
  /** Whether the API is described at `/docs`. */
  readonly apiDocs: boolean;
  /** Folder of the built web client; without it only the API is served. */
  readonly webRoot: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Injection token of the frozen `AppConfig`. */
export const APP_CONFIG = Symbol('AppConfig');
