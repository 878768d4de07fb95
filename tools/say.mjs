/** An error that a person can fix: it is shown by its message alone, without a stack. */
export class Plain extends Error {}

// A closed terminal, or a full disk behind our output, must not end this process, nor keep it from stopping the
// processes that it started. The error is ignored, because it could not be shown.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

export const say = (text) => process.stdout.write(`${text}\n`);

export const sayOfTrouble = (text) => process.stderr.write(`${text}\n`);

/** Runs a command's main function; an error is shown as one message, and the exit code is 1. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function explain(error) {
  if (error instanceof Plain) return error.message;
  const { code, path } = error ?? {};
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `WebCall may not write to ${path ?? 'this folder'}: give yourself the right to, or use another folder.`;
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return `${path ?? 'The data folder'} cannot be used as a folder: a file is in the way. Use another folder.`;
  if (code === 'ENOSPC') return 'The disk is full: free some space and try again.';
  return process.env.DEBUG
    ? String(error?.stack)
    : `Something went wrong: ${error?.message ?? error} (DEBUG=1 shows more)`;
}
