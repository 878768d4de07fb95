import { type PageDto, type PageQueryDto, PROTOCOL_LIMITS } from '@webcall/contracts';
import { decodePageCursor, encodePageCursor, type PageCursor } from './page-cursor';

/** Start and size of a page. Queries load one row more than `limit` to find out whether there is a next page. */
export interface PageRequest {
  /** The end of the previous page, to be compared as `(key, id)`; nulls for the first page. */
  readonly after: { readonly [part in keyof PageCursor]: string | null };
  readonly limit: number;
}

/** Timestamps as keys of a list: whole microseconds, the precision of PostgreSQL. */
export const TIMESTAMP_KEY_PATTERN = /^\d{1,18}$/;

/** @returns SQL that turns a timestamp column into a key */
export function timestampKeySql(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
}

/** @returns SQL that turns a key back into a timestamp; null for the first page */
export function timestampFromKeySql(parameter: string): string {
  return `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
}

/**
 * @param keys pattern of the keys of the list
 * @throws AppError invalid_input when the cursor was not made by this server
 */
export function toPageRequest(
  { cursor, limit = PROTOCOL_LIMITS.page.default }: PageQueryDto,
  keys?: RegExp,
): PageRequest {
  return { after: cursor == null ? { key: null, id: null } : decodePageCursor(cursor, keys), limit };
}

/**
 * @param rows those of the page, plus one if there is a next page
 * @param cursorOf the position of a row in the list
 */
export function buildResultPage<R>(
  rows: readonly R[],
  limit: number,
  cursorOf: (row: R) => PageCursor,
): { rows: R[] } & Pick<PageDto, 'next'> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, next: last ? encodePageCursor(cursorOf(last)) : null };
}
