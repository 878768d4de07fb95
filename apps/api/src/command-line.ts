import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadCommandConfig } from './config/load-config';
import { ConfigError } from './config/settings-reader';
import { createDataSourceOptions } from './platform/database/data-source-options';
import { DatabaseUnreachableError } from './platform/database/migrated-data-source';

/** A mistake that the person at the terminal can correct, as a sentence. */
export class CommandRefusal extends Error {}

type Command = (
  db: DataSource,
  args: readonly string[],
  config: ReturnType<typeof loadCommandConfig>,
) => Promise<string>;

/**
 * Runs a command on the database and prints its answer; the exit code is 1 if it fails.
 * @param failure the sentence before an error that nobody expected
 */
export function runCommand(
  { failure, entities = [] }: { failure: string; entities?: DataSourceOptions['entities'] },
  command: Command,
): void {
  const run = async (): Promise<string> => {
    const args = process.argv.slice(2);
    const config = loadCommandConfig();
    const db = await openDatabase({ ...createDataSourceOptions(config.databaseUrl), entities });
    try {
      return await command(db, args, config);
    } finally {
      await db.destroy();
    }
  };
  run().then(
    (answer) => process.stdout.write(answer),
    (error: unknown) => {
      process.stderr.write(`${explainFailure(error) ?? `${failure} ${stackOf(error)}`}\n`);
      process.exitCode = 1;
    },
  );
}

async function openDatabase(options: DataSourceOptions): Promise<DataSource> {
  try {
    return await new DataSource(options).initialize();
  } catch (error) {
    throw new DatabaseUnreachableError(error);
  }
}

function explainFailure(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.problems.join('\n');
  if (error instanceof CommandRefusal || error instanceof DatabaseUnreachableError) return error.message;
  return undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
