import { randomUUID } from 'node:crypto';
import { listDevice, type ListedUser, RawDevice, RawIdentity } from '../support/device-keys';
import { HeldRow } from '../support/faults/held-row';
import type { RestClient, RestResponse } from '../support/rest';
import { newDevice, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

let anna: TestUser;
let keys: ListedUser;
let asking: RestClient;
let identity: RawIdentity;
beforeEach(async () => {
  anna = await newUser(server, 'anna');
  keys = await listDevice(anna);
  asking = await newDevice(server, anna);
  identity = new RawIdentity();
});

const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);
const bodyOf = (of = identity) => ({ identity: of.publicKey.toString('base64url') });
const ask = (client = asking, of = identity) => client.request('PUT /devices/new-start', { body: bodyOf(of) });
const agree = async (client = anna.rest, of = identity) =>
  codeOf(await client.request('PUT /devices/new-start/agreement', { body: bodyOf(of) }));
const cancel = async (client = anna.rest) => codeOf(await client.request('DELETE /devices/new-start'));
const begin = (client = asking, of = identity, device = new RawDevice()) =>
  client.request('PUT /devices/list', { body: of.signList(anna.id, 1, [device.entry()]) });
const ownDevices = async (client = asking) => (await client.request('GET /devices')).body;
const HOUR = 3600_000;
const waitOf = ({ askedAt, opensAt }: { askedAt: string; opensAt: string }) =>
  Date.parse(opensAt) - Date.parse(askedAt);
const passTime = () => server.db.query('UPDATE new_starts SET opens_at = now() WHERE user_id = $1', [anna.id]);
const unused = (interval: string) =>
  server.db.query(`UPDATE devices SET last_used_at = now() - $2::interval WHERE id = $1`, [keys.device.id, interval]);

