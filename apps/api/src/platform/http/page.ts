import { LIMITS, type PageDto, type PageQueryDto } from '@webcall/contracts';
import { type Cursor, decodeCursor, encodeCursor } from './cursor';

/** What a page is asked by. Queries ask for one row more than `limit`, which tells whether there is a next page. */
export interface PageStart {
  /** The end of the page before, to be compared as `(key, id)`; nulls for the first page. */
  readonly after: { readonly [part in keyof Cursor]: string | null };
  readonly limit: number;
}

/** What moments look like as keys of a list: in whole µs, as exact as PostgreSQL has them. */
export const MOMENT_KEYS = /^\d{1,18}$/;

/** @returns SQL of the key of a moment */
export function momentKey(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
}

/** @returns SQL of the moment that a key stands for; null for the first page */
export function momentOf(parameter: string): string {
  return `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
}

/**
 * @param keys what the keys of the list look like
 * @throws AppError invalid_input when the cursor is not one of ours
 */
export function pageStart({ cursor, limit = LIMITS.page.default }: PageQueryDto, keys?: RegExp): PageStart {
  return { after: cursor == null ? { key: null, id: null } : decodeCursor(cursor, keys), limit };
}

/**
 * @param rows of the page, and one more if there are more
 * @param cursorOf where a row stands in the list
 */
export function pageOf<R>(
  rows: readonly R[],
  limit: number,
  cursorOf: (row: R) => Cursor,
): { rows: R[] } & Pick<PageDto, 'next'> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, next: last ? encodeCursor(cursorOf(last)) : null };
}
