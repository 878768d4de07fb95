/**
 * Keeps a command from outliving who started it: `node keeper.mjs '{"signal":"SIGINT","uid":65534,"gid":65534}' <command> …`,
 * in a process group of its own. The end of the standard input, which also comes with the death of whoever holds its
 * other end, sends the signal to the command; a line on it names another one. So nobody is looked for by a process number
 * that somebody else may have by then.
 */
import { spawn } from 'node:child_process';

/** How long a command may take to end in order, in ms. */
const GRACE = 30_000;

const [how, command, ...args] = process.argv.slice(2);
const { signal: usual, ...owner } = JSON.parse(how);
const child = spawn(command, args, { ...owner, stdio: ['ignore', 'inherit', 'inherit'] });

let ending = false;
function end(signal) {
  if (ending) return;
  ending = true;
  send(signal);
  setTimeout(() => send('SIGKILL'), GRACE);
}

/** To the whole group, as some commands start others; the keeper is part of it. */
function send(signal) {
  if (process.platform === 'win32') child.kill(signal);
  else process.kill(-process.pid, signal);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => end(signal));
process.stdin.setEncoding('utf8');
process.stdin.on('data', (line) => end(line.trim()));
process.stdin.on('end', () => end(usual));
process.stdin.on('error', () => end(usual));
child.once('error', (error) => {
  process.stderr.write(`${command} could not be started: ${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
