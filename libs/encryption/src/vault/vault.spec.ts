import { type Bytes, hexOf } from '../bytes/bytes';
import { createReceivingKey } from '../identity/receiving';
import { createEpochKey } from '../seal/epoch-key';
import { openMessage, sealMessage } from '../seal/sealed-message';
import { knownPersonOf } from '../testing/known-people';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../testing/memory-vault';
import { START, type TestDevice, TestPerson } from '../testing/people';
import { createPhrase } from './phrase';
import { AttackedVault, personOf } from './testing/attacked-vault';
import { type Vault } from './vault';
import { openVaultKey } from './vault-key';
import { decodeVaultRecord, encodeVaultRecord, recordIdOf, type VaultRecord } from './vault-record';

const bytes = (n: number): Bytes => new Uint8Array(32).fill(n);
const PERSON: Extract<VaultRecord, { kind: 'person' }> = {
  kind: 'person',
  person: knownPersonOf('bob', { pinned: { identity: bytes(2), seenAt: START }, verifiedAt: START }),
  pinnedBefore: null,
};
const epochOf = (epoch: number, devices: readonly TestDevice[] = []): Extract<VaultRecord, { kind: 'epoch' }> => ({
  kind: 'epoch',
  groupId: bytes(9),
  epoch,
  secret: bytes(epoch),
  roster: devices.map(({ userId, deviceId, person, signing }) => ({
    ...{ userId, deviceId, identity: person.identity.publicKey, signingKey: signing.publicKey },
  })),
  chainLength: 3,
});
const renewing = async (vault: Vault, { list }: TestPerson) => (await vault.renew(list)).generation;

let ann: TestPerson;
let server: MemoryVaultServer;
let [phoneStore, laptopStore]: MemoryVaultStore[] = [];
let [phone, laptop]: Vault[] = [];

beforeAll(async () => {
  ann = await TestPerson.create('ann', ['phone', 'laptop', 'tablet']);
});

beforeEach(async () => {
  ann.listOnly(['phone', 'laptop', 'tablet']);
  server = new MemoryVaultServer();
  [phoneStore, laptopStore] = [new MemoryVaultStore(), new MemoryVaultStore()];
  phone = memoryVault(ann.devices[0]!, server, { store: phoneStore });
  laptop = memoryVault(ann.devices[1]!, server, { store: laptopStore });
  await phone.create(ann.identitySeed);
  await phone.followDevices(ann.list);
});

const recordsOf = (store: MemoryVaultStore): VaultRecord[] => [...store.records.values()].map(({ record }) => record);
const openLaptop = async (): Promise<void> => void (await laptop!.openByDevice(await phone!.catchUp()));

