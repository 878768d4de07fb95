import { reasonOf } from '../logging/say-if-late';

/** The database cannot be used at boot; the message says why in one sentence, without the address's password. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    super(`The database in DATABASE_URL cannot be reached: ${reasonOf(cause)}.`, { cause });
    this.name = 'DatabaseUnreachable';
  }
}
