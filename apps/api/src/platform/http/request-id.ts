import { randomUUID } from 'node:crypto';

/** Long enough for every common scheme, and nothing that could disturb a log line or a header. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9_.:-]{7,99}$/;

/** @returns the id that came with the request if it is well-formed, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}
