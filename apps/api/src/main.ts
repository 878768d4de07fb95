import 'reflect-metadata';
import { collectDefaultMetrics } from 'prom-client';
import { createApp } from './app';
import type { AppConfig } from './config/app-config';
import { loadConfig } from './config/load-config';
import { ConfigError } from './config/settings-reader';
import rest, { socketApi } from './metadata';
import { DatabaseUnreachable } from './platform/database/database-unreachable';

/** How long stopping in order may take when nobody is left who would end it, in ms. */
const STOP_PATIENCE = 15_000;

async function start(): Promise<void> {
  const config = loadConfig();
  collectDefaultMetrics();
  const app = await createApp(config, { rest, socketApi });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(config.port, config.host).catch((error: unknown) => {
    throw new CannotListen(config, error);
  });
}

/** The address is taken, or not ours to take. */
class CannotListen extends Error {
  constructor({ host, port }: AppConfig, cause: unknown) {
    const { code, message } = cause as { code?: string; message: string };
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code === 'EACCES' ? 'this needs more rights' : message;
    super(`WebCall cannot listen on ${host}:${port}: ${why}.`, { cause });
  }
}

/** What the person who starts the server can put right is told in plain sentences; the rest is a bug of ours. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    return ['WebCall cannot start with these settings:', ...error.problems.map((problem) => `- ${problem}`)].join('\n');
  }
  if (error instanceof DatabaseUnreachable || error instanceof CannotListen) return error.message;
  return `WebCall could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

// What cannot be written there can be told nowhere.
process.stderr.on('error', () => undefined);
// Node would print an error with all that hangs on it: on one of the database's, the statement's values.
process.once('uncaughtException', fail);
// Whoever started this process and keeps a channel to it is gone; there is none when it runs by itself.
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), STOP_PATIENCE).unref();
  process.kill(process.pid, 'SIGTERM');
});
start().catch(fail);
