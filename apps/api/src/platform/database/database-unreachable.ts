/** The database cannot be used at boot; the message says why in one sentence, without the address's password. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    const { code, message } = cause as { code?: string; message?: string };
    super(`The database in DATABASE_URL cannot be reached: ${message || code || 'no reason was given'}.`, { cause });
    this.name = 'DatabaseUnreachable';
  }
}
