import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long to wait for a reader that is behind, in ms, and how often: then it counts as gone until it reads again. */
const BEHIND = 20;
const TIMES = 50;

/**
 * The standard output, which may lead to a disk that is full or to a reader that is gone: that it cannot be written is said
 * once and does not end the process; what cannot be written is dropped. Pino's own output ends the process on such an
 * error, or waits for ever.
 * @param fd another file descriptor, for tests
 */
export function logOutput(complain: (sentence: string) => void, fd = 1): DestinationStream {
  let failing = false;
  return {
    write(line: string): void {
      try {
        // What was cut off in the middle of a line ends there.
        writeAll(fd, failing ? `\n${line}` : line);
        if (failing) complain('The log is written again.');
        failing = false;
      } catch (error) {
        if (!failing) complain(`The log cannot be written for now: ${(error as Error).message}`);
        failing = true;
      }
    },
  };
}

function writeAll(fd: number, text: string): void {
  let waits = 0;
  for (let rest = Buffer.from(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || ++waits > TIMES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BEHIND);
    }
  }
}

/** To the standard error output. */
export function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
