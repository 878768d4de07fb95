import { DeviceUpkeep } from '../../src/encryption/devices/device-upkeep';
import { listDevice, type ListedUser } from '../support/device-keys';
import { newDevice, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

let anna: TestUser;
let keys: ListedUser;
beforeEach(async () => {
  anna = await newUser(server, 'anna');
  keys = await listDevice(anna, Buffer.from('key package'));
});

const unusedFor = (interval: string) =>
  server.db.query('UPDATE devices SET last_used_at = now() - $2::interval WHERE id = $1', [keys.device.id, interval]);
const tidy = () => server.app.get(DeviceUpkeep, { strict: false }).tidyDevices();
const isDormant = async () => (await anna.rest.request('GET /devices')).body.devices[0]!.dormant;
const keyPackage = async () => {
  const request = { userId: anna.id, deviceId: keys.device.id };
  return (await anna.rest.request('GET /users/:userId/devices/:deviceId/key-package', request)).body.keyPackage;
};

describe('a device', () => {
  it('that was not used for 30 days is dormant: its user’s devices hear of it once, and nobody adds it', async () => {
    const socket = await server.connect(anna);
    await unusedFor('29 days 23 hours');
    await tidy();
    expect(await isDormant()).toBe(false);
    await unusedFor('30 days 1 hour');
    for (let i = 0; i < 2; i++) await tidy();
    expect([await isDormant(), await keyPackage()]).toEqual([true, null]);
    await socket.event('devices:changed');
    await socket.ask('ring:list', {});
    expect(socket.events('devices:changed')).toEqual([{ userId: anna.id }]);
  });

  it.each([
    ['is renewed', async () => void (await anna.rest.request('POST /auth/refresh', { body: {} }))],
    ['becomes its own', async () => void (await keys.device.bind(await newDevice(server, anna), anna.id))],
  ])('is back as soon as a session of it %s', async (_, use) => {
    await unusedFor('31 days');
    await tidy();
    await use();
    await tidy();
    expect([await isDormant(), await keyPackage()]).toEqual([false, expect.any(String)]);
  });

  it('is used by its own sessions alone', async () => {
    const other = await newDevice(server, anna);
    await unusedFor('31 days');
    await other.request('POST /auth/refresh', { body: {} });
    await tidy();
    expect(await isDormant()).toBe(true);
  });

  it('that has ended is never dormant', async () => {
    const body = keys.identity.signList(anna.id, 2, [keys.device.entry(2)]);
    await anna.rest.request('PUT /devices/list', { body });
    await unusedFor('31 days');
    await tidy();
    expect(await server.db.query('SELECT dormant_at FROM devices WHERE id = $1', [keys.device.id])).toEqual([
      { dormant_at: null },
    ]);
  });
});
