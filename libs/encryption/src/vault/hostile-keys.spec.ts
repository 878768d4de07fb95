import { type Bytes, randomBytes, sha256 } from '../bytes/bytes';
import { createSigningKey } from '../bytes/signing';
import { type Device } from '../identity/device';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../testing/memory-vault';
import { TestPerson } from '../testing/people';
import { createPhrase } from './phrase';
import { type VaultDelivery, type VaultEntry, type VaultWrap } from './ports';
import { AttackedVault, personOf, refusalOf } from './testing/attacked-vault';
import { beginGeneration } from './vault-generation';
import { sealingKeyOf, wrapVaultKey } from './vault-key';
import { followLog, LOG_START, openRecords, sealRecords } from './vault-log';
import { type VaultRecord } from './vault-record';
import { type VaultRefusalReason } from './vault-refusal';

let [ann, bob]: TestPerson[] = [];
let attacked: AttackedVault;
let server: MemoryVaultServer;

beforeAll(async () => {
  ann = await TestPerson.create('ann', ['phone', 'laptop']);
  bob = await TestPerson.create('bob');
});

beforeEach(async () => {
  ann!.listOnly(['phone', 'laptop']);
  attacked = await AttackedVault.create(ann!);
  server = attacked.server;
});

const laptopKey = (): Bytes => attacked.deviceOf('laptop').receiving.publicKey;

describe('a vault key', () => {
  it.each<[string, VaultRefusalReason, () => Promise<(VaultWrap | undefined)[]>]>([
    ['for another device', 'wrong_key', async () => [await attacked.wrapOf('phone', 2)]],
    ['of the generation before', 'wrong_key', async () => [await attacked.wrapOf('laptop', 1)]],
    [
      'of the server’s',
      'wrong_key',
      async () => [await wrapVaultKey(attacked.newestHeader, randomBytes(32), laptopKey())],
    ],
    ['for nobody', 'no_wrap', async () => []],
  ])('%s in the place of the own one is refused', async (_, refused, wrapsFor) => {
    await attacked.phone.renew(ann!.list);
    const recipient = await sha256(laptopKey());
    const wraps = (await wrapsFor()).map((wrap) => ({ ...wrap!, recipient, generation: 2 }));
    const liar = attacked.lying({ fetchWraps: async () => wraps });
    expect(await attacked.judge(liar)).toBe(refused);
    expect(await attacked.judgeAnew(liar)).toBe(refused);
    expect(await attacked.judge(server)).toBeUndefined();
  });

  it('of the server’s, with records that it has sealed by it behind the first header, is refused', async () => {
    const { newestHeader: header } = attacked;
    const [first] = server.entries;
    const [key, position] = [randomBytes(32), await attacked.positionBehind([first!])];
    const kept = [{ recordId: randomBytes(16), record: personOf('ghost') }];
    const ghosts = await sealRecords(header, await sealingKeyOf(header, key), position, kept);
    const wraps = [await wrapVaultKey(header, key, laptopKey())];
    const liar = attacked.lying({
      fetchLog: async (from) => [first!, ...ghosts].slice(from),
      fetchWraps: async () => wraps,
    });
    expect(await attacked.judgeAnew(liar)).toBe('wrong_key');
  });

  it('that does not match its header is refused, even if a device of the user has sealed it', async () => {
    const [right, other] = [await attacked.nextGeneration(), await attacked.nextGeneration()];
    const { entry } = right;
    await server.appendToLog(server.entries.length, { entries: [entry], wraps: other.wraps, erased: [] });
    expect(await attacked.judge(server)).toBe('wrong_key');
    expect(await attacked.judgeAnew(server)).toBe('wrong_key');
  });

  it('that comes with another one of before than there was is refused', async () => {
    const { entry, wraps } = await attacked.nextGeneration({}, { keyBefore: randomBytes(32) });
    await server.appendToLog(server.entries.length, { entries: [entry], wraps, erased: [] });
    expect(await attacked.judge(server)).toBe('wrong_key');
    expect(await attacked.judgeAnew(server)).toBe('wrong_key');
  });

  it('brings no other identity', async () => {
    const { header, key, entry, wraps } = await attacked.nextGeneration();
    const record: VaultRecord = { kind: 'identity', seed: bob!.identitySeed };
    const position = await attacked.positionBehind([...server.entries, entry]);
    const kept = [{ recordId: randomBytes(16), record }];
    const entries = [entry, ...(await sealRecords(header, await sealingKeyOf(header, key), position, kept))];
    await server.appendToLog(server.entries.length, { entries, wraps, erased: [] });
    expect(await attacked.judge(server)).toBe('other_identity');
  });
});

