import { isUUID } from 'class-validator';
import { AppError } from '../platform/http/app-error';

/** The place in the list of public rooms after which the next page begins. */
export interface Cursor {
  /** Lower-case name of the last room. */
  name: string;
  id: string;
}

export function encodeCursor({ name, id }: Cursor): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url');
}

/** @throws AppError invalid_input when it is not one of ours */
export function decodeCursor(text: string): Cursor {
  const invalid = new AppError('invalid_input', { cursor: ['cursor is not the end of a page'] });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    throw new AppError(invalid.code, invalid.details, { cause: error });
  }
  if (!Array.isArray(value) || value.length !== 2) throw invalid;
  const [name, id] = value as unknown[];
  if (typeof name !== 'string' || name.includes('\0') || !isUUID(id)) throw invalid;
  return { name, id: id as string };
}
