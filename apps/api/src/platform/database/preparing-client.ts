import { Logger } from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';

/** From which time on a statement is one that pays to keep, how many are kept at most, and how many are counted. */
const OFTEN = 20;
const MOST = 200;
const COUNTED = 1000;

const logger = new Logger('Database');

const names = new Map<string, string>();
const uses = new Map<string, number>();

/**
 * A connection that has PostgreSQL parse and plan statements with parameters once, and not each time, as soon as they
 * come often: finding out how to store a message takes longer than storing it. Behind a pooler that lends connections
 * for a transaction it takes one that knows prepared statements.
 */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // A connection that ends while it passes from the pool to who asked for it has no other listener for a moment, and an
    // error that nobody listens to ends the process. What was asked of it fails by itself, with an error of its own.
    this.on('error', (error) => logger.warn({ err: error, msg: 'a connection has ended' }));
    const passOn = this.query.bind(this) as (...args: unknown[]) => unknown;
    // Its overloads are many. What TypeORM calls is a text with values; all else is passed on as it is.
    this.query = ((...args: unknown[]): unknown => {
      const [text, values, ...rest] = args;
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
      return name ? passOn({ name, text, values }, ...rest) : passOn(...args);
    }) as Client['query'];
  }
}

/** @returns the name to prepare a statement under, once it has come often */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MOST) return known;
  const used = (uses.get(text) ?? 0) + 1;
  if (used < OFTEN) {
    // Generated texts, such as lists of any length, are without end.
    if (uses.size >= COUNTED) uses.clear();
    uses.set(text, used);
    return undefined;
  }
  uses.delete(text);
  const name = `webcall_${names.size + 1}`;
  names.set(text, name);
  return name;
}
