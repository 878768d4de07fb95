import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseErrorOf } from '../http/error-translation';
import { isWriteRefusal } from '../http/outage';
import { DatabaseLogger } from './database-logger';
import { sqlStatement } from './sql-statement';

const INSUFFICIENT_PRIVILEGE = '42501';

/** Writes a temporary megabyte, which needs new disk space; a single row could fit into an existing page. */
const WRITE_PROBE = sqlStatement({
  takes: [],
  sql: `CREATE TEMP TABLE webcall_probe ON COMMIT DROP AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)`,
});

/** Finds out whether PostgreSQL accepts writes: with a full disk it may still answer queries. */
@Injectable()
export class DatabaseWriteProbe {
  private readonly logger = new Logger('Database');
  private refused = false;
  private probing: Promise<boolean> | undefined;

  constructor(private readonly db: DataSource) {
    if (!(db.logger instanceof DatabaseLogger)) throw new Error('the database does not report failed queries');
    db.logger.onQueryError((error) => {
      if (!isWriteRefusal(error)) return;
      if (!this.refused) this.logger.error({ err: error, msg: 'the database cannot write' });
      this.refused = true;
    });
  }

  /** Tries a write only after one was refused, until one succeeds. */
  async canWriteToDatabase(): Promise<boolean> {
    if (!this.refused) return true;
    this.probing ??= this.tryDatabaseWrite().finally(() => (this.probing = undefined));
    return this.probing;
  }

  private async tryDatabaseWrite(): Promise<boolean> {
    try {
      await WRITE_PROBE.execute(this.db);
    } catch (error) {
      if (isWriteRefusal(error)) return false;
      // A role without the right to create temporary tables cannot try: the next refused write sets `refused` again.
      if (databaseErrorOf(error).code !== INSUFFICIENT_PRIVILEGE) throw error;
    }
    this.refused = false;
    this.logger.log('the database accepts writes again');
    return true;
  }
}
