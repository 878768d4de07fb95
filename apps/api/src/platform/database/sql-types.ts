/** A type of PostgreSQL, and the values that stand for it in JavaScript: `apps/api/test/server/sql.spec.ts` compares. */
export class SqlType<T> {
  /** For the compiler only. */
  declare readonly value: T;

  /** @param name as `format_type` of PostgreSQL writes it */
  constructor(
    readonly name: string,
    readonly nullable = false,
  ) {}
}

export const uuid = new SqlType<string>('uuid');
export const text = new SqlType<string>('text');
export const integer = new SqlType<number>('integer');
export const double = new SqlType<number>('double precision');
export const bool = new SqlType<boolean>('boolean');
export const timestamp = new SqlType<Date>('timestamp with time zone');
export const bytea = new SqlType<Buffer>('bytea');
export const uuidArray = new SqlType<string[]>('uuid[]');

/** For parameters, such as that of LIMIT. A column would arrive as a string: cast it to `integer` or `text`. */
export const bigintParameter = new SqlType<number | string>('bigint');

/** For lists of ids as a parameter. */
export const uuidsParameter = new SqlType<readonly string[]>('uuid[]');

/** For lists of bytes as a parameter. */
export const byteasParameter = new SqlType<readonly (Buffer | null)[]>('bytea[]');

/** For parameters, which the caller has made into JSON. */
export const jsonParameter = new SqlType<string>('jsonb');

/** A column with a few words, which the check of its table names. */
export function textOf<T extends string>(): SqlType<T> {
  return new SqlType('text');
}

/** A column with JSON, in which PostgreSQL does not know what there is. */
export function json<T>(): SqlType<T> {
  return new SqlType('jsonb');
}

export function nullable<T>({ name }: SqlType<T>): SqlType<T | null> {
  return new SqlType(name, true);
}
