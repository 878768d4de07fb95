import type { Client, Connection, Submittable } from 'pg';

/** What PostgreSQL knows about a statement without running it. */
export interface DescribedStatement {
  /** The types of $1, $2 and so on. */
  parameters: string[];
  columns: DescribedColumn[];
}

interface DescribedColumn {
  name: string;
  type: string;
  /** Whether it can be null; undefined for expressions, about which PostgreSQL does not know. */
  nullable: boolean | undefined;
}

/** @throws the error of PostgreSQL when the statement does not fit the schema */
export async function describeStatement(client: Client, sql: string): Promise<DescribedStatement> {
  const { parameters, fields } = await new Promise<StatementDescription>((resolve, reject) => {
    client.query(new DescribeRequest(sql, resolve, reject));
  });
  const oids = [...parameters, ...fields.map((field) => field.dataTypeID)];
  const types = await client.query<{ type: string }>(
    'SELECT format_type(oid, NULL) AS type FROM unnest($1::oid[]) WITH ORDINALITY AS o (oid, place) ORDER BY place',
    [oids],
  );
  const names = types.rows.map(({ type }) => type);
  const outer = /\bJOIN\b/.test(sql) ? await findOuterColumns(client, sql, parameters.length) : [];
  const notNull = await client.query<{ table: number; column: number }>(
    'SELECT attrelid::int AS table, attnum AS column FROM pg_attribute WHERE attrelid = ANY ($1::oid[]) AND attnotnull',
    [fields.map((field) => field.tableID)],
  );
  const isNotNull = ({ tableID, columnID }: Field): boolean =>
    notNull.rows.some(({ table, column }) => table === tableID && column === columnID);
  return {
    parameters: names.slice(0, parameters.length),
    columns: fields.map((field, i) => ({
      name: field.name,
      type: names[parameters.length + i]!,
      nullable: field.tableID === 0 ? undefined : !isNotNull(field) || outer[i] === true,
    })),
  };
}

interface Field {
  name: string;
  dataTypeID: number;
  /** 0 for an expression. */
  tableID: number;
  columnID: number;
}

interface StatementDescription {
  parameters: number[];
  fields: Field[];
}

/** Parses and describes a statement by the protocol of PostgreSQL; `pg` sends it like a query. */
class DescribeRequest implements Submittable {
  private readonly found: StatementDescription = { parameters: [], fields: [] };

  constructor(
    private readonly sql: string,
    private readonly resolve: (found: StatementDescription) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit = (connection: Connection): void => {
    connection.once('parameterDescription', ({ dataTypeIDs }: { dataTypeIDs: number[] }) => {
      this.found.parameters = dataTypeIDs;
    });
    connection.parse({ name: '', text: this.sql, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  };

  handleRowDescription({ fields }: { fields: Field[] }): void {
    this.found.fields = fields;
  }

  handleReadyForQuery(): void {
    this.resolve(this.found);
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}

interface PlanNode {
  'Join Type'?: string;
  'Parent Relationship'?: string;
  Alias?: string;
  Output?: string[];
  Plans?: PlanNode[];
}

/**
 * @returns for each column whether it comes from the side of an outer join that may be missing. A column there can be
 * null although its table forbids it; the plan says on which side a table is, the description of the columns does not.
 */
async function findOuterColumns(client: Client, sql: string, parameterCount: number): Promise<boolean[]> {
  // A generic plan depends on no values, so nulls will do.
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE described AS ${sql}`);
  const values = parameterCount > 0 ? `(${Array(parameterCount).fill('NULL').join(', ')})` : '';
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE described${values}`,
  );
  await client.query('DEALLOCATE described');
  const plan = rows[0]!['QUERY PLAN'][0].Plan;
  const aliases = new Set(outerAliasesOf(plan, false));
  return (plan.Output ?? []).map((output) => aliases.has(/^(\w+)\.\w+$/.exec(output)?.[1] ?? ''));
}

/** The aliases of the tables that may be missing from a row. */
function outerAliasesOf(node: PlanNode, outer: boolean): string[] {
  const below = (node.Plans ?? []).flatMap((child) => {
    const side = child['Parent Relationship'];
    if (side !== 'Inner' && side !== 'Outer') return side === 'Subquery' ? outerAliasesOf(child, outer) : [];
    const join = node['Join Type'];
    const isMissing =
      join === 'Full' || (join === 'Left' && side === 'Inner') || (join === 'Right' && side === 'Outer');
    return outerAliasesOf(child, outer || isMissing);
  });
  return outer && node.Alias ? [node.Alias, ...below] : below;
}
