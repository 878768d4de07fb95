import { loadAppConfig } from '../../config/load-config';
import { buildIceServers } from './ice-servers';

const needed = {
  JWT_SECRET: 'b2f7c1d94e6a8035b2f7c1d94e6a8035',
  REGISTRATION_SECRET: 'fjord-lamp-42',
  DATABASE_URL: 'postgres://webcall:pw@localhost/webcall',
};
const turn = { TURN_URLS: 'turn:t.example:1,turns:t.example:2', TURN_SECRET: 'north-wind-and-the-sun', TURN_TTL: '60' };
const now = 1_700_000_000_999;

it('returns no servers if the settings have none', () => {
  expect(buildIceServers('anna', loadAppConfig(needed), now)).toEqual({ iceServers: [], iceServersEndInMs: null });
});

it('returns STUN servers without credentials', () => {
  const config = loadAppConfig({ ...needed, STUN_SERVERS: 'stun:s.example' });
  expect(buildIceServers('anna', config, now)).toEqual({
    iceServers: [{ urls: ['stun:s.example'] }],
    iceServersEndInMs: null,
  });
});

it('creates expiring credentials for TURN servers', () => {
  // printf '1700000060:anna' | openssl dgst -sha1 -hmac north-wind-and-the-sun -binary | base64
  const credential = 'LZXC8MU68hTkWssADf8TJEC8WeA=';
  expect(buildIceServers('anna', loadAppConfig({ ...needed, ...turn }), now)).toEqual({
    iceServers: [{ urls: ['turn:t.example:1', 'turns:t.example:2'], username: '1700000060:anna', credential }],
    iceServersEndInMs: 60_000,
  });
});

it('creates different credentials for each user and each time', () => {
  const config = loadAppConfig({ ...needed, ...turn });
  const made = [
    buildIceServers('anna', config, now),
    buildIceServers('boris', config, now),
    buildIceServers('anna', config, now + 1000),
  ];
  expect(new Set(made.map(({ iceServers }) => iceServers[0]?.credential)).size).toBe(3);
});

it('gives the name and password of the settings to everybody as they are, without an expiry', () => {
  const config = loadAppConfig({
    ...needed,
    TURN_URLS: 'turn:t.example',
    TURN_USERNAME: 'webcall',
    TURN_PASSWORD: 'of their own making',
    STUN_SERVERS: 'stun:s.example',
  });
  const turn = { urls: ['turn:t.example'], username: 'webcall', credential: 'of their own making' };
  for (const user of ['anna', 'boris']) {
    expect(buildIceServers(user, config, now)).toEqual({
      iceServers: [{ urls: ['stun:s.example'] }, turn],
      iceServersEndInMs: null,
    });
  }
});

it('ignores a name and password without TURN servers', () => {
  const config = loadAppConfig({ ...needed, TURN_USERNAME: 'webcall', TURN_PASSWORD: 'of their own making' });
  expect(buildIceServers('anna', config, now)).toEqual({ iceServers: [], iceServersEndInMs: null });
});
