/**
 * Keeps a command from outliving the process that started it, in a process group of its own:
 * `node keeper.mjs '{"signal":"SIGINT","uid":65534,"gid":65534}' <command> …`
 * When the standard input ends, also because the process at its other end has died, the command gets the signal; a line
 * on the input names another signal. So no process is searched for by an id that another one may have by then.
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

/** Sends to the whole group, because some commands start others; the keeper is part of it. */
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
