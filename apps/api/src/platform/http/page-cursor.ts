import { isUUID } from 'class-validator';
import { AppError } from './app-error';

/** The position in a list after which the next page begins. */
export interface PageCursor {
  /** The sort key of the last entry of the page. */
  key: string;
  id: string;
}

export function encodePageCursor({ key, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

/**
 * @param pattern of the keys of the list
 * @throws AppError invalid_input when the cursor was not made by this server
 */
export function decodePageCursor(text: string, pattern = /^[^\0]*$/s): PageCursor {
  const invalid = new AppError('invalid_input', { cursor: ['cursor is not the end of a page'] });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    throw new AppError(invalid.code, invalid.details, { cause: error });
  }
  if (!Array.isArray(value) || value.length !== 2) throw invalid;
  const [key, id] = value as unknown[];
  if (typeof key !== 'string' || !pattern.test(key) || !isUUID(id)) throw invalid;
  return { key, id: id as string };
}
