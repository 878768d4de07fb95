import { QueryFailedError } from 'typeorm';

/** What Node says of a connection that cannot be made or has ended. */
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** What PostgreSQL says while it stops, starts or recovers, has no connection left, or has lost one (class 08). */
const DATABASE = /^(57P0[1-3]|53300|08...)$/;

/** What has no code: of PostgreSQL's client, then of Redis's. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|LOADING |MASTERDOWN |READONLY |Socket timeout)/;

/** @returns whether an error says that PostgreSQL or Redis is away for now, so that another try may succeed */
export function isOutage(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && (NETWORK.has(code) || DATABASE.test(code))) return true;
  return typeof message === 'string' && SENTENCES.test(message);
}
