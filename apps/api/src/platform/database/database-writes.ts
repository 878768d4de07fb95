import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseLogger } from './database-logger';
import { databaseRefusal } from '../http/error-translation';
import { refusesToWrite } from '../http/outage';

const INSUFFICIENT_PRIVILEGE = '42501';

/** A megabyte that is kept nowhere: a table needs new space for it, which one row in an old page would not. */
const PROBE = `CREATE TEMP TABLE webcall_probe ON COMMIT DROP AS
  SELECT repeat('x', 1000) FROM generate_series(1, 1000)`;

/** Whether PostgreSQL takes what is written: one whose disk is full still answers what is asked. */
@Injectable()
export class DatabaseWrites {
  private readonly logger = new Logger('Database');
  private refused = false;
  private probing: Promise<boolean> | undefined;

  constructor(private readonly db: DataSource) {
    if (!(db.logger instanceof DatabaseLogger)) throw new Error('the database does not tell what fails');
    db.logger.onError((error) => {
      if (!refusesToWrite(error)) return;
      if (!this.refused) this.logger.error({ err: error, msg: 'the database cannot write' });
      this.refused = true;
    });
  }

  /** Tries it only as long as it is in doubt: after a write was refused, until one succeeds. */
  async succeed(): Promise<boolean> {
    if (!this.refused) return true;
    this.probing ??= this.probe().finally(() => (this.probing = undefined));
    return this.probing;
  }

  private async probe(): Promise<boolean> {
    try {
      await this.db.query(PROBE);
    } catch (error) {
      if (refusesToWrite(error)) return false;
      // A role that may make no temporary tables cannot try: the next write that is refused tells it again.
      if (databaseRefusal(error).code !== INSUFFICIENT_PRIVILEGE) throw error;
    }
    this.refused = false;
    this.logger.log('the database writes again');
    return true;
  }
}
