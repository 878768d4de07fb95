import type { Client } from 'pg';
import type { DeclaredStatement } from '../../../src/platform/database/sql-statement';
import type { SqlType } from '../../../src/platform/database/sql-types';
import { describeStatement } from './describe-statement';

/** @returns in which points the declaration of a statement and the schema differ */
export async function findStatementProblems(
  client: Client,
  { sql, takes, gives }: DeclaredStatement,
): Promise<string[]> {
  let described;
  try {
    described = await describeStatement(client, sql);
  } catch (error) {
    return [(error as Error).message];
  }
  const { parameters, columns } = described;
  const problems = [
    ...compareTypes(
      '$',
      takes.map((type, i) => [String(i + 1), type]),
      parameters.map((type, i) => [String(i + 1), type]),
    ),
    ...compareTypes(
      'column ',
      Object.entries(gives),
      columns.map(({ name, type }) => [name, type]),
    ),
  ];
  for (const { name, nullable } of columns) {
    const declared = gives[name]?.nullable;
    if (declared === undefined || nullable === undefined || declared === nullable) continue;
    problems.push(`column ${name} ${nullable ? 'can be null' : 'is never null'}`);
  }
  return problems;
}

function compareTypes(
  what: string,
  declared: readonly (readonly [string, SqlType<unknown>])[],
  actual: readonly (readonly [string, string])[],
): string[] {
  const [expected, found] = [new Map(declared), new Map(actual)];
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  return names.flatMap((name) => {
    const [type, real] = [expected.get(name)?.name, found.get(name)];
    if (type === real) return [];
    if (type === undefined) return [`${what}${name} is not declared`];
    return [real === undefined ? `${what}${name} does not exist` : `${what}${name} is ${real}, not ${type}`];
  });
}
