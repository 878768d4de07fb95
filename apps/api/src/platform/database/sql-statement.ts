import type { SqlType } from './sql-types';

/** What runs SQL: a data source, an entity manager in its transaction, or a query runner. */
interface SqlRunner {
  query(sql: string, values?: unknown[]): Promise<unknown>;
}

type ParameterTypes = readonly SqlType<unknown>[];
type ColumnTypes = Readonly<Record<string, SqlType<unknown>>>;
type ValueOf<S> = S extends SqlType<infer T> ? T : never;
type ParameterValues<P extends ParameterTypes> = { readonly [index in keyof P]: ValueOf<P[index]> };
/** The row type of declared columns. */
export type RowOf<C extends ColumnTypes> = { [name in keyof C]: ValueOf<C[name]> };

/** What a declaration says about a statement. */
export interface DeclaredStatement {
  readonly sql: string;
  readonly takes: ParameterTypes;
  readonly gives: ColumnTypes;
}

/** The row type of a declared statement. */
export type StatementRow<S extends { findRow(...args: never): Promise<unknown> }> = NonNullable<
  Awaited<ReturnType<S['findRow']>>
>;

/** The statements of all loaded modules, for the test that compares them with the migrated schema. */
export const declaredStatements = new Set<DeclaredStatement>();

class SqlStatement<P extends ParameterTypes, C extends ColumnTypes> implements DeclaredStatement {
  constructor(
    readonly sql: string,
    readonly takes: P,
    readonly gives: C,
  ) {
    declaredStatements.add(this);
  }

  async loadRows(db: SqlRunner, ...values: ParameterValues<P>): Promise<RowOf<C>[]> {
    return (await this.runStatement(db, values)).rows;
  }

  async findRow(db: SqlRunner, ...values: ParameterValues<P>): Promise<RowOf<C> | undefined> {
    return (await this.runStatement(db, values)).rows[0];
  }

  async execute(db: SqlRunner, ...values: ParameterValues<P>): Promise<void> {
    await this.runStatement(db, values);
  }

  /** @returns how many rows an UPDATE or DELETE has changed */
  async countChanges(db: SqlRunner, ...values: ParameterValues<P>): Promise<number> {
    const { changes } = await this.runStatement(db, values);
    if (changes === undefined) throw new Error('only UPDATE and DELETE count their changes');
    return changes;
  }

  private async runStatement(
    db: SqlRunner,
    values: readonly unknown[],
  ): Promise<{ rows: RowOf<C>[]; changes?: number }> {
    // TypeORM returns the rows, and of UPDATE and DELETE the rows and their number. A row is never an array.
    const result = (await db.query(this.sql, [...values])) as RowOf<C>[] | [RowOf<C>[], number];
    const [first, second] = result;
    if (Array.isArray(first)) return { rows: first, changes: second as number };
    return { rows: result as RowOf<C>[] };
  }
}

/**
 * Declares a statement, outside of functions, so that `apps/api/test/server/sql.spec.ts` finds it and compares it with
 * the migrated schema: the types of its rows and parameters follow from what it says here. What differs from case to
 * case is declared once for each.
 */
export function sqlStatement<
  const P extends ParameterTypes,
  const C extends ColumnTypes = Record<never, never>,
>(declaration: {
  /** The types of $1, $2 and so on. */
  takes: P;
  /** The columns of a row, by name. */
  gives?: C;
  sql: string;
}): SqlStatement<P, C> {
  return new SqlStatement<P, C>(declaration.sql, declaration.takes, declaration.gives ?? ({} as C));
}
