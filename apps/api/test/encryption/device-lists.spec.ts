import type { SignedDeviceListDto } from '@webcall/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { encodeFields, listDevice, type ListedUser, RawDevice, RawIdentity } from '../support/device-keys';
import { HeldRow } from '../support/faults/held-row';
import { type RestClient, type RestResponse } from '../support/rest';
import { newDevice, newGuest, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

let anna: TestUser;
let keys: ListedUser;
beforeEach(async () => {
  anna = await newUser(server, 'anna');
  keys = await listDevice(anna);
});

const send = (client: RestClient, body: SignedDeviceListDto): Promise<RestResponse> =>
  client.request('PUT /devices/list', { body });
const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);
const ownDevices = async (client = anna.rest) => (await client.request('GET /devices')).body;
const signed = (version: number, ...entries: readonly ReturnType<RawDevice['entry']>[]) =>
  keys.identity.signList(anna.id, version, entries);
const listOf = (version: number, ...devices: readonly RawDevice[]) =>
  signed(version, ...devices.map((device) => device.entry()));
/** With a new device beside that of before, as its entry says. */
const withNew = (changed: Parameters<RawDevice['entry']>[1], until = 0) =>
  signed(2, keys.device.entry(), new RawDevice().entry(until, changed));

describe('a device list', () => {
  it('begins an identity, and comes back as it was signed', async () => {
    const boris = await newUser(server, 'boris');
    const [identity, device] = [new RawIdentity(), new RawDevice()];
    const list = identity.signList(boris.id, 1, [device.entry()]);
    expect(await ownDevices(boris.rest)).toEqual({
      sessionId: expect.any(String),
      list: null,
      devices: [],
      newStart: null,
    });
    expect((await send(boris.rest, list)).status).toBe(204);
    expect(await ownDevices(boris.rest)).toMatchObject({
      list: { ...list, userId: boris.id, identity: identity.publicKey.toString('base64url'), replacedAt: null },
      devices: [{ id: device.id, name: null, current: false, dormant: false }],
    });
  });

  it('is one of guests too', async () => {
    const guest = await newGuest(anna, (await newRoom(anna)).id);
    await listDevice(guest);
    expect((await ownDevices(guest.rest)).devices).toMatchObject([{ current: true }]);
  });

  it('changes nothing when it comes again, because its answer was lost', async () => {
    const other = new RawDevice();
    const list = listOf(2, keys.device, other);
    expect([(await send(anna.rest, list)).status, (await send(anna.rest, list)).status]).toEqual([204, 204]);
    expect((await ownDevices()).devices.map(({ id }) => id).sort()).toEqual([keys.device.id, other.id].sort());
  });

  it.each([1, 2])('is outdated in version %d, when there is another one of version 2', async (version) => {
    await send(anna.rest, listOf(2, keys.device, new RawDevice()));
    expect(codeOf(await send(anna.rest, listOf(version, keys.device, new RawDevice())))).toBe('device_list_outdated');
  });

  it('of two devices at once is taken from one, whichever comes first', async () => {
    const second = await newDevice(server, anna);
    const [one, other] = [listOf(2, keys.device, new RawDevice()), listOf(2, keys.device, new RawDevice())];
    const held = await HeldRow.hold(server.db, 'users', anna.id);
    const answers = await held.release(
      'ROLLBACK',
      () => send(anna.rest, one),
      () => send(second, other),
    );
    expect(answers.map(codeOf)).toEqual(['204', 'device_list_outdated']);
    expect((await ownDevices()).list).toMatchObject(one);
  });

  it('is not taken from a session that has ended by then', async () => {
    const held = await HeldRow.hold(server.db, 'users', anna.id);
    await held.query('UPDATE sessions SET ended_at = now() WHERE user_id = $1', [anna.id]);
    const [answer] = await held.release('COMMIT', () => send(anna.rest, listOf(2, keys.device)));
    expect(codeOf(answer)).toBe('session_ended');
  });

  describe('is invalid', () => {
    const forged: Record<string, () => SignedDeviceListDto> = {
      'if somebody else has signed it': () => ({
        ...listOf(2, keys.device),
        signature: new RawIdentity().signList(anna.id, 2, [keys.device.entry()]).signature,
      }),
      'if it names another identity than has signed it': () =>
        new RawIdentity().signBytes(Buffer.from(listOf(2, keys.device).list, 'base64url')),
      'of another user': () => keys.identity.signList(randomUUID(), 2, [keys.device.entry()]),
      'without a device of before': () => listOf(2, new RawDevice()),
      'with another key of a device': () => listOf(2, new RawDevice(keys.device.id)),
      'with a device twice': () => listOf(2, keys.device, keys.device),
      'with a device whose id is none': () => listOf(2, keys.device, new RawDevice('phone')),
      'with an id in another form': () => listOf(2, keys.device, new RawDevice(randomUUID().toUpperCase())),
      'with a device without a key to receive by': () => withNew({ receivingKey: Buffer.alloc(0) }),
      'with a device whose key to receive by is none': () => withNew({ receivingKey: Buffer.alloc(1215) }),
      'with an ended device that receives': () => withNew({ receivingKey: Buffer.alloc(1216) }, 2),
      'with a device that has ended before it came': () => withNew({ from: 3 }, 2),
      'with a device from a time that is none': () => withNew({ from: 2 ** 53 }),
      'with a device until a time that is none': () => withNew({}, 2 ** 53),
      'with two devices of one key': () => {
        const [, ...others] = keys.device.entry();
        return signed(2, keys.device.entry(), [randomUUID(), ...others]);
      },
      'with another beginning of a device': () => signed(2, keys.device.entry(0, { from: 2 })),
      'with another key to receive by of a device': () =>
        signed(2, keys.device.entry(0, { receivingKey: randomBytes(1216) })),
      'with a version that cannot be stored': () => listOf(2 ** 31, keys.device),
      'with version 0': () => listOf(0, keys.device),
      'with another label': () =>
        keys.identity.signBytes(
          encodeFields(['webcall device list 2', anna.id, keys.identity.publicKey, 2, [keys.device.entry()]]),
        ),
      'with more fields': () =>
        keys.identity.signBytes(
          encodeFields(['webcall device list 1', anna.id, keys.identity.publicKey, 2, [keys.device.entry()], 1]),
        ),
      'if it ends too early': () =>
        keys.identity.signBytes(Buffer.from(listOf(2, keys.device).list, 'base64url').subarray(0, -1)),
      'if it is none at all': () => keys.identity.signBytes(randomBytes(200)),
      'under a key that is no point': () => ({
        list: encodeFields(['webcall device list 1', anna.id, Buffer.alloc(32, 0xff), 2, []]).toString('base64url'),
        signature: Buffer.alloc(64).toString('base64url'),
      }),
    };

    it.each(Object.entries(forged))('%s', async (_, list) => {
      expect(codeOf(await send(anna.rest, list()))).toBe('invalid_input');
      expect((await ownDevices()).devices).toMatchObject([{ id: keys.device.id, current: true }]);
    });

    it('if a device lives again, or has ended at another time', async () => {
      const other = new RawDevice();
      await send(anna.rest, listOf(2, keys.device, other));
      expect((await send(anna.rest, signed(3, keys.device.entry(), other.entry(2)))).status).toBe(204);
      for (const until of [0, 1, 3])
        expect(codeOf(await send(anna.rest, signed(4, keys.device.entry(), other.entry(until))))).toBe('invalid_input');
      expect((await send(anna.rest, signed(4, keys.device.entry(), other.entry(2)))).status).toBe(204);
    });
  });

  it('has 64 kB at most, and a whole answer to a pairing request fits into a body', async () => {
    const ended = Array.from({ length: 594 }, () => new RawDevice().entry(2));
    const [tooLarge, largest] = [
      signed(2, keys.device.entry(), ...ended),
      signed(2, keys.device.entry(), ...ended.slice(1)),
    ];
    const limit = Math.ceil((64 * 1024 * 4) / 3);
    expect([tooLarge.list.length > limit, largest.list.length > limit]).toEqual([true, false]);
    expect(codeOf(await send(anna.rest, tooLarge))).toBe('invalid_input');
    const sealed = Buffer.alloc(4096).toString('base64url');
    const body = { ...largest, encapsulated: sealed, box: sealed };
    const pairingId = randomUUID();
    const answer = await anna.rest.request('PUT /devices/pairings/:pairingId/approval', { pairingId, body });
    expect(codeOf(answer)).toBe('pairing_not_found');
    expect(codeOf(await send(anna.rest, largest))).toBe('204');
    expect(codeOf(await send(anna.rest, { list: 'A'.repeat(4_000_000), signature: '' }))).toBe('payload_too_large');
  });

  it('has no more live devices than the quota allows, and still fewer and fewer', async () => {
    const limited = await startApp({ database: server.db, env: { QUOTA_DEVICES: '3' } });
    const client = await newDevice(limited, anna);
    const more = [new RawDevice(), new RawDevice(), new RawDevice()] as const;
    expect((await send(anna.rest, listOf(2, keys.device, ...more))).status).toBe(204);
    expect((await send(client, listOf(3, keys.device, ...more, new RawDevice()))).body.error).toMatchObject({
      code: 'quota_reached',
      details: { quota: 'devices', limit: 3 },
    });
    const [ended, ...stay] = more;
    const entries = [keys.device.entry(), ended.entry(2), ...stay.map((device) => device.entry())];
    expect((await send(client, keys.identity.signList(anna.id, 3, entries))).status).toBe(204);
    await limited.close();
  });
});

