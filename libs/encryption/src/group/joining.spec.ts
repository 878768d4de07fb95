import {
  type ClientState,
  createGroupInfoWithExternalPubAndRatchetTree,
  decodeMlsMessage,
  encodeMlsMessage,
  type GroupInfo,
} from 'ts-mls';
import { type Bytes, utf8Bytes } from '../bytes/bytes';
import { START, type TestDevice, TestPerson } from '../testing/people';
import { NOTE, TestGroup } from '../testing/test-group';
import { encodeCommitNote } from './commit-note';
import { type GroupRefusal } from './group';
import { suiteOf } from './mls/suite';
import { NOTE_EXTENSION } from './mls/wire';
import { setUnmerged, stateOf } from './testing/attacker';

let [ann, bob]: TestPerson[] = [];
let test: TestGroup;

beforeEach(async () => {
  test = await TestGroup.createOfThree();
  [ann, bob] = test.people;
});

describe('a key package', () => {
  it('says whose it is, until it is too old', async () => {
    const { keyPackage } = await test.keyPackageOf(bob!.device);
    const { groups } = ann!.device;
    expect(await groups.readKeyPackage(keyPackage, START)).toMatchObject(bob!.device.leafIdentity());
    expect(await groups.readKeyPackage(keyPackage, START + 38 * 86_400_000)).toEqual({ refused: 'wrong_leaf' });
    expect(await groups.readKeyPackage(keyPackage.slice(0, -1), START)).toEqual({ refused: 'malformed' });
    const changed = keyPackage.with(-1, keyPackage.at(-1)! ^ 1);
    expect(await groups.readKeyPackage(changed, START)).toEqual({ refused: 'wrong_leaf' });
  });
});

