import { refusesToWrite } from '../http/outage';
import { reasonOf } from '../logging/say-if-late';

/** The database cannot be used at boot; the message says why in one sentence, without the address's password. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    const what = refusesToWrite(cause) ? 'written' : 'reached';
    super(`The database in DATABASE_URL cannot be ${what}: ${reasonOf(cause)}.`, { cause });
    this.name = 'DatabaseUnreachable';
  }
}
