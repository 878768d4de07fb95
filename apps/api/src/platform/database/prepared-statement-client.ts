import { Logger } from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';

/** After how many uses a statement is prepared, and the most statements that are prepared and counted. */
const PREPARE_AFTER_USES = 20;
const MAX_PREPARED_STATEMENTS = 200;
const MAX_COUNTED_STATEMENTS = 1000;

const logger = new Logger('Database');

const preparedNames = new Map<string, string>();
const statementUses = new Map<string, number>();

/**
 * A PostgreSQL client that prepares frequent statements with parameters, so that they are parsed and planned only once:
 * planning the insert of a message takes longer than running it.
 */
export class PreparedStatementClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // Between the pool and its user a connection has no other error listener for a moment, and an unhandled error ends
    // the process. Queries on it fail with errors of their own.
    this.on('error', (error) => logger.warn({ err: error, msg: 'a database connection ended unexpectedly' }));
    const originalQuery = this.query.bind(this) as (...args: unknown[]) => unknown;
    // `query` has many overloads. TypeORM passes a text with values; all other calls are passed on unchanged.
    this.query = ((...args: unknown[]): unknown => {
      const [text, values, ...rest] = args;
      const name =
        typeof text === 'string' && Array.isArray(values) && values.length > 0 ? preparedNameOf(text) : undefined;
      return name ? originalQuery({ name, text, values }, ...rest) : originalQuery(...args);
    }) as Client['query'];
  }
}

/** @returns the name to prepare a statement under, once it is used often */
function preparedNameOf(text: string): string | undefined {
  const known = preparedNames.get(text);
  if (known || preparedNames.size >= MAX_PREPARED_STATEMENTS) return known;
  const uses = (statementUses.get(text) ?? 0) + 1;
  if (uses < PREPARE_AFTER_USES) {
    // There is no end of generated texts, such as lists of varying length, so the counts are dropped when full.
    if (statementUses.size >= MAX_COUNTED_STATEMENTS) statementUses.clear();
    statementUses.set(text, uses);
    return undefined;
  }
  statementUses.delete(text);
  const name = `webcall_${preparedNames.size + 1}`;
  preparedNames.set(text, name);
  return name;
}
