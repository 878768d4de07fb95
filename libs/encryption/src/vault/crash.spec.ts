import { type Bytes, hexOf } from '../bytes/bytes';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../testing/memory-vault';
import { TestPerson } from '../testing/people';
import { CrashError } from '../testing/turnstile';
import { createPhrase } from './phrase';
import { type Vault } from './vault';
import { type VaultRecord } from './vault-record';

/** A device at a server, of which every call to store or server can be the last one. */
interface Setting {
  readonly server: MemoryVaultServer;
  readonly phoneStore: MemoryVaultStore;
  readonly laptopStore: MemoryVaultStore;
  /** Never crashes. */
  readonly phone: Vault;
}

interface Step {
  readonly name: string;
  readonly prepare?: (setting: Setting) => Promise<unknown>;
  /** What may be cut off anywhere, and is done again. */
  readonly run: (phone: Vault, laptop: Vault, setting: Setting) => Promise<unknown>;
  readonly check: (setting: Setting) => Promise<unknown>;
}

const bytes = (n: number): Bytes => new Uint8Array(32).fill(n);
const epochs = [1, 2].map((n): VaultRecord => ({
  kind: 'epoch',
  groupId: bytes(9),
  epoch: n,
  secret: bytes(n),
  roster: [],
  chainLength: 1,
}));
const phrase = createPhrase();
let ann: TestPerson;

beforeAll(async () => {
  ann = await TestPerson.create('ann', ['phone', 'laptop']);
});
beforeEach(() => ann.listOnly(['phone', 'laptop']));

const listWithoutLaptop = () => {
  ann.listOnly(['phone', 'laptop']);
  ann.endDevice('laptop');
  return ann.list;
};
const generationsOf = ({ server }: Setting): number => server.entries.filter(({ kind }) => kind === 'header').length;
const recordIdsOf = ({ server }: Setting): string[] =>
  server.entries.flatMap((entry) => (entry.kind === 'record' ? hexOf(entry.recordId) : []));
const makeVault = async ({ phone }: Setting): Promise<void> => {
  await phone.create(ann.identitySeed);
  await phone.append(epochs);
};
const expectAllThere = async (setting: Setting): Promise<void> => {
  const store = new MemoryVaultStore();
  const fresh = memoryVault(ann.device, setting.server, { store });
  await fresh.openByDevice(await setting.phone.catchUp());
  const kinds = [...store.records.values()].map(({ record }) => record.kind);
  expect(kinds.slice(0, 3)).toEqual(['identity', 'epoch', 'epoch']);
  expect(new Set(recordIdsOf(setting)).size).toBe(recordIdsOf(setting).length);
  expect([...store.records.keys()]).toEqual([...setting.phoneStore.records.keys()]);
};

const STEPS: readonly Step[] = [
  {
    name: 'making the vault',
    run: (phone) => phone.create(ann.identitySeed),
    check: async (setting) => {
      expect(setting.server.entries.map(({ kind }) => kind)).toEqual(['header', 'record']);
      expect(await setting.phoneStore.readIdentitySeed()).toEqual(ann.identitySeed);
    },
  },
  {
    name: 'appending',
    prepare: ({ phone }) => phone.create(ann.identitySeed),
    run: (phone) => phone.append(epochs),
    check: async (setting) => {
      expect(recordIdsOf(setting)).toHaveLength(3);
      expect(await setting.phoneStore.readWaiting()).toEqual([]);
      await expectAllThere(setting);
    },
  },
  {
    name: 'erasing',
    prepare: makeVault,
    run: async (phone, _, { phoneStore }) => {
      const keyIds = [...phoneStore.records.values()]
        .filter(({ record }) => record.kind === 'epoch')
        .map(({ recordId }) => recordId);
      if (keyIds.length > 0) await phone.append([{ kind: 'epochs_erased', roomId: 'room', keyIds }]);
      else await phone.sendWaiting();
    },
    check: async ({ server, phoneStore }) => {
      expect(server.entries.filter((entry) => entry.kind === 'record' && entry.box === null)).toHaveLength(2);
      expect([...phoneStore.records.values()].some(({ record }) => record.kind === 'epoch')).toBe(false);
    },
  },
  {
    name: 'letting a device in',
    prepare: makeVault,
    run: async (phone, laptop) => {
      await phone.followDevices(ann.list);
      await laptop.openByDevice(await phone.catchUp());
    },
    check: async (setting) => {
      expect(generationsOf(setting)).toBe(1);
      expect([...setting.laptopStore.records.keys()]).toEqual([...setting.phoneStore.records.keys()]);
      await expectAllThere(setting);
    },
  },
  {
    name: 'taking a device away',
    prepare: makeVault,
    run: (phone) => phone.followDevices(listWithoutLaptop()),
    check: async (setting) => {
      expect(generationsOf(setting)).toBe(2);
      await expectAllThere(setting);
    },
  },
  {
    name: 'replacing the phrase',
    prepare: async (setting) => {
      await makeVault(setting);
      await setting.phone.replacePhrase(ann.list, createPhrase());
    },
    run: (phone) => phone.replacePhrase(ann.list, phrase),
    check: async (setting) => {
      expect(generationsOf(setting)).toBe(3);
      await memoryVault(ann.device, setting.server).openByPhrase(phrase.join(' '));
      await expectAllThere(setting);
    },
  },
  {
    name: 'opening by the phrase',
    prepare: async (setting) => {
      await makeVault(setting);
      await setting.phone.replacePhrase(ann.list, phrase);
    },
    run: (_, laptop) => laptop.openByPhrase(phrase.join(' ')),
    check: async ({ phoneStore, laptopStore }) => {
      expect([...laptopStore.records.keys()]).toEqual([...phoneStore.records.keys()]);
    },
  },
];

it.each(STEPS)('$name may be cut off behind any call to store or server', async ({ prepare, run, check }) => {
  let isWhole = false;
  for (let last = 1; !isWhole; last++) {
    const [server, phoneStore, laptopStore] = [new MemoryVaultServer(), new MemoryVaultStore(), new MemoryVaultStore()];
    const vaultsBy = (wrap: <T extends object>(port: T) => T): [Vault, Vault] => [
      memoryVault(ann.devices[0]!, wrap(server), { store: wrap(phoneStore) }),
      memoryVault(ann.devices[1]!, wrap(server), { store: wrap(laptopStore) }),
    ];
    const [phone, laptop] = vaultsBy((port) => port);
    const setting = { server, phoneStore, laptopStore, phone };
    await prepare?.(setting);
    const [crashingPhone, crashingLaptop] = vaultsBy(crashingBehind(last));
    isWhole = await run(crashingPhone, crashingLaptop, setting).then(() => true, falseIfCrashed);
    await run(phone, laptop, setting);
    await check(setting);
  }
});

/** @returns ports that crash behind that call, all together: which is before the next one, too */
function crashingBehind(last: number): <T extends object>(port: T) => T {
  let calls = 0;
  return (port) =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as unknown;
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          const result: unknown = await method.apply(target, parameters);
          if (++calls >= last) throw new CrashError();
          return result;
        };
      },
    });
}

function falseIfCrashed(error: unknown): boolean {
  if (error instanceof CrashError) return false;
  throw error;
}
