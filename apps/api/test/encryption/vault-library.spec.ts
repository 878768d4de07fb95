import {
  type Bytes,
  createDevice,
  createPhrase,
  type Device,
  type DeviceList,
  type EpochDevice,
  signDeviceList,
  type SigningKey,
  signingKeyOfSeed,
  Vault,
  type VaultAppend,
  type VaultRecord,
} from '@webcall/encryption';
import { randomBytes, randomUUID } from 'node:crypto';
import { routeCaller } from '../support/call-route';
import type { RestClient } from '../support/rest';
import { newDevice, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';
import { DevicesDelivery } from './devices-delivery';
import { KeptVault } from './kept-vault';
import { HttpVaultDelivery } from './vault-delivery';

const server = useServer();

const bytesOf = (length: number): Bytes => new Uint8Array(randomBytes(length));
const roster: EpochDevice[] = Array.from({ length: 200 }, () => ({
  userId: randomUUID(),
  deviceId: randomUUID(),
  identity: bytesOf(32),
  signingKey: bytesOf(32),
}));
const epochOf = (epoch: number, size = 3): Extract<VaultRecord, { kind: 'epoch' }> => ({
  kind: 'epoch',
  groupId: new Uint8Array(40).fill(size),
  epoch,
  secret: bytesOf(32),
  roster: roster.slice(0, size),
  chainLength: 1,
});
const roomOf = (roomId: string): VaultRecord => ({
  kind: 'room',
  roomId,
  floor: { founderIdentity: bytesOf(32), generation: 0, epoch: 1, chainLength: 1, chainHead: bytesOf(32) },
});

/** A device of a user, with its session, its store and its view of the vault. */
interface Member {
  readonly device: Device;
  readonly client: RestClient;
  readonly store: KeptVault;
  readonly delivery: HttpVaultDelivery;
  readonly vault: Vault;
}

let ann: TestUser;
let seed: Bytes;
let identity: SigningKey;
let list: DeviceList;
let phone: Member;
let laptop: Member;

beforeEach(async () => {
  ann = await newUser(server, 'ann');
  seed = bytesOf(32);
  identity = await signingKeyOfSeed(seed);
  list = { userId: ann.id, identity: identity.publicKey, version: 0, devices: [] };
  phone = await newMember(ann.rest);
  laptop = await newMember(await newDevice(server, ann));
  for (const member of [phone, laptop]) await listMember(member);
  await phone.vault.create(seed);
});

async function newMember(client: RestClient, past?: Pick<Member, 'device' | 'store'>): Promise<Member> {
  const { device, store } = past ?? { device: await createDevice(ann.id, randomUUID()), store: new KeptVault() };
  const delivery = new HttpVaultDelivery(routeCaller(client), identity.publicKey);
  return { device, client, store, delivery, vault: new Vault({ device, store, delivery, now: () => 1 }) };
}

async function sendList(client: RestClient, devices: DeviceList['devices']): Promise<void> {
  list = { ...list, version: list.version + 1, devices };
  const wasTaken = await new DevicesDelivery(routeCaller(client)).sendDeviceList(await signDeviceList(list, identity));
  expect(wasTaken).toBe(true);
}

async function listMember({ device, client }: Member): Promise<void> {
  const { deviceId, signing, receiving } = device;
  const keys = { signingKey: signing.publicKey, receivingKey: receiving.publicKey };
  await sendList(client, [...list.devices, { deviceId, ...keys, from: 1, until: null }]);
  await new DevicesDelivery(routeCaller(client)).bindSession(device);
}

const endMember = ({ device: { deviceId } }: Member): Promise<void> =>
  sendList(
    phone.client,
    list.devices.map((one) => (one.deviceId === deviceId ? { ...one, receivingKey: null, until: 2 } : one)),
  );
const openLaptop = async (): Promise<unknown> => laptop.vault.openByDevice(await phone.vault.followDevices(list));
const recordsOf = ({ store }: Member): VaultRecord[] => [...store.records.values()].map(({ record }) => record);

it('a vault goes from device to device, and opens by the phrase before the new device is listed', async () => {
  const records = [roomOf('room 1'), epochOf(1), epochOf(2), epochOf(1, 2)];
  await phone.vault.append(records);
  await openLaptop();
  expect(recordsOf(laptop)).toEqual([{ kind: 'identity', seed }, ...records]);
  await laptop.vault.append([epochOf(3)]);
  await phone.vault.catchUp();
  expect(recordsOf(phone)).toEqual(recordsOf(laptop));

  const phrase = createPhrase();
  await phone.vault.replacePhrase(list, phrase);
  const desktop = await newMember(await newDevice(server, ann));
  await desktop.vault.openByPhrase(phrase.join(' '));
  expect(recordsOf(desktop)).toEqual(recordsOf(phone));
  await expect(desktop.vault.append([roomOf('room 2')])).rejects.toThrow('device_required');
  await listMember(desktop);
  await desktop.vault.sendWaiting();
  await phone.vault.catchUp();
  expect(recordsOf(phone)).toEqual(recordsOf(desktop));
});

it('a device that was taken away neither writes nor opens what comes later, whoever signs it in again', async () => {
  await openLaptop();
  await endMember(laptop);
  await phone.vault.followDevices(list);
  await phone.vault.append([epochOf(1)]);
  await expect(laptop.vault.catchUp()).rejects.toThrow('session_ended');
  const back = await newMember(await newDevice(server, ann), laptop);
  await expect(back.vault.catchUp()).rejects.toMatchObject({ reason: 'no_wrap' });
  const { length } = await phone.delivery.fetchLog(0);
  await expect(back.delivery.appendToLog(length, { entries: [], wraps: [], erased: [] })).rejects.toThrow(
    'device_required',
  );
});

it('records of devices that write at once come in once each', async () => {
  await openLaptop();
  const shared = [epochOf(1), epochOf(2)];
  await Promise.all([
    phone.vault.append([...shared, roomOf('room 1')]),
    laptop.vault.append([roomOf('room 2'), ...shared]),
  ]);
  await Promise.all([phone.vault.catchUp(), laptop.vault.catchUp()]);
  expect(recordsOf(phone)).toEqual(recordsOf(laptop));
  expect(recordsOf(phone)).toHaveLength(5);
});

it('an append whose answer was lost is not made twice', async () => {
  const { device, store, delivery } = phone;
  const losing = Object.assign(Object.create(delivery) as HttpVaultDelivery, {
    appendToLog: async (length: number, append: VaultAppend) => {
      await delivery.appendToLog(length, append);
      throw new Error('the answer was lost');
    },
  });
  const cut = new Vault({ device, store, delivery: losing, now: () => 1 });
  await expect(cut.append([roomOf('room 1')])).rejects.toThrow('lost');
  await phone.vault.sendWaiting();
  expect(await delivery.fetchLog(0)).toHaveLength(3);
  expect(recordsOf(phone)).toHaveLength(2);
});

it('an erased epoch is gone at the server, and the log still opens', async () => {
  await phone.vault.append([epochOf(1), epochOf(2)]);
  const epochs = [...phone.store.records.values()].filter(({ record }) => record.kind === 'epoch');
  const keyIds = epochs.map(({ recordId }) => recordId);
  expect(keyIds).toHaveLength(2);
  await phone.vault.append([{ kind: 'epochs_erased', roomId: 'room', keyIds }, epochOf(3)]);
  const log = await phone.delivery.fetchLog(0);
  expect(log.filter((entry) => entry.kind === 'record' && entry.box === null)).toHaveLength(2);
  await openLaptop();
  expect(recordsOf(laptop).map(({ kind }) => kind)).toEqual(['identity', 'epochs_erased', 'epoch']);
});

it('epochs of the largest rooms that were kept back come in, in as many steps as it takes', async () => {
  const epochs = Array.from({ length: 40 }, (_, i) => ({
    ...epochOf(i, 200),
    groupId: new Uint8Array(40).fill(i),
  }));
  await phone.vault.append(epochs);
  await openLaptop();
  expect(recordsOf(laptop).slice(1)).toEqual(epochs);
});
