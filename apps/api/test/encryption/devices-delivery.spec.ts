import {
  acceptDeviceList,
  approvePairing,
  base64UrlOf,
  createDevice,
  createSigningKey,
  type Device,
  type DeviceList,
  hasLiveDevice,
  type KeyPackageRecord,
  KeyPackages,
  mlsGroupsOf,
  openPairingApproval,
  receivePairingRequest,
  requestPairing,
  signDeviceList,
  type SigningKey,
  tryPairingCode,
} from '@webcall/encryption';
import { randomUUID } from 'node:crypto';
import { routeCaller } from '../support/call-route';
import { befriend } from '../support/contacts';
import type { RestClient } from '../support/rest';
import { newDevice, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';
import { DevicesDelivery } from './devices-delivery';

const ORIGIN = 'https://calls.example';
const FLOOR = { length: 7, head: new Uint8Array(32).fill(7) };

// The library on a real server: what one device sends, others verify.
const server = useServer();

let anna: TestUser;
let identity: SigningKey;
let phone: Device;
let list: DeviceList;
let delivery: DevicesDelivery;

const deliveryOf = (client: RestClient) => new DevicesDelivery(routeCaller(client));
const listed = ({ deviceId, signing, receiving }: Device) => ({
  deviceId,
  signingKey: signing.publicKey,
  receivingKey: receiving.publicKey,
  from: Date.now(),
  until: null,
});

beforeEach(async () => {
  anna = await newUser(server, 'anna');
  [identity, phone] = await Promise.all([createSigningKey(), createDevice(anna.id, randomUUID())]);
  list = { userId: anna.id, identity: identity.publicKey, version: 1, devices: [listed(phone)] };
  delivery = deliveryOf(anna.rest);
  expect(await delivery.sendDeviceList(await signDeviceList(list, identity))).toBe(true);
  await delivery.bindSession(phone);
});

it('hands the list of a user to a contact, who verifies it', async () => {
  const boris = await newUser(server, 'boris');
  expect(await deliveryOf(boris.rest).fetchDeviceLists([anna.id])).toEqual([]);
  await befriend(anna, boris);
  const [found] = await deliveryOf(boris.rest).fetchDeviceLists([boris.id, anna.id]);
  expect(found!.userId).toBe(anna.id);
  expect(await acceptDeviceList(found!.identity, null, found!.signed)).toEqual({ list });
  expect(await deliveryOf(boris.rest).fetchListOfIdentity(anna.id, identity.publicKey)).toEqual(found!.signed);
});

it('says who was first of two devices that change the list', async () => {
  const extended = async () => {
    const device = listed(await createDevice(anna.id, randomUUID()));
    return signDeviceList({ ...list, version: 2, devices: [...list.devices, device] }, identity);
  };
  const [one, other] = [await extended(), await extended()];
  const sent = [await delivery.sendDeviceList(one), await delivery.sendDeviceList(other)];
  expect([...sent, await delivery.sendDeviceList(one)]).toEqual([true, false, true]);
});

it('has the key package of a device, for those who add it to groups', async () => {
  const groups = mlsGroupsOf(phone.signing);
  let kept: { revision: number; packages: readonly KeyPackageRecord[] } = { revision: 0, packages: [] };
  const packages = new KeyPackages({
    groups,
    delivery,
    store: {
      readKeyPackages: async () => kept,
      writeKeyPackages: async (revision, packages) => {
        kept = { revision: revision + 1, packages };
        return true;
      },
    },
    leafIdentity: () => ({
      userId: anna.id,
      identity: identity.publicKey,
      deviceId: phone.deviceId,
      listVersion: list.version,
    }),
    now: Date.now,
  });
  const name = { userId: anna.id, deviceId: phone.deviceId };
  expect(await delivery.fetchKeyPackage(name)).toBeNull();
  await packages.renew();
  expect(await delivery.fetchKeyPackage(name)).toEqual(kept.packages[0]!.keyPackage);
});

it('lets a further device in, by the code on its screen', async () => {
  const client = await newDevice(server, anna);
  const laptop = await createDevice(anna.id, randomUUID());
  const requestId = randomUUID();
  const now = Date.now();
  const waiting = await requestPairing(laptop, { origin: ORIGIN, requestId, now });
  await deliveryOf(client).askForPairing(requestId, waiting.sent);

  const [[pairingId, sent]] = [...(await delivery.fetchPairings())] as [[string, typeof waiting.sent]];
  const received = receivePairingRequest(sent, { origin: ORIGIN, userId: anna.id, now });
  if ('refused' in received) throw new Error(received.refused);
  const tried = await tryPairingCode(received, waiting.code, now);
  if ('refused' in tried) throw new Error(tried.refused);
  const approver = { device: phone, identity, list, floor: FLOOR, now };
  const approved = await approvePairing(tried.confirmed, approver);
  if ('refused' in approved) throw new Error(approved.refused);
  expect(await deliveryOf(client).fetchApproval(requestId)).toBeNull();
  expect(await delivery.sendApproval(pairingId, approved.approval)).toBe(true);

  const approval = await deliveryOf(client).fetchApproval(requestId);
  const opened = await openPairingApproval(waiting, laptop, approval!, now);
  if ('refused' in opened) throw new Error(opened.refused);
  expect(opened).toMatchObject({ identity: identity.publicKey, floor: FLOOR });
  expect(hasLiveDevice(opened.list, laptop.deviceId, laptop.signing.publicKey)).toBe(true);
  await deliveryOf(client).bindSession(laptop);
  await deliveryOf(client).deletePairing(requestId);
  const { body } = await client.request('GET /devices');
  expect(body.devices.find(({ current }) => current)?.id).toBe(laptop.deviceId);
  expect(body.list?.identity).toBe(base64UrlOf(identity.publicKey));
});
