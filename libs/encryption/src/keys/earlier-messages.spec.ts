import { equalBytes } from '../bytes/bytes';
import { type EpochRecord } from '../room/ports';
import { RoomDevice } from '../room/room-device';
import { memoryRoomAccess, memoryRoomDevice, MemoryStore, ROOM } from '../testing/memory-room';
import { type TestDevice, TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { keyIdOf } from '../testing/test-keys';
import { renewEpoch, type RoomMember, TestRoom } from '../testing/test-room';
import { decodeVaultRecord, encodeVaultRecord } from '../vault/vault-record';
import { answerKeyRequest } from './giving-keys';
import { signKeyRequest } from './key-request';
import { openKeyAnswer } from './taking-keys';

let test: TestRoom;
let [ann, bob]: RoomMember[] = [];
let eve: TestPerson;

beforeEach(async () => {
  test = await TestRoom.create('ann', 'bob');
  [ann, bob] = test.members;
  eve = await TestPerson.create('eve');
  test.server.people.push(eve);
  test.server.setMember('eve', true);
});

const allowEarlier = (allowed: boolean) => ann!.room.appendToChain(() => ({ kind: 'earlier_messages', allowed }));
/** @returns the numbers of the epochs that Bob’s device gives of all those, and of those that it withholds */
const giveAll = async (by: TestDevice, epochs: readonly EpochRecord[]) => {
  const { device } = bob!.person;
  const keyIds = await Promise.all(epochs.map(keyIdOf));
  const known = {
    chain: (await bob!.room.catchUp()).chain,
    deviceListOf: (userId: string, identity: Uint8Array) => test.server.deviceListOf(userId, identity),
  };
  const request = await signKeyRequest({ roomId: ROOM, asker: by.leafIdentity(), keyIds }, by);
  const findEpoch = async (keyId: Uint8Array) => epochs[keyIds.findIndex((one) => equalBytes(one, keyId))] ?? null;
  const answered = await answerKeyRequest(request, { device, leaf: device.leafIdentity(), findEpoch, ...known });
  if ('refused' in answered) throw new Error(`The request was refused: ${answered.refused}.`);
  const taken = await openKeyAnswer(request, answered.answer, { device: by, ...known });
  if ('refused' in taken) throw new Error(`The answer was refused: ${taken.refused}.`);
  return { given: taken.epochs.map(({ epoch }) => epoch), withheld: taken.withheld.length };
};
const fromVault = (record: EpochRecord): EpochRecord => {
  const read = decodeVaultRecord(encodeVaultRecord({ kind: 'epoch', ...record }));
  if (read?.kind !== 'epoch') throw new Error('This is no epoch.');
  return read;
};

describe('a room that says “earlier messages too”', () => {
  it.each<[string, (epochs: readonly EpochRecord[]) => readonly EpochRecord[]]>([
    ['were told by the group', (epochs) => epochs],
    ['come from the own vault', (epochs) => epochs.map(fromVault)],
  ])('gives a newcomer the epochs since it has said so, of those that %s', async (_, has) => {
    await bob!.room.catchUp();
    const before = bob!.store.epochs.length;
    await allowEarlier(true);
    await renewEpoch(bob!.room);
    await renewEpoch(ann!.room);
    await bob!.room.catchUp();
    const since = bob!.store.epochs.slice(before).map(({ epoch }) => epoch);
    expect(since).toHaveLength(2);
    await ann!.room.appendToChain(() => admitted(eve));
    expect(await giveAll(eve.device, has(bob!.store.epochs))).toEqual({ given: since, withheld: before });
    await allowEarlier(false);
    expect(await giveAll(eve.device, has(bob!.store.epochs))).toEqual({ given: [], withheld: before + 2 });
  });
});

it('keeps with each epoch how long the chain was, on whichever way a device came into it', async () => {
  const chainLengths = (store: MemoryStore) => new Map(store.epochs.map((one) => [one.epoch, one.chainLength]));
  const chainLength = async () => (await ann!.room.catchUp()).chain.hashes.length;
  const laptopStore = new MemoryStore();
  const access = memoryRoomAccess(await ann!.person.addDevice('laptop'), test.server, { store: laptopStore });
  await access.keyPackages.renew();
  await allowEarlier(true);
  const welcomed = await chainLength();
  await ann!.room.addMissingDevices();
  await new RoomDevice(access).joinGroup();
  await ann!.room.appendToChain(() => admitted(eve));
  const joined = await chainLength();
  const eveStore = new MemoryStore();
  const epoch = (await memoryRoomDevice(eve.device, test.server, { store: eveStore }).joinGroup()).group.epoch;
  for (const room of [ann!.room, bob!.room, new RoomDevice(access)]) await room.catchUp();

  expect(joined).toBe(welcomed + 1);
  expect([...chainLengths(laptopStore)]).toEqual([
    [epoch - 1, welcomed],
    [epoch, joined],
  ]);
  expect([...chainLengths(eveStore)]).toEqual([[epoch, joined]]);
  const all = chainLengths(ann!.store);
  expect(all.get(0)).toBeGreaterThan(0);
  for (const store of [bob!.store, laptopStore, eveStore])
    for (const [number, length] of chainLengths(store)) expect(length).toBe(all.get(number));
});