describe('a device', () => {
  /** A second device of anna, with a session of its own. */
  const addDevice = async (): Promise<{ device: RawDevice; client: RestClient }> => {
    const [device, client] = [new RawDevice(), await newDevice(server, anna)];
    await send(anna.rest, listOf(2, keys.device, device));
    await device.bind(client, anna.id);
    await client.request('PUT /devices/key-package', { body: { keyPackage: 'AAAA' } });
    return { device, client };
  };
  const remove = (device: RawDevice) =>
    send(anna.rest, keys.identity.signList(anna.id, 3, [keys.device.entry(), device.entry(2)]));

  it('ends when the list says so: with its sessions, sockets and key package, and for good', async () => {
    const { device, client } = await addDevice();
    const socket = await server.connect({ rest: client });
    expect((await remove(device)).status).toBe(204);
    expect(await socket.event('session:ended')).toEqual({ code: 'session_ended' });
    expect(codeOf(await client.request('GET /devices'))).toBe('session_ended');
    const again = await newDevice(server, anna);
    expect(codeOf(await device.bind(again, anna.id))).toBe('device_not_found');
    const found = { userId: anna.id, deviceId: device.id };
    expect(codeOf(await anna.rest.request('GET /users/:userId/devices/:deviceId/key-package', found))).toBe(
      'device_not_found',
    );
    expect(await server.db.query('SELECT key_package FROM devices WHERE id = $1', [device.id])).toEqual([
      { key_package: null },
    ]);
    expect((await ownDevices()).devices).toMatchObject([{ id: keys.device.id, current: true }]);
  });

  it('that has become a session’s while it is removed takes that session with it, and else stays without one', async () => {
    const { device } = await addDevice();
    const client = await newDevice(server, anna);
    const first = await HeldRow.hold(server.db, 'users', anna.id);
    const bound = await first.release(
      'ROLLBACK',
      () => device.bind(client, anna.id),
      () => remove(device),
    );
    expect(bound.map(codeOf)).toEqual(['204', '204']);
    expect(codeOf(await client.request('GET /devices'))).toBe('session_ended');

    const other = new RawDevice();
    const entries = [keys.device.entry(), device.entry(2), other.entry()];
    await send(anna.rest, keys.identity.signList(anna.id, 4, entries));
    const late = await newDevice(server, anna);
    const then = await HeldRow.hold(server.db, 'users', anna.id);
    const answers = await then.release(
      'ROLLBACK',
      () => send(anna.rest, keys.identity.signList(anna.id, 5, [...entries.slice(0, 2), other.entry(3)])),
      () => other.bind(late, anna.id),
    );
    expect(answers.map(codeOf)).toEqual(['204', 'device_not_found']);
    expect((await ownDevices(late)).devices).toMatchObject([{ id: keys.device.id, current: false }]);
  });

  it('is one’s own with the name, the use and the session that it has', async () => {
    const { device, client } = await addDevice();
    const { devices } = await ownDevices(client);
    expect(devices.map(({ id, current }) => [id, current])).toEqual([
      [device.id, true],
      [keys.device.id, false],
    ]);
    expect(devices.map(({ name }) => name)).toEqual([expect.any(String), expect.any(String)]);
  });
});