describe('a vault', () => {
  it('begins with the identity', async () => {
    expect((await phone!.catchUp()).identity).toEqual(ann.identity.publicKey);
    expect(server.entries.map(({ kind }) => kind)).toEqual(['header', 'record']);
    expect(await phoneStore!.readIdentitySeed()).toEqual(ann.identitySeed);
    expect((await phone!.create()).identity).toEqual(ann.identity.publicKey);
    expect(server.entries).toHaveLength(2);
  });

  it('opens on a device that another one lets in', async () => {
    await phone!.append([PERSON, epochOf(1, ann.devices)]);
    await openLaptop();
    expect(recordsOf(laptopStore!)).toEqual(recordsOf(phoneStore!));
    expect(recordsOf(laptopStore!).slice(1)).toEqual([PERSON, epochOf(1, ann.devices)]);
    await laptop!.append([epochOf(2)]);
    await phone!.catchUp();
    expect(recordsOf(phoneStore!)).toEqual(recordsOf(laptopStore!));
  });

  it('opens by the phrase alone: identity, people and messages are back with all devices gone', async () => {
    const epoch = epochOf(1, ann.devices);
    const place = { roomId: 'room', messageId: 'm1', kind: { type: 'post' }, userId: 'ann' } as const;
    const text = { content: 'hello', after: [], replaces: null };
    const message = await sealMessage(place, text, await createEpochKey(epoch.secret, epoch), ann.device);
    const phrase = createPhrase();
    await phone!.append([PERSON]);
    await phone!.replacePhrase(ann.list, phrase);
    await phone!.append([epoch]);

    const desktop = await (await TestPerson.create('ann', [])).addDevice('desktop');
    const store = new MemoryVaultStore();
    const vault = memoryVault(desktop, server, { store });
    const { identity } = await vault.openByPhrase(phrase.join(' '));
    expect(identity).toEqual(ann.identity.publicKey);
    expect(await store.readIdentitySeed()).toEqual(ann.identitySeed);
    expect(store.contents.people.get('bob')).toMatchObject({ pinned: { identity: bytes(2) }, verifiedAt: START });
    const back = recordsOf(store).find((record) => record.kind === 'epoch')!;
    const key = await createEpochKey(back.secret, back);
    expect(await openMessage(place, message, async () => key, String)).toMatchObject({ content: 'hello' });

    for (const { deviceId } of ann.devices) ann.endDevice(deviceId);
    const { signing, receiving } = desktop;
    const listed = { deviceId: 'desktop', signingKey: signing.publicKey, receivingKey: receiving.publicKey };
    const list = { ...ann.list, devices: [...ann.list.devices, { ...listed, from: 1, until: null }] };
    const before = server.entries.length;
    await vault.followDevices(list);
    await vault.append([epochOf(2, ann.devices)]);
    expect(server.entries.slice(before).map(({ kind }) => kind)).toEqual(['header', 'record']);
    await expect(phone!.catchUp()).rejects.toMatchObject({ reason: 'no_wrap' });
    const again = new MemoryVaultStore();
    await memoryVault(desktop, server, { store: again }).openByPhrase(phrase.join(' '));
    expect(recordsOf(again)).toEqual(recordsOf(store));
  });

  it('is read through all its keys', async () => {
    for (const epoch of [1, 2, 3]) {
      await phone!.append([epochOf(epoch)]);
      expect(await renewing(phone!, ann)).toBe(epoch + 1);
    }
    await openLaptop();
    expect(recordsOf(laptopStore!)).toEqual(recordsOf(phoneStore!));
    for (const epoch of [4, 5]) {
      await phone!.append([epochOf(epoch)]);
      await renewing(phone!, ann);
    }
    await laptop!.catchUp();
    expect(recordsOf(laptopStore!)).toEqual(recordsOf(phoneStore!));
  });

  it('has a new key exactly when a device was taken away', async () => {
    await openLaptop();
    expect((await phone!.followDevices(ann.list)).generation).toBe(1);
    ann.endDevice('laptop');
    expect((await phone!.followDevices(ann.list)).generation).toBe(2);
    expect((await phone!.followDevices(ann.list)).generation).toBe(2);
    await expect(laptop!.catchUp()).rejects.toMatchObject({ reason: 'no_wrap' });
  });

  it('takes each record once, also from devices that know the same', async () => {
    await openLaptop();
    await Promise.all([phone!.append([epochOf(1), epochOf(2)]), laptop!.append([epochOf(2), epochOf(1)])]);
    await phone!.append([epochOf(1)]);
    await Promise.all([phone!.catchUp(), laptop!.catchUp()]);
    expect(server.entries).toHaveLength(4);
    expect(recordsOf(laptopStore!)).toEqual(recordsOf(phoneStore!));
  });

  it('takes many at once, in their order', async () => {
    const people = Array.from({ length: 120 }, (_, i) => personOf(`user ${i}`));
    await phone!.append(people);
    expect(recordsOf(phoneStore!).slice(1)).toEqual(people);
  });

  it('keeps what waits from who finds the store', async () => {
    const waiting = await phone!.sealWaiting(PERSON);
    expect(hexOf(waiting.sealed.box)).not.toContain(hexOf(new TextEncoder().encode('Bob')));
    await phoneStore!.addWaiting([waiting]);
    await phone!.sendWaiting();
    expect(recordsOf(phoneStore!).at(-1)).toEqual(PERSON);
  });

  it('loses an erased epoch everywhere, and never gets it back', async () => {
    await openLaptop();
    await phone!.append([epochOf(1), epochOf(2)]);
    const erased = await recordIdOf(epochOf(1));
    await laptopStore!.addWaiting([await laptop!.sealWaiting(epochOf(1))]);
    await phone!.append([{ kind: 'epochs_erased', roomId: 'room', keyIds: [erased] }]);
    await laptop!.sendWaiting();
    await laptop!.append([epochOf(1)]);
    const withId = server.entries.filter((one) => one.kind === 'record' && hexOf(one.recordId) === hexOf(erased));
    expect(withId).toMatchObject([{ box: null }]);
    const fresh = new MemoryVaultStore();
    await memoryVault(ann.devices[1]!, server, { store: fresh }).openByDevice(await phone!.catchUp());
    for (const store of [phoneStore!, laptopStore!, fresh])
      expect(recordsOf(store).filter(({ kind }) => kind === 'epoch')).toEqual([epochOf(2)]);
  });

  it('lets devices renew at once, and they agree', async () => {
    await openLaptop();
    await Promise.all([renewing(phone!, ann), renewing(laptop!, ann)]);
    const [one, other] = [await phone!.catchUp(), await laptop!.catchUp()];
    expect(one).toEqual(other);
    await phone!.append([PERSON]);
    await laptop!.catchUp();
    expect(recordsOf(laptopStore!).at(-1)).toEqual(PERSON);
  });

  it('is renewed once if two devices take the same device away', async () => {
    await openLaptop();
    ann.endDevice('tablet');
    await Promise.all([phone!.followDevices(ann.list), laptop!.followDevices(ann.list)]);
    expect((await phone!.catchUp()).generation).toBe(2);
    expect(await laptop!.catchUp()).toEqual(await phone!.catchUp());
  });

  it('keeps the way in that a newer version has made', async () => {
    const attacked = await AttackedVault.create(ann);
    const passkey = await createReceivingKey();
    const recoveryKeys = [{ kind: 'passkey', publicKey: passkey.publicKey, identityProof: bytes(1) }];
    const { entry, wraps } = await attacked.nextGeneration({ recoveryKeys });
    await attacked.server.appendToLog(attacked.server.entries.length, { entries: [entry], wraps, erased: [] });
    await attacked.phone.followDevices(ann.list);
    const opens = async ({ generation } = attacked.newestHeader) =>
      openVaultKey(attacked.newestHeader, await attacked.server.fetchWraps(generation), passkey);
    expect(await opens()).toHaveLength(32);
    await attacked.phone.replacePhrase(ann.list, createPhrase());
    expect(attacked.newestHeader.recoveryKeys.map(({ kind }) => kind)).toEqual(['passkey', 'phrase']);
    expect(await opens()).toHaveLength(32);
  });

  it('opens by the last phrase if two devices replace it at once', async () => {
    await openLaptop();
    const phrases = [createPhrase(), createPhrase()];
    await Promise.all([phone!.replacePhrase(ann.list, phrases[0]!), laptop!.replacePhrase(ann.list, phrases[1]!)]);
    const opened = await Promise.allSettled(
      phrases.map((phrase) => memoryVault(ann.device, server).openByPhrase(phrase.join(' '))),
    );
    expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a record', () => {
  const floor = { founderIdentity: bytes(1), generation: 1, epoch: 2, chainLength: 3, chainHead: bytes(4) };

  it.each<[VaultRecord['kind'], VaultRecord]>([
    ['identity', { kind: 'identity', seed: bytes(1) }],
    ['epoch', { ...epochOf(7), roster: [{ userId: 'u', deviceId: 'd', identity: bytes(1), signingKey: bytes(2) }] }],
    ['epoch', { ...epochOf(7), chainLength: null }],
    ['epochs_erased', { kind: 'epochs_erased', roomId: 'r', keyIds: [new Uint8Array(16), new Uint8Array(16).fill(1)] }],
    ['person', PERSON],
    ['person', { ...PERSON, pinnedBefore: bytes(3) }],
    ['room', { kind: 'room', roomId: 'r', floor }],
    ['phrase_made', { kind: 'phrase_made', identityProof: bytes(1), time: 5, asked: [{ position: 0, word: 'wave' }] }],
    ['phrase_checked', { kind: 'phrase_checked', identityProof: bytes(1) }],
  ])('of the kind %s is read as it was written', (_, record) => {
    expect(decodeVaultRecord(encodeVaultRecord(record))).toEqual(record);
  });

  it('that no device could read is not written', () => {
    expect(() => encodeVaultRecord({ kind: 'identity', seed: new Uint8Array(31) })).toThrow();
    const nobody = knownPersonOf('bob', { pinned: { identity: new Uint8Array(31), seenAt: START } });
    expect(() => encodeVaultRecord({ ...PERSON, person: nobody })).toThrow();
    expect(decodeVaultRecord(bytes(0))).toBeNull();
  });
});
