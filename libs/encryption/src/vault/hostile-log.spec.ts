import { randomBytes, sha256 } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { padBytes } from '../bytes/padding';
import { createSigningKey } from '../bytes/signing';
import { sealBytes } from '../bytes/symmetric';
import { memoryVault, MemoryVaultServer } from '../testing/memory-vault';
import { TestPerson } from '../testing/people';
import { type VaultEntry } from './ports';
import { AttackedVault, epochOf, personOf, refusalOf } from './testing/attacked-vault';
import { sealingKeyOf } from './vault-key';
import { sealRecords } from './vault-log';
import { recordIdOf } from './vault-record';
import { type VaultRefusalReason } from './vault-refusal';

type HeaderEntry = Extract<VaultEntry, { kind: 'header' }>;
type RecordEntry = Extract<VaultEntry, { kind: 'record' }>;

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

const appended = (...entries: VaultEntry[]) => attacked.showing([...server.entries, ...entries]);
/** @returns the log with another record at that place */
const changed = (all: readonly VaultEntry[], index: number, change: Partial<RecordEntry>) =>
  all.with(index, { ...(all[index] as RecordEntry), ...change });
const nothing = new Uint8Array(32);

describe('a log', () => {
  it('takes no record of another user', async () => {
    const bobs = new MemoryVaultServer();
    const vault = memoryVault(bob!.device, bobs);
    await vault.create(bob!.identitySeed);
    await vault.append([personOf('dora')]);
    const foreign = bobs.entries.at(-1)!;
    expect(await attacked.judge(appended(foreign))).toBe('forged');
    expect(await attacked.judgeAnew(attacked.showing(server.entries.with(4, foreign)))).toBe('forged');
    const floor = await attacked.positionBehind(bobs.entries);
    expect(await attacked.judgeAnew(bobs, { identity: ann!.identity.publicKey, floor })).toBe('other_user');
  });

  it('takes no record of another user even if both had one vault key', async () => {
    const { newestHeader: header } = attacked;
    const position = await attacked.positionBehind(server.entries);
    const kept = [{ recordId: randomBytes(16), record: personOf('dora') }];
    const sealingKey = await sealingKeyOf(header, await attacked.keyOf('phone'));
    const foreign = await sealRecords({ ...header, userId: 'bob' }, sealingKey, position, kept);
    expect(await attacked.judge(appended(...foreign))).toBe('forged');
    expect(await attacked.judge(appended(...(await sealRecords(header, sealingKey, position, kept))))).toBeUndefined();
  });

  it.each<[string, (all: readonly VaultEntry[]) => readonly VaultEntry[], VaultRefusalReason, VaultRefusalReason]>([
    ['an older record at its end', (all) => [...all, all[2]!], 'forged', 'forged'],
    ['an older record in the place of another one', (all) => all.with(4, all[2]!), 'forked', 'forged'],
    ['two records in another order', (all) => all.with(3, all[4]!).with(4, all[3]!), 'forked', 'forged'],
    ['one record left out', (all) => all.toSpliced(3, 1), 'cut_short', 'forged'],
    ['the header again', (all) => [...all, all[0]!], 'other_generation', 'other_generation'],
    ['no header', (all) => all.slice(1), 'cut_short', 'other_generation'],
    [
      'a header that is none',
      (all) => [...all, { ...(all[0] as HeaderEntry), header: nothing }],
      'malformed',
      'malformed',
    ],
    ['a record under another id', (all) => changed(all, 4, { recordId: randomBytes(16) }), 'forked', 'forged'],
    ['a box that has another hash', (all) => changed(all, 4, { boxHash: nothing }), 'forked', 'forged'],
    ['nothing', () => [], 'cut_short', 'cut_short'],
  ])('is refused with %s', async (_, change, refused, refusedByNewcomer) => {
    const liar = attacked.showing(change(server.entries));
    expect(await attacked.judge(liar)).toBe(refused);
    expect(await attacked.judgeAnew(liar)).toBe(refusedByNewcomer);
  });

  it('is refused with a box that was changed, or that nobody erased, by whoever has not read it yet', async () => {
    const box = (server.entries[4] as RecordEntry).box!;
    const other = box.with(20, box[20]! ^ 1);
    for (const change of [{ box: other }, { box: other, boxHash: await sha256(other) }])
      expect(await attacked.judgeAnew(attacked.showing(changed(server.entries, 4, change)))).toBe('forged');
    expect(await attacked.judgeAnew(attacked.showing(changed(server.entries, 4, { box: null })))).toBe(
      'record_missing',
    );
    await attacked.phone.append([epochOf(2)]);
    expect(await attacked.judge(attacked.showing(changed(server.entries, 5, { box: null })))).toBe('record_missing');
  });

  it('is refused if it is cut short, by whoever has seen more or been told of more', async () => {
    const short = attacked.showing(server.entries.slice(0, -1));
    expect(await attacked.judge(short)).toBe('cut_short');
    expect(await attacked.judgeAnew(short, await attacked.phone.catchUp())).toBe('cut_short');
    expect(await attacked.judgeAnew(short)).toBeUndefined();
  });

  it('is refused if two devices were given two of them', async () => {
    const other = attacked.copyServer();
    const phones = memoryVault(attacked.deviceOf('phone'), other);
    await phones.openByDevice(await attacked.phone.catchUp());
    await attacked.laptop.append([personOf('dora')]);
    for (const name of ['emil', 'fred']) {
      await phones.append([personOf(name)]);
      expect(await attacked.judge(other)).toBe('forked');
      expect(await attacked.judgeAnew(other, await attacked.laptop.catchUp())).toBe('forked');
    }
  });

  it('has no place for records that never were, behind erased ones', async () => {
    const erased = await recordIdOf(epochOf(1));
    await attacked.phone.append([{ kind: 'epochs_erased', roomId: 'room', keyIds: [erased] }]);
    expect(await attacked.judgeAnew(server)).toBeUndefined();
    const empty = server.entries.find((entry) => entry.kind === 'record' && entry.box === null)!;
    expect(await attacked.judgeAnew(appended(empty))).toBe('record_missing');
    expect(await attacked.judge(appended(empty))).toBe('record_missing');
  });

  it('with a record that only a newer version knows waits for the update', async () => {
    const { newestHeader: header } = attacked;
    const { head } = await attacked.positionBehind(server.entries);
    const recordId = randomBytes(16);
    const box = await sealBytes(
      await sealingKeyOf(header, await attacked.keyOf('phone')),
      encodeFields('vaultRecordFrame', ['ann', header.generation, recordId, head]),
      padBytes(encodeFields('vaultRecord', ['of another year', 'text'])),
    );
    const newer = { kind: 'record', generation: header.generation, recordId, box, boxHash: await sha256(box) } as const;
    expect(await attacked.judge(appended(newer))).toBe('newer_record');
  });

  it('that the server hides is not made a second time', async () => {
    const hiding = attacked.lying({ fetchLog: async () => [] });
    await attacked.judgeAnew(hiding);
    expect(await refusalOf(memoryVault(attacked.deviceOf('laptop'), hiding).catchUp())).toBe('no_vault');
    expect(server.entries.filter(({ kind }) => kind === 'header')).toHaveLength(1);
  });

  it('to which the server adds nothing is not tried for ever, and what was to be said waits', async () => {
    const deafServer = attacked.lying({ appendToLog: async () => undefined });
    const deaf = memoryVault(attacked.deviceOf('laptop'), deafServer, { store: attacked.laptopStore });
    expect(await refusalOf(deaf.append([personOf('dora')]))).toBe('undecided');
    expect(await refusalOf(deaf.renew(ann!.list))).toBe('undecided');
    await attacked.laptop.sendWaiting();
    expect(attacked.laptopStore.contents.people.has('dora')).toBe(true);
    const empty = attacked.lying({ appendToLog: async () => undefined, fetchLog: async () => [] });
    expect(await refusalOf(memoryVault(bob!.device, empty).create(bob!.identitySeed))).toBe('undecided');
  });
});

