import { QueryFailedError } from 'typeorm';

/** What Node says of a connection that cannot be made or has ended. */
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** What PostgreSQL says while it stops, starts or recovers, has no connection left, or has lost one (class 08). */
const DATABASE = /^(57P0[1-35]|53300|08...)$/;

/** What it says when it lacks space or memory (class 53), its disk fails (class 58), or it is a copy that only reads. */
const WRITE_REFUSED = /^(53(?!3)...|58...|25006)$/;

/** What has no code: of PostgreSQL's client, then of Redis's, and of Redis when it cannot write. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|LOADING |MASTERDOWN |READONLY |Socket timeout|MISCONF |OOM |NOREPLICAS |CLUSTERDOWN |TRYAGAIN |BUSY |ERR max number of clients)/;

const causeOf = (error: unknown): { code?: unknown; message?: unknown } => {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === 'object' && cause !== null ? cause : {};
};

/** @returns whether an error says that PostgreSQL cannot write for now, as on a full disk, although it may still read */
export function refusesToWrite(error: unknown): boolean {
  const { code } = causeOf(error);
  return typeof code === 'string' && WRITE_REFUSED.test(code);
}

/** @returns whether an error says that PostgreSQL or Redis is away or cannot write for now, so that another try may succeed */
export function isOutage(error: unknown): boolean {
  const { code, message } = causeOf(error);
  if (typeof code === 'string' && (NETWORK.has(code) || DATABASE.test(code))) return true;
  return refusesToWrite(error) || (typeof message === 'string' && SENTENCES.test(message));
}
