import { Logger } from '@nestjs/common';
import type { Logger as QueryLogger } from 'typeorm';

const logNothing = (): void => undefined;

/** TypeORM's logger: writes migrations and warnings, but no queries, since their parameters are personal data. */
export class DatabaseLogger implements QueryLogger {
  private readonly logger = new Logger('Database');

  private notifyQueryError: (error: string | Error) => void = logNothing;

  readonly logQuery = logNothing;
  readonly logQuerySlow = logNothing;

  /** Sets the only listener for errors of queries. */
  onQueryError(listener: (error: string | Error) => void): void {
    this.notifyQueryError = listener;
  }

  logQueryError(error: string | Error): void {
    this.notifyQueryError(error);
  }

  /** Carries the output of `typeorm migration:show`. */
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
