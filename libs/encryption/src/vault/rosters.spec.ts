import fc from 'fast-check';
import { type Bytes, hexOf, randomBytes, sha256 } from '../bytes/bytes';
import { type EpochDevice } from '../seal/epoch-key';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../testing/memory-vault';
import { TestPerson } from '../testing/people';
import { type VaultEntry } from './ports';
import { type LoggedEntry } from './roster-book';
import { AttackedVault } from './testing/attacked-vault';
import { type Vault } from './vault';
import { sealingKeyOf } from './vault-key';
import { sealRecords } from './vault-log';
import { encodeVaultRecord, type LoggedRecord, recordIdOf, type VaultRecord } from './vault-record';
import { joinRosterParts, rosterIdOf, rosterPartsOf } from './vault-roster';

type EpochOfVault = Extract<VaultRecord, { kind: 'epoch' }>;

const bytes = (n: number, length = 32): Bytes => new Uint8Array(length).fill(n);
const deviceOf = (n: number): EpochDevice => ({
  userId: `user ${n >> 1}`,
  deviceId: `device ${n}`,
  identity: bytes(n >> 1),
  signingKey: bytes(n),
});
const epochOf = (group: number, epoch: number, devices: readonly number[]): EpochOfVault => ({
  kind: 'epoch',
  groupId: bytes(group, 40),
  epoch,
  secret: bytes(epoch),
  roster: devices.map(deviceOf),
  chainLength: 1,
});

let ann: TestPerson;
let server: MemoryVaultServer;
let store: MemoryVaultStore;
let [phone, laptop]: Vault[] = [];

beforeAll(async () => {
  ann = await TestPerson.create('ann', ['phone', 'laptop']);
});

beforeEach(async () => {
  ann.listOnly(['phone', 'laptop']);
  server = new MemoryVaultServer();
  store = new MemoryVaultStore();
  phone = memoryVault(ann.devices[0]!, server, { store });
  laptop = memoryVault(ann.devices[1]!, server);
  await phone.create(ann.identitySeed);
  await laptop.openByDevice(await phone.followDevices(ann.list));
});

/** @returns the epochs as a device has them that reads the vault for the first time */
async function epochsOfNewcomer(): Promise<VaultRecord[]> {
  const fresh = new MemoryVaultStore();
  await memoryVault(ann.devices[1]!, server, { store: fresh }).openByDevice(await phone!.catchUp());
  return [...fresh.records.values()].map(({ record }) => record).filter(({ kind }) => kind === 'epoch');
}

const sizeOf = (entries: readonly VaultEntry[]): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === 'record' ? (entry.box?.length ?? 0) : entry.header.length), 0);

describe('the roster of an epoch', () => {
  it('is put together again of any other one', () => {
    const devices = fc.uniqueArray(fc.nat(30), { maxLength: 30 }).map((numbers) => numbers.map(deviceOf));
    fc.assert(
      fc.property(devices, devices, (before, roster) => {
        expect(joinRosterParts(before, rosterPartsOf(before, roster))).toEqual(roster);
      }),
    );
  });

  it('comes back whatever became of it, in each group by itself, whichever device said it', async () => {
    const epochs = [
      epochOf(1, 1, [1, 2, 3]),
      epochOf(2, 1, [7]),
      epochOf(1, 2, [1, 2, 3]),
      epochOf(1, 3, [1, 3]),
      epochOf(2, 2, [7, 1, 2, 3]),
      epochOf(1, 4, [1, 9, 3]),
      epochOf(1, 5, []),
      epochOf(1, 6, [3, 1]),
      epochOf(1, 7, [1, 2, 3]),
    ];
    for (const [i, epoch] of epochs.entries()) await [phone, laptop][i % 2]!.append([epoch]);
    await phone!.renew(ann.list);
    await laptop!.append([epochOf(2, 3, [7, 1, 2])]);
    expect(await epochsOfNewcomer()).toEqual([...epochs, epochOf(2, 3, [7, 1, 2])]);
  });

  it('comes back if many wait at once, and two devices say the same at once', async () => {
    const epochs = Array.from({ length: 60 }, (_, i) => epochOf(1, i, [1, 2, i + 3]));
    await Promise.all([phone!.append(epochs), laptop!.append(epochs)]);
    const back = await epochsOfNewcomer();
    expect(back).toHaveLength(epochs.length);
    expect(back).toEqual(expect.arrayContaining(epochs));
  });

  it('stays for later epochs when its own is erased', async () => {
    await phone!.append([epochOf(1, 1, [1, 2, 3]), epochOf(1, 2, [1, 2])]);
    const keyIds = [await recordIdOf(epochOf(1, 1, [1, 2, 3]))];
    await phone!.append([{ kind: 'epochs_erased', roomId: 'room', keyIds }, epochOf(1, 3, [1, 2, 4])]);
    expect(await epochsOfNewcomer()).toEqual([epochOf(1, 2, [1, 2]), epochOf(1, 3, [1, 2, 4])]);
  });

  it('costs what has changed in it', async () => {
    const all = Array.from({ length: 200 }, (_, n) => n);
    const uuid = (n: number) => `0198c0de-7a51-7c3e-9d2b-${String(n).padStart(12, '0')}`;
    const real = (epoch: EpochOfVault): EpochOfVault => ({
      ...epoch,
      roster: epoch.roster.map((one, i) => ({ ...one, userId: uuid(i >> 1), deviceId: uuid(1000 + i) })),
    });
    const first = real(epochOf(1, 1, all));
    expect(encodeVaultRecord(first).length).toBeGreaterThan(30_000);
    await phone!.append([first]);
    const before = sizeOf(server.entries);
    const same = [2, 3, 4, 5].map((epoch) => ({ ...first, epoch, secret: bytes(epoch) }));
    await phone!.append(same);
    expect((sizeOf(server.entries) - before) / same.length).toBeLessThan(300);
    let { roster } = first;
    const moved = [6, 7, 8, 9].map((epoch) => {
      roster = roster.with(epoch * 10, { ...deviceOf(200 + epoch), userId: uuid(epoch), deviceId: uuid(epoch + 2000) });
      return { ...first, epoch, secret: bytes(epoch), roster };
    });
    const between = sizeOf(server.entries);
    await phone!.append(moved);
    expect((sizeOf(server.entries) - between) / moved.length).toBeLessThan(800);
    expect(await epochsOfNewcomer()).toEqual([first, ...same, ...moved]);
  });
});

