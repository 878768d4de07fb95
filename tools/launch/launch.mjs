/** Starts the database and the api, prints their addresses, and stops both in reverse order. */
import path from 'node:path';
import { startApi } from './api-process.mjs';
import { onStop } from '../bootstrap.mjs';
import { claim, openData } from './data-folder.mjs';
import { ensureDatabase, startPostgres } from './pg.mjs';
import { Plain, say } from '../say.mjs';

/** @returns {Promise<number>} the exit code, once everything has stopped */
export async function launch(settings) {
  const { host, port, data } = settings;
  const stops = [];
  const asked = new Promise((done) => onStop(() => done(false)));
  try {
    const env = await apiSettings(process.env, settings, stops);
    say('Starting the server …');
    const log = path.join(data, 'webcall.log');
    const api = startApi(env, log);
    stops.unshift(api.stop);
    if (await Promise.race([asked, api.ready()])) {
      greet({ port, host, code: env.REGISTRATION_SECRET, data, log, own: !process.env.DATABASE_URL });
      await Promise.race([asked, api.ended]);
    }
    const failure = api.failure();
    if (failure) throw new Plain(failure);
    say('\nStopping …');
    return 0;
  } finally {
    for (const stop of stops) await stop();
  }
}

/**
 * Completes the environment of the api with the secrets in the data folder; settings of the user have priority.
 * @param stops gets the functions that stop what was started, the last started first
 */
export async function apiSettings(given, { host, port, data }, stops) {
  stops.unshift(claim(data));
  const secrets = openData(data);
  const env = { ...given, HOST: host, PORT: String(port) };
  env.APP_ENV ||= 'production';
  env.DATABASE_URL ||= await embedded(data, secrets, stops);
  env.JWT_SECRET ||= secrets.jwtSecret;
  env.REGISTRATION_SECRET ||= secrets.registrationCode;
  env.METRICS_TOKEN ||= secrets.metricsToken;
  return env;
}

async function embedded(data, secrets, stops) {
  say('Starting the database …');
  const postgres = await startPostgres({ folder: path.join(data, 'pg'), password: secrets.databasePassword });
  stops.unshift(postgres.stop);
  return ensureDatabase(postgres.url, 'webcall');
}

/** @returns the address of the site for a person at this machine. */
export function siteAddress({ host, port }) {
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
  return `http://${name}:${port}`;
}

function greet({ port, host, code, data, log, own }) {
  const address = siteAddress({ host, port });
  say(`
  WebCall is ready at ${address}

  Sign up:            ${address}/sign-up#code=${encodeURIComponent(code)}
  Registration code:  ${code}

  What to do next: open the sign-up link, make a room, and send its link to a friend.
  Whoever has the registration code can sign up; guests join by an invitation without it.

  Data: ${own ? data : 'in the database of DATABASE_URL'}
  Log:  ${log}
  Ctrl-C stops WebCall and keeps the data.
`);
}
