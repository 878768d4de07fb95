import { isUUID } from 'class-validator';
import { AppError } from './app-error';

/** The place in a list after which the next page begins. */
export interface Cursor {
  /** What the list is ordered by, of the last one that was shown. */
  key: string;
  id: string;
}

export function encodeCursor({ key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

/**
 * @param pattern what the keys of the list look like
 * @throws AppError invalid_input when it is not one of ours
 */
export function decodeCursor(text: string, pattern = /^[^\0]*$/s): Cursor {
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