describe('a device that was taken away', () => {
  beforeEach(async () => {
    ann!.endDevice('laptop');
    await attacked.phone.followDevices(ann!.list);
    await attacked.phone.append([personOf('dora')]);
  });

  /** @returns the key under which the laptop has read */
  const oldKey = async () => {
    const [first] = attacked.headers;
    return sealingKeyOf(first!, await attacked.keyOf('laptop', first));
  };

  it('gets no wrap, and opens nothing that came later', async () => {
    expect(await attacked.wrapOf('laptop', 2)).toBeUndefined();
    expect(await attacked.judge(server)).toBe('no_wrap');
    const stolen = { ...(await attacked.wrapOf('phone', 2))!, recipient: await sha256(laptopKey()) };
    expect(await attacked.judge(attacked.lying({ fetchWraps: async () => [stolen] }))).toBe('wrong_key');
    const owner = { userId: 'ann', identity: ann!.identity.publicKey };
    const { records } = await followLog(owner, { position: LOG_START, header: null }, server.entries, null);
    const key = await oldKey();
    const keys = new Map([1, 2].map((generation) => [generation, key]));
    expect(await openRecords(records.slice(0, -1), keys)).toHaveLength(4);
    expect(await refusalOf(openRecords(records.slice(-1), keys))).toBe('forged');
  });

  it('adds nothing by the key that it had', async () => {
    const kept = [{ recordId: randomBytes(16), record: personOf('ghost') }];
    const position = await attacked.positionBehind(server.entries);
    for (const [generation, refused] of [
      [1, 'other_generation'],
      [2, 'forged'],
    ] as const) {
      const header = { ...attacked.newestHeader, generation };
      const ghosts = await sealRecords(header, await oldKey(), position, kept);
      const liar = attacked.showing([...server.entries, ...ghosts]);
      const phones = memoryVault(attacked.deviceOf('phone'), liar);
      expect(await refusalOf(phones.openByDevice(await attacked.phone.catchUp()))).toBe(refused);
    }
  });

  it('is let in again by no list of before', async () => {
    const devices = ann!.list.devices.map((device) =>
      device.deviceId === 'laptop' ? { ...device, receivingKey: laptopKey(), until: null } : device,
    );
    const before = { ...ann!.list, version: 1, devices };
    const { phone } = attacked;
    expect(await refusalOf(phone.followDevices(before))).toBe('list_behind');
    expect(await refusalOf(phone.renew(before))).toBe('list_behind');
    expect(await refusalOf(phone.replacePhrase(before, createPhrase()))).toBe('list_behind');
    expect(await attacked.wrapOf('laptop', 2)).toBeUndefined();
  });

  it('renews nothing, also before anybody has noticed', async () => {
    const late = new MemoryVaultServer();
    late.entries.push(...server.entries.slice(0, 5));
    const ended = memoryVault(attacked.deviceOf('laptop'), late, { store: attacked.laptopStore });
    expect(await refusalOf(ended.renew(ann!.list))).toBe('ended_device');
    expect(await refusalOf(ended.renew(bob!.list))).toBe('other_identity');
    expect(late.entries).toHaveLength(5);
  });
});

describe('a phrase', () => {
  const phrase = createPhrase();
  /** What becomes of it on a device without any past. */
  const openBy = (words: readonly string[], delivery: VaultDelivery = server) => {
    const device: Device = { ...bob!.device, userId: 'ann' };
    return refusalOf(memoryVault(device, delivery).openByPhrase(words.join(' ')));
  };

  it('is asked for in vain where there is none', async () => {
    expect(await openBy(phrase)).toBe('no_phrase');
    expect(await openBy(phrase, attacked.showing([]))).toBe('no_vault');
  });

  it('opens nothing if it is another one, none, or another user’s', async () => {
    await attacked.phone.replacePhrase(ann!.list, phrase);
    expect(await openBy(phrase)).toBeUndefined();
    expect(await openBy(createPhrase())).toBe('wrong_phrase');
    expect(await openBy(phrase.toReversed())).toBe('wrong_phrase');
    const bobs = new MemoryVaultServer();
    const vault = memoryVault(bob!.device, bobs);
    await vault.create(bob!.identitySeed);
    await vault.replacePhrase(bob!.list, phrase);
    expect(await openBy(phrase, bobs)).toBe('wrong_phrase');
    expect(await refusalOf(memoryVault(bob!.device, server).openByPhrase(phrase.join(' ')))).toBe('wrong_phrase');
  });

  it('opens nothing that came after it was replaced', async () => {
    await attacked.phone.replacePhrase(ann!.list, phrase);
    const before: readonly VaultEntry[] = [...server.entries];
    await attacked.phone.replacePhrase(ann!.list, createPhrase());
    await attacked.phone.append([personOf('dora')]);
    expect(await openBy(phrase)).toBe('wrong_phrase');
    // Who kept a copy opens that, and nobody who has seen more takes it.
    const copy = attacked.showing(before);
    expect(await openBy(phrase, copy)).toBeUndefined();
    await attacked.laptop.catchUp();
    const laptops = memoryVault(attacked.deviceOf('laptop'), copy, { store: attacked.laptopStore });
    expect(await refusalOf(laptops.openByPhrase(phrase.join(' ')))).toBe('cut_short');
  });

  it('opens no vault that the server has made for it', async () => {
    await attacked.phone.replacePhrase(ann!.list, phrase);
    const { recoveryKeys } = attacked.newestHeader;
    const start = { userId: 'ann', generation: 1, previous: LOG_START.head, endedDevices: 0, recoveryKeys };
    const publicKeys = recoveryKeys.map(({ publicKey }) => publicKey);
    const { entry, wraps } = await beginGeneration(await createSigningKey(), start, null, publicKeys);
    const fake = new MemoryVaultServer();
    await fake.appendToLog(0, { entries: [entry], wraps, erased: [] });
    expect(await openBy(phrase, fake)).toBe('other_identity');
    // Not even if the server shows the right header first, and its own one when the vault is read.
    let asked = 0;
    const shifty = attacked.lying({
      fetchLog: (from) => (asked++ === 0 ? server.fetchLog(from) : fake.fetchLog(from)),
      fetchWraps: (generation) => fake.fetchWraps(generation),
    });
    expect(await openBy(phrase, shifty)).toBe('other_identity');
  });

  it('does not change the identity that a device has', async () => {
    await attacked.phone.replacePhrase(ann!.list, phrase);
    const store = new MemoryVaultStore();
    await memoryVault(attacked.deviceOf('phone'), new MemoryVaultServer(), { store }).create();
    const other = memoryVault(attacked.deviceOf('phone'), server, { store });
    expect(await refusalOf(other.openByPhrase(phrase.join(' ')))).toBe('other_identity');
    expect(await refusalOf(other.openByDevice(await attacked.phone.catchUp()))).toBe('other_identity');
  });
});