describe('whoever has the password, and no key', () => {
  let thief: RestClient;
  beforeEach(async () => {
    thief = await newDevice(server, anna);
  });

  it('changes nothing by a list that was signed before', async () => {
    const former = (await ownDevices(thief)).list!;
    await send(anna.rest, listOf(2, keys.device, new RawDevice()));
    const present = (await ownDevices(thief)).list!;
    const replay = async ({ list, signature }: SignedDeviceListDto) => codeOf(await send(thief, { list, signature }));
    expect([await replay(former), await replay(present)]).toEqual(['device_list_outdated', '204']);
    expect(codeOf(await thief.request('PUT /devices/key-package', { body: { keyPackage: 'AAAA' } }))).toBe(
      'device_required',
    );
    expect((await ownDevices(thief)).list).toEqual(present);
  });

  it('has no session of a device: not by its id, nor by what another session or another device has signed', async () => {
    const { sessionId } = await ownDevices(thief);
    const bind = async (signed: readonly string[], device = keys.device) => {
      const signature = device.sign(encodeFields(['webcall device session 1', ...signed]));
      const request = { deviceId: keys.device.id, body: { signature } };
      return codeOf(await thief.request('PUT /devices/:deviceId/session', request));
    };
    const { sessionId: other } = await ownDevices();
    expect(await bind([anna.id, keys.device.id, other])).toBe('forbidden');
    expect(await bind([anna.id, randomUUID(), sessionId])).toBe('forbidden');
    expect(await bind([randomUUID(), keys.device.id, sessionId])).toBe('forbidden');
    expect(await bind([anna.id, keys.device.id, sessionId], new RawDevice(keys.device.id))).toBe('forbidden');
    expect(await bind([anna.id, keys.device.id, sessionId])).toBe('204');
  });

  it('is no device of another user', async () => {
    const boris = await newUser(server, 'boris');
    expect(codeOf(await keys.device.bind(boris.rest, boris.id))).toBe('device_not_found');
    expect(codeOf(await send(boris.rest, listOf(2, keys.device)))).toBe('invalid_input');
  });
});

it('erases devices with their user', async () => {
  await anna.rest.request('PUT /devices/key-package', { body: { keyPackage: 'AAAA' } });
  const asking = await newDevice(server, anna);
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64url');
  await asking.request('POST /devices/pairings', { body: { id: randomUUID(), request: 'AAAA', mac: zeros(32) } });
  await asking.request('PUT /devices/new-start', { body: { identity: zeros(32) } });
  const count = async () => {
    const tables = ['identities', 'devices', 'pairings', 'new_starts'];
    const counts = tables.map((table) => server.db.query(`SELECT FROM ${table} WHERE user_id = $1`, [anna.id]));
    return (await Promise.all(counts)).map((rows) => rows.length);
  };
  expect(await count()).toEqual([1, 1, 1, 1]);
  expect((await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } })).status).toBe(204);
  expect(await count()).toEqual([0, 0, 0, 0]);
});
