/** The settings that the launcher checks before its slow steps; the api checks all others. */
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../bootstrap.mjs';
import { Plain } from '../say.mjs';

/** @returns {{ host: string, port: number, data: string }} */
export function launcherSettings(env) {
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Plain(`PORT must be a whole number from 1 to 65535, not "${env.PORT}".`);
  return { host: env.HOST || 'localhost', port, data: path.resolve(root, env.DATA_DIR || '.data') };
}

/** How long an api whose launcher was killed may take to free the port, in ms. */
const leaving = 5000;

/** Fails early if the port is in use; it can still be taken between this check and the api's own start. */
export async function claimPort({ host, port }) {
  for (const end = Date.now() + leaving; ; await pause(100)) {
    const error = await tryPort(host, port);
    if (!error) return;
    if (error.code !== 'EADDRINUSE' || Date.now() > end) throw new Plain(sentence(error, host, port));
  }
}

const tryPort = (host, port) =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', done);
    server.listen(port, host, () => server.close(() => done()));
  });

function sentence({ code, message }, host, port) {
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use: stop the program that has it, or choose another one, for example PORT=${port === 65535 ? port - 1 : port + 1} npm start.`;
  if (code === 'EACCES')
    return `Port ${port} needs special rights: choose one from 1024 on, for example PORT=3000 npm start.`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return `HOST must be a name or an address of this machine, not "${host}".`;
  return `Port ${port} on ${host} cannot be used: ${message}`;
}
