/** A running PostgreSQL; `url` names its database `postgres`. */
export interface Postgres {
  url: string;
  /** A fast shutdown unless another signal is given. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Settings that keep people's data out of the server's log. */
export const quietLog: readonly string[];

export function startPostgres(options: {
  folder: string;
  password: string;
  port?: number;
  durable?: boolean;
}): Promise<Postgres>;