describe('a header', () => {
  beforeEach(async () => {
    await attacked.phone.renew(ann!.list);
    await attacked.laptop.catchUp();
  });

  it.each<[string, VaultRefusalReason, () => Promise<VaultEntry>]>([
    ['of a lower generation', 'other_generation', async () => server.entries[0]!],
    [
      'of the same generation',
      'other_generation',
      async () => (await attacked.nextGeneration({ generation: 2 })).entry,
    ],
    [
      'that skips a generation',
      'other_generation',
      async () => (await attacked.nextGeneration({ generation: 4 })).entry,
    ],
    ['of another user', 'other_user', async () => (await attacked.nextGeneration({ userId: 'bob' })).entry],
    ['behind another log', 'forked', async () => (await attacked.nextGeneration({ previous: nothing })).entry],
    [
      'by another identity',
      'other_identity',
      async () => (await attacked.nextGeneration({}, { signer: await createSigningKey() })).entry,
    ],
    [
      'signed by another identity than it names',
      'forged',
      async () => {
        const entry = (await attacked.nextGeneration()).entry as HeaderEntry;
        return { ...entry, signature: await bob!.identity.sign(entry.header) };
      },
    ],
    [
      'that was changed after it was signed',
      'forged',
      async () => {
        const { header } = (await attacked.nextGeneration({ recoveryKeys: [] })).entry as HeaderEntry;
        return { ...((await attacked.nextGeneration()).entry as HeaderEntry), header };
      },
    ],
  ])('%s is refused', async (_, refused, makeEntry) => {
    const liar = appended(await makeEntry());
    expect(await attacked.judge(liar)).toBe(refused);
    expect(await attacked.judgeAnew(liar)).toBe(refused);
  });

  it('by a list of before is refused', async () => {
    ann!.endDevice('phone');
    await attacked.laptop.followDevices(ann!.list);
    const keyBefore = await attacked.keyOf('laptop');
    const { entry } = await attacked.nextGeneration({ endedDevices: 0 }, { keyBefore });
    expect(await attacked.judge(appended(entry))).toBe('list_behind');
  });

  it('of a whole vault of the server’s is refused', async () => {
    const fake = new MemoryVaultServer();
    const liar = memoryVault(attacked.deviceOf('laptop'), fake);
    await liar.create(randomBytes(32));
    const { floor } = await liar.catchUp();
    expect(await attacked.judge(fake)).toBe('cut_short');
    expect(await attacked.judgeAnew(fake, { identity: ann!.identity.publicKey, floor })).toBe('other_identity');
  });
});
