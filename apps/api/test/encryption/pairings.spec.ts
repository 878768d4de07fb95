import type { AskPairingDto, PairingApprovalDto, PairingDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { DeviceUpkeep } from '../../src/encryption/devices/device-upkeep';
import { listDevice, type ListedUser, RawDevice } from '../support/device-keys';
import { HeldRow } from '../support/faults/held-row';
import type { RestClient, RestResponse } from '../support/rest';
import { newDevice, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

let anna: TestUser;
let keys: ListedUser;
let asking: RestClient;
beforeEach(async () => {
  anna = await newUser(server, 'anna');
  keys = await listDevice(anna);
  asking = await newDevice(server, anna);
});

const newRequest = (): AskPairingDto => ({
  id: randomUUID(),
  request: Buffer.from('request').toString('base64url'),
  mac: Buffer.alloc(32, 7).toString('base64url'),
});
const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);
const ask = async (client: RestClient, body: AskPairingDto) =>
  codeOf(await client.request('POST /devices/pairings', { body }));
const waitingFor = async (client: RestClient): Promise<PairingDto[]> => {
  const { status, body } = await client.request('GET /devices/pairings');
  if (status !== 200) throw new Error(body.error.code);
  return body.pairings;
};
const approvalOf = (version = 2, box = 'AAAA'): PairingApprovalDto => ({
  ...keys.identity.signList(anna.id, version, [keys.device.entry(), new RawDevice().entry()]),
  encapsulated: 'AAAA',
  box,
});
const approve = async (client: RestClient, pairingId: string, body: PairingApprovalDto) =>
  codeOf(await client.request('PUT /devices/pairings/:pairingId/approval', { pairingId, body }));
const outcomeFor = async (client: RestClient, pairingId: string) => {
  const { status, body } = await client.request('GET /devices/pairings/:pairingId/approval', { pairingId });
  return status === 200 ? body.approval : body.error.code;
};
const end = async (client: RestClient, pairingId: string) =>
  codeOf(await client.request('DELETE /devices/pairings/:pairingId', { pairingId }));
const ownList = async () => (await anna.rest.request('GET /devices')).body.list;
const later = (pairingId: string) =>
  server.db.query(`UPDATE pairings SET asked_at = now() - interval '10 minutes' WHERE id = $1`, [pairingId]);

it('lets a device in: with the list and the answer together, to be fetched until it needs them no more', async () => {
  const [old, fresh] = [await server.connect(anna), await server.connect({ rest: asking })];
  const [request, approval] = [newRequest(), approvalOf()];
  expect(await ask(asking, request)).toBe('204');
  expect(await old.event('pairing:changed')).toEqual({ pairingId: request.id });
  expect(await waitingFor(anna.rest)).toEqual([
    { ...request, device: expect.any(String), askedAt: expect.any(String) },
  ]);
  expect(await outcomeFor(asking, request.id)).toBeNull();

  expect(await approve(anna.rest, request.id, approval)).toBe('204');
  await fresh.until(() => fresh.events('pairing:changed').length === 2);
  expect(await ownList()).toMatchObject({ list: approval.list });
  for (let i = 0; i < 2; i++) expect(await outcomeFor(asking, request.id)).toEqual(approval);
  expect(await waitingFor(anna.rest)).toEqual([]);

  expect(await end(asking, request.id)).toBe('204');
  expect(await outcomeFor(asking, request.id)).toBe('pairing_not_found');
  expect(await end(asking, request.id)).toBe('pairing_not_found');
});

describe('a request', () => {
  it('changes nothing when it comes again, and is taken under no id that is another one’s', async () => {
    const request = newRequest();
    expect([await ask(asking, request), await ask(asking, request)]).toEqual(['204', '204']);
    expect(await ask(asking, { ...request, request: 'AAAA' })).toBe('id_taken');
    expect(await ask(await newDevice(server, anna), request)).toBe('id_taken');
    expect(await waitingFor(anna.rest)).toMatchObject([request]);
  });

  it('takes the place of the one before of the same session', async () => {
    const [former, request] = [newRequest(), newRequest()];
    await ask(asking, former);
    await ask(asking, request);
    expect(await waitingFor(anna.rest)).toMatchObject([{ id: request.id }]);
    expect(await approve(anna.rest, former.id, approvalOf())).toBe('pairing_not_found');
  });

  it('waits with four others at most, until one ends', async () => {
    const clients = [asking];
    while (clients.length < 6) clients.push(await newDevice(server, anna));
    const requests = clients.map(newRequest);
    const answers: string[] = [];
    for (const [i, client] of clients.entries()) answers.push(await ask(client, requests[i]!));
    expect(answers).toEqual(['204', '204', '204', '204', '204', 'too_many_requests']);
    await clients[0]!.request('POST /auth/logout');
    expect(await ask(clients[5]!, requests[5]!)).toBe('204');
  });

  it('of the last free place goes to one of two that come at once', async () => {
    const clients = [asking];
    while (clients.length < 6) clients.push(await newDevice(server, anna));
    for (const client of clients.slice(0, 4)) await ask(client, newRequest());
    const held = await HeldRow.hold(server.db, 'users', anna.id);
    const answers = await held.release(
      'ROLLBACK',
      ...clients.slice(4).map((client) => () => ask(client, newRequest())),
    );
    expect(answers).toEqual(['204', 'too_many_requests']);
  });

  it('is over after ten minutes, and deleted then', async () => {
    const request = newRequest();
    await ask(asking, request);
    await later(request.id);
    expect(await waitingFor(anna.rest)).toEqual([]);
    expect(await approve(anna.rest, request.id, approvalOf())).toBe('pairing_not_found');
    expect(await outcomeFor(asking, request.id)).toBe('pairing_not_found');
    await server.app.get(DeviceUpkeep, { strict: false }).tidyDevices();
    expect(await server.db.query('SELECT FROM pairings WHERE id = $1', [request.id])).toEqual([]);
  });

  it('ends with its session', async () => {
    const request = newRequest();
    await ask(asking, request);
    await asking.request('POST /auth/logout');
    expect(await waitingFor(anna.rest)).toEqual([]);
    expect(await approve(anna.rest, request.id, approvalOf())).toBe('pairing_not_found');
    expect(await ownList()).not.toMatchObject({ list: approvalOf().list });
  });

  it('can be turned down by a device, and by no other session', async () => {
    const request = newRequest();
    await ask(asking, request);
    const thief = await newDevice(server, anna);
    expect([await end(thief, request.id), await end((await newUser(server)).rest, request.id)]).toEqual([
      'pairing_not_found',
      'pairing_not_found',
    ]);
    expect(await end(anna.rest, request.id)).toBe('204');
    expect(await outcomeFor(asking, request.id)).toBe('pairing_not_found');
  });

  it.each([
    ['turned down', (id: string) => end(anna.rest, id)],
    ['called off', (id: string) => end(asking, id)],
  ])('that is %s and approved at the same moment lets nobody in', async (_, refuse) => {
    const [request, before] = [newRequest(), await ownList()];
    await ask(asking, request);
    const held = await HeldRow.hold(server.db, 'pairings', request.id);
    const answers = await held.release(
      'ROLLBACK',
      () => refuse(request.id),
      () => approve(anna.rest, request.id, approvalOf()),
    );
    expect(answers).toEqual(['204', 'pairing_not_found']);
    expect(await ownList()).toEqual(before);
  });

  it('is none of guests, who have no further devices', async () => {
    const guest = await newGuest(anna, (await newRoom(anna)).id);
    expect(await ask(guest.rest, newRequest())).toBe('forbidden');
  });
});

describe('an answer', () => {
  let request: AskPairingDto;
  beforeEach(async () => {
    request = newRequest();
    await ask(asking, request);
  });

  it('is given once: the same again changes nothing, another one is refused', async () => {
    const approval = approvalOf();
    expect([await approve(anna.rest, request.id, approval), await approve(anna.rest, request.id, approval)]).toEqual([
      '204',
      '204',
    ]);
    expect(await approve(anna.rest, request.id, approvalOf(3))).toBe('pairing_not_found');
    expect(await ownList()).toMatchObject({ list: approval.list });
    expect(await outcomeFor(asking, request.id)).toEqual(approval);
  });

  it('is turned down no more: it waits for the session that has asked', async () => {
    const approval = approvalOf();
    await approve(anna.rest, request.id, approval);
    expect(await end(anna.rest, request.id)).toBe('pairing_not_found');
    expect(await outcomeFor(asking, request.id)).toEqual(approval);
  });

  it('that comes again is the same although the list has gone on since', async () => {
    const [device, approval] = [new RawDevice(), approvalOf()];
    const sign = (version: number, ...until: number[]) =>
      keys.identity.signList(anna.id, version, [keys.device.entry(), device.entry(...until)]);
    const first = { ...approval, ...sign(2) };
    await approve(anna.rest, request.id, first);
    expect((await anna.rest.request('PUT /devices/list', { body: sign(3, 2) })).status).toBe(204);
    expect(await approve(anna.rest, request.id, first)).toBe('204');
    expect(await outcomeFor(asking, request.id)).toEqual(first);
  });

  it('of two devices at once is that of the first, with its list', async () => {
    const [second, device] = [await newDevice(server, anna), new RawDevice()];
    const entries = [keys.device.entry(), device.entry()];
    await anna.rest.request('PUT /devices/list', { body: keys.identity.signList(anna.id, 2, entries) });
    await device.bind(second, anna.id);
    const approvals = [1, 2].map((i) => ({
      ...keys.identity.signList(anna.id, 3, [...entries, new RawDevice().entry()]),
      encapsulated: 'AAAA',
      box: `AAA${'AQ'[i - 1]}`,
    }));
    const held = await HeldRow.hold(server.db, 'users', anna.id);
    const answers = await held.release(
      'ROLLBACK',
      () => approve(second, request.id, approvals[0]!),
      () => approve(anna.rest, request.id, approvals[1]!),
    );
    expect(answers).toEqual(['204', 'pairing_not_found']);
    expect(await outcomeFor(asking, request.id)).toEqual(approvals[0]);
    expect(await ownList()).toMatchObject({ list: approvals[0]!.list });
  });

  it('with a list that is outdated or invalid is none, and the request still waits', async () => {
    expect(await approve(anna.rest, request.id, approvalOf(1))).toBe('device_list_outdated');
    expect(
      await approve(anna.rest, request.id, { ...approvalOf(), signature: Buffer.alloc(64).toString('base64url') }),
    ).toBe('invalid_input');
    expect(await outcomeFor(asking, request.id)).toBeNull();
    expect(await waitingFor(anna.rest)).toHaveLength(1);
  });

  it('is given by a device of the same user, and read by the session that has asked', async () => {
    const thief = await newDevice(server, anna);
    const boris = await newUser(server, 'boris');
    await listDevice(boris);
    expect((await thief.request('GET /devices/pairings')).body.error.code).toBe('device_required');
    expect(await waitingFor(boris.rest)).toEqual([]);
    expect(await approve(thief, request.id, approvalOf())).toBe('device_required');
    expect(await approve(asking, request.id, approvalOf())).toBe('device_required');
    expect(await approve(boris.rest, request.id, approvalOf())).toBe('pairing_not_found');
    expect(await approve(anna.rest, request.id, approvalOf())).toBe('204');
    for (const client of [thief, anna.rest, boris.rest])
      expect(await outcomeFor(client, request.id)).toBe('pairing_not_found');
  });

  it('is not a device’s own, to itself', async () => {
    const own = newRequest();
    await ask(anna.rest, own);
    expect((await waitingFor(anna.rest)).map(({ id }) => id)).toEqual([request.id]);
    expect(await approve(anna.rest, own.id, approvalOf())).toBe('pairing_not_found');
  });
});