describe('what waits', () => {
  it('is sent in steps that a server takes', async () => {
    const steps: number[][] = [];
    const taking = new Proxy(server, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as unknown;
        if (name !== 'appendToLog' || typeof method !== 'function') return method;
        return (...parameters: Parameters<MemoryVaultServer['appendToLog']>) => {
          const [, { entries, erased }] = parameters;
          steps.push([entries.length, sizeOf(entries), erased.length]);
          return method.apply(target, parameters) as unknown;
        };
      },
    });
    const ids = Array.from({ length: 1000 }, (_, i) => bytes(i, 16));
    const all = Array.from({ length: 200 }, (_, n) => n);
    const large = Array.from({ length: 40 }, (_, i) => epochOf(i, 1, all));
    await memoryVault(ann.devices[0]!, taking, { store }).append([
      ...large,
      ...[0, 1, 2, 3, 4].map((i) => {
        const keyIds = ids.slice(i * 150, (i + 1) * 150);
        return { kind: 'epochs_erased', roomId: 'room', keyIds } as const;
      }),
    ]);
    expect(steps.length).toBeGreaterThan(5);
    for (const [entries, size, erased] of steps) {
      expect(entries).toBeLessThanOrEqual(200);
      expect(size).toBeLessThanOrEqual(1024 * 1024);
      expect(erased).toBeLessThanOrEqual(200);
    }
    expect(await epochsOfNewcomer()).toEqual(large);
  });

  it('erases no more by one record than a server takes', () => {
    const keyIds = Array.from({ length: 201 }, () => bytes(1, 16));
    expect(() => encodeVaultRecord({ kind: 'epochs_erased', roomId: 'room', keyIds })).toThrow();
  });
});

describe('rosters that do not fit are refused', () => {
  let attacked: AttackedVault;
  const groupId = bytes(1, 40);
  const roster = [1, 2, 3].map(deviceOf);
  const nobody = new Uint8Array();

  beforeEach(async () => {
    attacked = await AttackedVault.create(ann);
    await attacked.phone.append([epochOf(1, 1, [1, 2, 3])]);
    await attacked.laptop.catchUp();
  });

  /** @returns why the laptop refuses these records of another device of its own */
  async function judge(...entries: LoggedEntry[]) {
    const { newestHeader: header } = attacked;
    const position = await attacked.positionBehind(attacked.server.entries);
    const key = await sealingKeyOf(header, await attacked.keyOf('phone'));
    const sealed = await sealRecords(header, key, position, entries);
    return attacked.judge(attacked.showing([...attacked.server.entries, ...sealed]));
  }
  const rosterOf = async (before: Bytes, parts: Extract<LoggedRecord, { kind: 'roster' }>['parts'], of = roster) => {
    const recordId = await rosterIdOf(groupId, before, of);
    return { recordId, record: { kind: 'roster', groupId, before, parts } as const };
  };
  const shortEpoch = (rosterId: Bytes) => {
    const record = { kind: 'short_epoch', groupId, epoch: 2, secret: bytes(2), rosterId, chainLength: 1 } as const;
    return { recordId: randomBytes(16), record };
  };

  it('an epoch with another roster than the newest of its group', async () => {
    const known = await rosterIdOf(groupId, nobody, roster);
    for (const rosterId of [nobody, randomBytes(16), (await sha256(known)).slice(0, 16)])
      expect(await judge(shortEpoch(rosterId))).toBe('malformed');
    expect(await judge(shortEpoch(known))).toBeUndefined();
  });

  it('a roster that goes on from another one, or is none', async () => {
    const known = await rosterIdOf(groupId, nobody, roster);
    const next = [deviceOf(4)];
    expect(await judge(await rosterOf(nobody, next, next))).toBe('malformed');
    expect(await judge({ ...(await rosterOf(known, next, next)), recordId: randomBytes(16) })).toBe('malformed');
    expect(await judge(await rosterOf(known, [{ from: 1, count: 3 }]))).toBe('malformed');
    expect(await judge(await rosterOf(known, next, next))).toBeUndefined();
  });

  it('a roster of more devices than a group can have', async () => {
    const known = await rosterIdOf(groupId, nobody, roster);
    const parts = Array.from({ length: 67 }, () => ({ from: 0, count: 3 }));
    const many = parts.flatMap(() => roster);
    expect(many.length).toBe(201);
    expect(await judge(await rosterOf(known, parts, many))).toBe('malformed');
    const allowed = parts.slice(1);
    const asMany = allowed.flatMap(() => roster);
    expect(await judge(await rosterOf(known, allowed, asMany))).toBeUndefined();
  });

  it('a log whose server has lost a roster', async () => {
    const rosterId = hexOf(await rosterIdOf(groupId, nobody, roster));
    const lacking = attacked.server.entries.map((entry) =>
      entry.kind === 'record' && hexOf(entry.recordId) === rosterId ? { ...entry, box: null } : entry,
    );
    expect(await attacked.judgeAnew(attacked.showing(lacking))).toBe('record_missing');
  });
});
