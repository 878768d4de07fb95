import 'reflect-metadata';
import { collectDefaultMetrics } from 'prom-client';
import { createApp } from './app';
import type { AppConfig } from './config/app-config';
import { loadAppConfig } from './config/load-config';
import { ConfigError } from './config/settings-reader';
import rest, { socketApi } from './metadata';
import { DatabaseUnreachableError } from './platform/database/migrated-data-source';
import { JobSchemaError } from './platform/jobs/job-schema';

/** How long an orderly shutdown may take when no parent process is left to kill this one, in ms. */
const SHUTDOWN_TIMEOUT_MS = 15_000;

async function startServer(): Promise<void> {
  const config = loadAppConfig();
  // The default wakes an idle process a hundred times a second, which is half of what it costs then.
  collectDefaultMetrics({ eventLoopMonitoringPrecision: 100 });
  const app = await createApp(config, { rest, socketApi });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(config.port, config.host).catch((error: unknown) => {
    throw new CannotListenError(config, error);
  });
}

/** The server cannot listen on its address: it is in use, or needs more rights. */
class CannotListenError extends Error {
  constructor({ host, port }: AppConfig, cause: unknown) {
    const { code, message } = cause as { code?: string; message: string };
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code === 'EACCES' ? 'this needs more rights' : message;
    super(`WebCall cannot listen on ${host}:${port}: ${why}.`, { cause });
  }
}

/** Mistakes that the operator can correct become plain sentences; anything else is a bug and keeps its stack. */
function explainStartFailure(error: unknown): string {
  if (error instanceof ConfigError) {
    return ['WebCall cannot start with these settings:', ...error.problems.map((problem) => `- ${problem}`)].join('\n');
  }
  const plain = [DatabaseUnreachableError, JobSchemaError, CannotListenError];
  if (plain.some((type) => error instanceof type)) return (error as Error).message;
  return `WebCall could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function exitWithFailure(error: unknown): void {
  process.stderr.write(`${explainStartFailure(error)}\n`);
  process.exit(1);
}

// An error on the standard error output cannot be reported anywhere else.
process.stderr.on('error', () => undefined);
// Node would print an error with all its properties: a database error carries the values of its statement.
process.once('uncaughtException', exitWithFailure);
// The parent process that held an IPC channel to this one has ended. Started without a parent, there is no channel.
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
startServer().catch(exitWithFailure);
