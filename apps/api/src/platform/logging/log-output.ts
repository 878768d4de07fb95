import { Logger } from 'nestjs-pino';
import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long to wait for a slow reader, in ms, and how often before it counts as gone until it reads again. */
const READER_WAIT_MS = 20;
const MAX_READER_WAITS = 50;

/**
 * Creates the log's destination, the standard output. If it cannot be written, because the disk is full or the reader
 * is gone, that is reported once and lines are dropped. Pino's own destination ends the process on such an error, or
 * waits for ever.
 * @param fd another file descriptor, for tests
 */
export function createLogOutput(report: (sentence: string) => void, fd = 1): DestinationStream {
  let failing = false;
  return {
    write(line: string): void {
      try {
        // After a failure the last line may be incomplete: start a new one.
        writeWholeText(fd, failing ? `\n${line}` : line);
        if (failing) report('The log is written again.');
        failing = false;
      } catch (error) {
        if (!failing) report(`The log cannot be written for now: ${(error as Error).message}`);
        failing = true;
      }
    },
  };
}

function writeWholeText(fd: number, text: string): void {
  let waits = 0;
  for (let rest = Buffer.from(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || ++waits > MAX_READER_WAITS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, READER_WAIT_MS);
    }
  }
}

/** Writes a line to the standard error output. */
export function writeToStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Contexts of the framework's list of modules and routes, about a hundred lines at each start. */
const STARTUP_CONTEXTS = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'WebSocketsController']);

/** The logger of the application, which logs the framework's list of modules and routes at debug level. */
export class AppLogger extends Logger {
  override log(message: unknown, ...more: unknown[]): void {
    if (STARTUP_CONTEXTS.has(String(more.at(-1)))) super.debug(message, ...more);
    else super.log(message, ...more);
  }
}
