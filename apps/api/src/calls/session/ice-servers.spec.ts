import { loadConfig } from '../../config/load-config';
import { iceFor } from './ice-servers';

const needed = {
  JWT_SECRET: 'b2f7c1d94e6a8035b2f7c1d94e6a8035',
  REGISTRATION_SECRET: 'fjord-lamp-42',
  DATABASE_URL: 'postgres://webcall:pw@localhost/webcall',
};
const turn = { TURN_URLS: 'turn:t.example:1,turns:t.example:2', TURN_SECRET: 'north-wind-and-the-sun', TURN_TTL: '60' };
const now = 1_700_000_000_999;

it('names nobody where the settings name nobody', () => {
  expect(iceFor('anna', loadConfig(needed), now)).toEqual({ iceServers: [], iceServersEndInMs: null });
});

it('needs no credentials for STUN', () => {
  const config = loadConfig({ ...needed, STUN_SERVERS: 'stun:s.example' });
  expect(iceFor('anna', config, now)).toEqual({ iceServers: [{ urls: ['stun:s.example'] }], iceServersEndInMs: null });
});

it('makes credentials that end, for TURN', () => {
  // printf '1700000060:anna' | openssl dgst -sha1 -hmac north-wind-and-the-sun -binary | base64
  const credential = 'LZXC8MU68hTkWssADf8TJEC8WeA=';
  expect(iceFor('anna', loadConfig({ ...needed, ...turn }), now)).toEqual({
    iceServers: [{ urls: ['turn:t.example:1', 'turns:t.example:2'], username: '1700000060:anna', credential }],
    iceServersEndInMs: 60_000,
  });
});

it('gives each user, and each time, others', () => {
  const config = loadConfig({ ...needed, ...turn });
  const made = [iceFor('anna', config, now), iceFor('boris', config, now), iceFor('anna', config, now + 1000)];
  expect(new Set(made.map(({ iceServers }) => iceServers[0]?.credential)).size).toBe(3);
});

it('hands the name and password of other people’s servers out as they are, to everybody, without an end', () => {
  const config = loadConfig({
    ...needed,
    TURN_URLS: 'turn:t.example',
    TURN_USERNAME: 'webcall',
    TURN_PASSWORD: 'of their own making',
    STUN_SERVERS: 'stun:s.example',
  });
  const turn = { urls: ['turn:t.example'], username: 'webcall', credential: 'of their own making' };
  for (const user of ['anna', 'boris']) {
    expect(iceFor(user, config, now)).toEqual({
      iceServers: [{ urls: ['stun:s.example'] }, turn],
      iceServersEndInMs: null,
    });
  }
});

it('names no name and password of servers that it has none of', () => {
  const config = loadConfig({ ...needed, TURN_USERNAME: 'webcall', TURN_PASSWORD: 'of their own making' });
  expect(iceFor('anna', config, now)).toEqual({ iceServers: [], iceServersEndInMs: null });
});