describe('a new identity', () => {
  it('is refused unless somebody has asked for it', async () => {
    expect(codeOf(await begin())).toBe('new_start_required');
    await ask(asking, new RawIdentity());
    expect(codeOf(await begin())).toBe('new_start_required');
  });

  it('waits for a day while another device is in use; all sessions see that', async () => {
    const old = await server.connect(anna);
    const { status, body } = await ask();
    expect([status, waitOf(body)]).toEqual([200, 24 * HOUR]);
    expect(await old.event('devices:changed')).toEqual({ userId: anna.id });
    expect((await ownDevices(anna.rest)).newStart).toEqual({ ...body, current: false });
    expect((await begin()).body.error).toMatchObject({ code: 'new_start_waits', details: { opensAt: body.opensAt } });
    await passTime();
    expect((await begin()).status).toBe(204);
  });

  it('waits no longer when it is asked for again, and a whole day for another one', async () => {
    const first = (await ask()).body;
    expect((await ask()).body).toEqual(first);
    const other = (await ask(asking, new RawIdentity())).body;
    expect([Date.parse(other.askedAt) > Date.parse(first.askedAt), waitOf(other)]).toEqual([true, 24 * HOUR]);
  });

  it.each([
    ['7 days 1 minute', 0],
    ['6 days 23 hours', 24 * HOUR],
  ])('after the other device was not used for %s waits %d ms', async (interval, wait) => {
    await unused(interval);
    expect(waitOf((await ask()).body)).toBe(wait);
  });

  it('does not wait for the device of its own session, which has lost its keys', async () => {
    expect(waitOf((await ask(anna.rest)).body)).toBe(0);
  });

  it('comes at once when another device agrees, by a session of it', async () => {
    await ask();
    expect([await agree(asking), await agree(anna.rest, new RawIdentity()), await agree()]).toEqual([
      'device_required',
      'new_start_not_found',
      '204',
    ]);
    expect((await begin()).status).toBe(204);
  });

  it('is not agreed to by the session that asks, even if it is one of a device', async () => {
    const [device, entries] = [new RawDevice(), [keys.device.entry()]];
    const body = keys.identity.signList(anna.id, 2, [...entries, device.entry()]);
    await anna.rest.request('PUT /devices/list', { body });
    await device.bind(asking, anna.id);
    await ask();
    expect(await agree(asking)).toBe('new_start_not_found');
  });

  it('ends all devices of before with their sessions, except the one that it comes from', async () => {
    const device = new RawDevice();
    await ask();
    await agree();
    const former = (await ownDevices()).list!;
    expect((await begin(asking, identity, device)).status).toBe(204);
    expect(codeOf(await anna.rest.request('GET /devices'))).toBe('session_ended');
    expect(await ownDevices()).toMatchObject({ list: bodyOf(), devices: [{ id: device.id }], newStart: null });
    const again = await newDevice(server, anna);
    expect(codeOf(await keys.device.bind(again, anna.id))).toBe('device_not_found');
    const request = { userId: anna.id, identity: former.identity };
    const { body } = await asking.request('GET /users/:userId/device-lists/:identity', request);
    expect(body).toEqual({ ...former, replacedAt: expect.any(String) });
  });

  it('leaves the session that it comes from without a device, until its new one has signed it', async () => {
    const device = new RawDevice();
    await ask(anna.rest);
    expect((await begin(anna.rest, identity, device)).status).toBe(204);
    const use = async () => [
      codeOf(await anna.rest.request('GET /devices/pairings')),
      codeOf(await anna.rest.request('PUT /devices/key-package', { body: { keyPackage: 'AAAA' } })),
    ];
    expect(await use()).toEqual(['device_required', 'device_required']);
    await device.bind(anna.rest, anna.id);
    expect(await use()).toEqual(['200', '204']);
  });

  it('has none of the devices of before, and is never the one of before', async () => {
    await ask();
    await agree();
    expect(codeOf(await begin(asking, identity, keys.device))).toBe('invalid_input');
    expect((await begin()).status).toBe(204);
    await ask(asking, keys.identity);
    await passTime();
    expect(codeOf(await begin(asking, keys.identity))).toBe('device_list_outdated');
  });

  it('comes by the session that has asked, and not once that has ended', async () => {
    await ask();
    await agree();
    expect(codeOf(await begin(await newDevice(server, anna)))).toBe('new_start_required');
    await asking.request('POST /auth/logout');
    expect((await ownDevices(anna.rest)).newStart).toBeNull();
    expect(codeOf(await begin(anna.rest))).toBe('new_start_required');
    expect(await agree()).toBe('new_start_not_found');
  });

  it.each([
    ['agreed to and then called off', [agree, cancel], ['204', '204'], 'new_start_required'],
    ['called off and then agreed to', [cancel, agree], ['204', 'new_start_not_found'], 'new_start_required'],
  ])('%s at once is called off', async (_, deeds, outcomes, refusal) => {
    await ask();
    const held = await HeldRow.hold(server.db, 'users', anna.id);
    expect(await held.release('ROLLBACK', ...deeds.map((deed) => () => deed()))).toEqual(outcomes);
    expect(codeOf(await begin())).toBe(refusal);
  });
});

describe('a new start', () => {
  it('is called off by a device and by the session that has asked, and by no other session', async () => {
    const other = await newDevice(server, anna);
    expect(await cancel()).toBe('new_start_not_found');
    await ask();
    expect([await cancel(other), await cancel()]).toEqual(['device_required', '204']);
    await ask();
    expect(await cancel(asking)).toBe('204');
    expect((await ownDevices()).newStart).toBeNull();
  });

  it('needs something to start anew from', async () => {
    const boris = await newUser(server, 'boris');
    expect(codeOf(await ask(boris.rest))).toBe('device_list_not_found');
    expect(codeOf(await ask(asking, keys.identity))).toBe('device_list_not_found');
  });

  it('is none of guests, whose identity ends with their browser', async () => {
    const guest = await newGuest(anna, (await newRoom(anna)).id, `guest ${randomUUID().slice(0, 8)}`);
    await listDevice(guest);
    expect(codeOf(await ask(guest.rest))).toBe('forbidden');
  });
});
