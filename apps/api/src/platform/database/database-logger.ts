import { Logger } from '@nestjs/common';
import type { Logger as QueryLogger } from 'typeorm';

const silent = (): void => undefined;

/** Migrations and trouble with connections. No queries: their parameters are people's data. */
export class DatabaseLogger implements QueryLogger {
  private readonly logger = new Logger('Database');

  private tell: (error: string | Error) => void = silent;

  readonly logQuery = silent;
  readonly logQuerySlow = silent;

  /** Calls back with each error of a query; there is one listener. */
  onError(listener: (error: string | Error) => void): void {
    this.tell = listener;
  }

  logQueryError(error: string | Error): void {
    this.tell(error);
  }

  /** What `typeorm migration:show` has to say. */
  logSchemaBuild(message: string): void {
    this.logger.log(message);
  }

  logMigration(message: string): void {
    this.logger.log(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.logger.warn(message);
  }
}