describe('joining', () => {
  const dora = async (): Promise<TestDevice> => {
    const person = await TestPerson.create('dora');
    test.policy.setAdmission(person, 'admitted');
    return person.device;
  };
  const welcomeOf = async (device: TestDevice) => {
    const { keyPackage, secret } = await test.keyPackageOf(device);
    const { welcome } = await test.of(ann!.device).prepareCommit({ add: [keyPackage] }, NOTE, test.policy);
    return { welcome: welcome!, secret };
  };

  it('is refused by a welcome for another device, another group, or changed', async () => {
    const device = await dora();
    const { welcome, secret } = await welcomeOf(device);
    const join = (groupId: Bytes, bytes: Bytes, key: Bytes) =>
      device.groups.joinByWelcome(groupId, bytes, key, () => test.policy);
    const other = await test.keyPackageOf(device);
    expect(await join(test.groupId, welcome, other.secret)).toEqual({ refused: 'wrong_device' });
    expect(await join(new Uint8Array(16), welcome, secret)).toEqual({ refused: 'other_group' });
    expect(await join(test.groupId, welcome.with(-1, welcome.at(-1)! ^ 1), secret)).toEqual({
      refused: 'wrong_device',
    });
    expect(await join(test.groupId, welcome.slice(0, -1), secret)).toEqual({ refused: 'malformed' });
    expect(await join(test.groupId, welcome, utf8Bytes('else'))).toEqual({ refused: 'malformed' });
    expect(await join(test.groupId, welcome, secret)).toMatchObject({ note: NOTE });
  });

  it('is refused if the chain does not reach as far as the welcome says, or a leaf is a ghost', async () => {
    const device = await dora();
    const { welcome, secret } = await welcomeOf(device);
    const join = (policyFor: () => TestGroup['policy'] | null) =>
      device.groups.joinByWelcome(test.groupId, welcome, secret, policyFor);
    expect(await join(() => null)).toEqual({ refused: 'chain_behind' });
    bob!.list = { ...bob!.list, devices: [] };
    expect(await join(() => test.policy)).toEqual({ refused: 'ghost_device' });
    test.policy.setAdmission(bob!, 'never');
    expect(await join(() => test.policy)).toEqual({ refused: 'not_admitted' });
  });

  it('by commit needs a group info of that group', async () => {
    const device = await dora();
    const info = await test.of(ann!.device).exportGroupInfo(NOTE);
    const join = (groupId: Bytes, bytes: Bytes) =>
      device.groups.joinByCommit(groupId, bytes, device.leafIdentity(), NOTE, () => test.policy);
    expect(await join(new Uint8Array(16), info)).toEqual({ refused: 'other_group' });
    expect(await join(test.groupId, info.slice(0, -1))).toEqual({ refused: 'malformed' });
    expect(await join(test.groupId, info.with(-1, info.at(-1)! ^ 1))).toEqual({ refused: 'unprocessable' });
  });

  // The first two end a process that uses the library’s own joining: it walks up from a leaf that is nowhere.
  it.each<[string, GroupRefusal, (state: ClientState) => void]>([
    [
      'an unmerged leaf far outside of the tree',
      'bad_tree',
      ({ ratchetTree }) => setUnmerged(ratchetTree, [2 ** 31 - 1]),
    ],
    [
      'an unmerged leaf right outside of the tree',
      'bad_tree',
      ({ ratchetTree }) => setUnmerged(ratchetTree, [ratchetTree.length]),
    ],
    ['an unmerged leaf twice', 'bad_tree', ({ ratchetTree }) => setUnmerged(ratchetTree, [0, 0])],
    ['a parent in the place of a leaf', 'bad_tree', ({ ratchetTree }) => (ratchetTree[2] = ratchetTree[1])],
    ['a key twice', 'bad_tree', ({ ratchetTree }) => (ratchetTree[2] = ratchetTree[0])],
    ['another tree than its hash says', 'bad_tree', ({ ratchetTree }) => (ratchetTree[2] = undefined)],
    [
      'an extension of the group',
      'malformed',
      ({ groupContext }) => groupContext.extensions.push({ extensionType: 0xf002, extensionData: new Uint8Array() }),
    ],
  ])('is refused with %s', async (_, refused, change) => {
    await test.commit(bob!.device);
    await test.commit(ann!.device);
    const device = await dora();
    const state = stateOf(test.of(ann!.device));
    change(state);
    const note = { extensionType: NOTE_EXTENSION, extensionData: encodeCommitNote(NOTE) };
    const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(
      state,
      [note],
      await suiteOf(ann!.device.signing),
    );
    const info = new Uint8Array(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo }));
    const joined = device.groups.joinByCommit(test.groupId, info, device.leafIdentity(), NOTE, () => test.policy);
    expect(await joined).toEqual({ refused });
  });

  it.each<[string, (info: GroupInfo) => unknown]>([
    [
      'no note',
      (info) => (info.extensions = info.extensions.filter(({ extensionType }) => extensionType !== NOTE_EXTENSION)),
    ],
    [
      'no tree',
      (info) => (info.extensions = info.extensions.filter(({ extensionType }) => extensionType !== 'ratchet_tree')),
    ],
    [
      'two trees',
      (info) => info.extensions.push(info.extensions.find(({ extensionType }) => extensionType === 'ratchet_tree')!),
    ],
    [
      'no key for joiners',
      (info) => (info.extensions = info.extensions.filter(({ extensionType }) => extensionType !== 'external_pub')),
    ],
    [
      'a tree that is none',
      (info) =>
        (info.extensions.find(({ extensionType }) => extensionType === 'ratchet_tree')!.extensionData = new Uint8Array(
          1,
        )),
    ],
  ])('is refused with %s', async (_, change) => {
    const device = await dora();
    const info = await test.of(ann!.device).exportGroupInfo(NOTE);
    const message = decodeMlsMessage(info, 0)![0];
    if (message.wireformat === 'mls_group_info') change(message.groupInfo);
    const bytes = new Uint8Array(encodeMlsMessage(message));
    const joined = device.groups.joinByCommit(test.groupId, bytes, device.leafIdentity(), NOTE, () => test.policy);
    expect(await joined).toEqual({ refused: 'malformed' });
  });
});
