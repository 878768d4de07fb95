import { QueryFailedError } from 'typeorm';

/** Node's error codes for connections that cannot be made or have ended. */
const NETWORK_ERROR_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** PostgreSQL's codes while it stops, starts or recovers, has no free connection, or lost one (class 08). */
const DATABASE_OUTAGE_CODES = /^(57P0[1-35]|53300|08...)$/;

/** PostgreSQL's codes for no space or memory (class 53), a failing disk (class 58), or a read-only replica. */
const WRITE_REFUSED_CODES = /^(53(?!3)...|58...|25006)$/;

/** Messages of errors without a code: from the clients of PostgreSQL and Redis, and from Redis when it cannot write. */
const OUTAGE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|LOADING |MASTERDOWN |READONLY |Socket timeout|MISCONF |OOM |NOREPLICAS |CLUSTERDOWN |TRYAGAIN |BUSY |ERR max number of clients)/;

const driverErrorOf = (error: unknown): { code?: unknown; message?: unknown } => {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === 'object' && cause !== null ? cause : {};
};

/** @returns whether PostgreSQL cannot write for now, as with a full disk, although it may still read */
export function isWriteRefusal(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return typeof code === 'string' && WRITE_REFUSED_CODES.test(code);
}

/** @returns whether PostgreSQL or Redis is unavailable or cannot write for now, so that another try may succeed */
export function isStoreOutage(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  if (typeof code === 'string' && (NETWORK_ERROR_CODES.has(code) || DATABASE_OUTAGE_CODES.test(code))) return true;
  return isWriteRefusal(error) || (typeof message === 'string' && OUTAGE_MESSAGES.test(message));
}
