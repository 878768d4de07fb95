/** Everything that can be set, read once from the environment at boot and then frozen. */
export interface AppConfig {
  readonly env: 'production' | 'development' | 'test';
  readonly host: string;
  readonly port: number;
  readonly jwtSecret: string;
  readonly registrationSecret: string;
  readonly databaseUrl: string;
  /** Without it live state is kept in memory, for a single process. */
  readonly redisUrl: string | undefined;
  readonly stunServers: readonly string[];
  readonly turnUrls: readonly string[];
  readonly turnUsername: string | undefined;
  readonly turnPassword: string | undefined;
  /** Origins other than our own from which browsers may call. */
  readonly corsOrigins: readonly string[];
  /** Addresses or networks of proxies whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Multiplies every limit of the throttler. */
  readonly throttleScale: number;
  /** Bearer token for `/metrics`; without it there are no metrics. */
  readonly metricsToken: string | undefined;
  /** Folder of the built web client; without it only the API is served. */
  readonly webRoot: string | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** Injection token of the frozen `AppConfig`. */
export const APP_CONFIG = Symbol('AppConfig');
