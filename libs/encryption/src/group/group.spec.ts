import { createCommit, decodeMlsMessage, encodeMlsMessage, type Proposal } from 'ts-mls';
import { type Bytes, hexOf, utf8Bytes } from '../bytes/bytes';
import { START, type TestDevice, TestPerson } from '../testing/people';
import { NOTE, TestGroup } from '../testing/test-group';
import { decodeCommitNote, encodeCommitNote } from './commit-note';
import { decodeCredential, encodeCredential } from './credential';
import { type Group, type GroupRefusal } from './group';
import { staleLeaves } from './group-policy';
import { suiteOf } from './mls/suite';
import { stateOf } from './testing/attacker';

let [ann, bob, carl]: TestPerson[] = [];
let test: TestGroup;

beforeEach(async () => {
  test = await TestGroup.createOfThree();
  [ann, bob, carl] = test.people;
});

describe('a group', () => {
  it('has one secret in every epoch, whoever changes it', async () => {
    const seen = new Set<string>();
    const isNew = async (): Promise<void> => {
      const secrets = await test.secrets();
      expect(secrets.size).toBe(1);
      for (const secret of secrets) expect(seen.has(secret)).toBe(false);
      for (const secret of secrets) seen.add(secret);
    };
    await isNew();
    await test.commit(bob!.device);
    await isNew();
    const dora = await TestPerson.create('dora');
    test.policy.setAdmission(dora, 'admitted');
    await test.joinByCommit(dora.device, carl!.device);
    await isNew();
    test.policy.setAdmission(carl!, 'removed');
    await test.remove(dora.device, carl!.device);
    await isNew();
    expect(
      test
        .of(ann!.device)
        .roster.map(({ userId }) => userId)
        .sort(),
    ).toEqual(['ann', 'ann', 'bob', 'dora']);
    expect(test.of(ann!.device).epoch).toBe(4);
  });

  it('gives whoever was removed nothing of what follows', async () => {
    const removed = test.of(carl!.device);
    test.policy.setAdmission(carl!, 'removed');
    await test.remove(ann!.device, carl!.device);
    const next = await test.commit(bob!.device);
    expect(test.groups.has(carl!.device)).toBe(false);
    const secret = hexOf(await removed.exportEpochSecret());
    for (const group of test.groups.values()) expect(hexOf(await group.exportEpochSecret())).not.toBe(secret);
    expect(await removed.processCommit(next.commit, () => test.policy)).toEqual({ refused: 'later_epoch' });
  });

  it('goes on after it was stored, by devices whose signing key nobody gets out', async () => {
    const stored = test.of(bob!.device).encode();
    const again = bob!.device.groups.decode(stored)!;
    test.groups.set(bob!.device, again);
    await test.commit(bob!.device);
    await test.commit(ann!.device);
    expect((await test.secrets()).size).toBe(1);
    expect((bob!.device.signing.stored as CryptoKey).extractable).toBe(false);
  });

  it('is not read from a state of another format or library', () => {
    const stored = test.of(bob!.device).encode();
    const text = String.fromCharCode(...stored);
    const other = Uint8Array.from(text.replace('ts-mls 1.6.4', 'ts-mls 2.0.0'), (char) => char.charCodeAt(0));
    expect(bob!.device.groups.decode(other)).toBeNull();
    expect(bob!.device.groups.decode(utf8Bytes('else'))).toBeNull();
  });

  it('lets a device come back by itself, in the place of its old leaf', async () => {
    await test.joinByCommit(bob!.device, ann!.device);
    const roster = test.of(ann!.device).roster;
    expect(roster.filter(({ userId }) => userId === 'bob')).toHaveLength(1);
    expect((await test.secrets()).size).toBe(1);
  });

  it('takes the first of two commits of an epoch; the other one comes too late', async () => {
    const [one, two] = await Promise.all(
      [ann!, bob!].map(({ device }) => test.of(device).prepareCommit({}, NOTE, test.policy)),
    );
    const group = test.of(carl!.device);
    const processed = await group.processCommit(one!.commit, () => test.policy);
    const next = 'group' in processed ? processed.group! : group;
    for (const commit of [one!.commit, two!.commit])
      expect(await next.processCommit(commit, () => test.policy)).toEqual({ refused: 'past_epoch' });
    expect(await group.processCommit(two!.commit, () => test.policy)).toMatchObject({ committer: { userId: 'bob' } });
  });

  it('erases the secrets of the epoch before when it is told to, not sooner', async () => {
    const before = test.of(ann!.device);
    const { commit, eraseEpochBefore } = await before.prepareCommit({}, NOTE, test.policy);
    const rival = await test.of(bob!.device).prepareCommit({}, NOTE, test.policy);
    // The server took the commit of another device: the own one is dropped, and the state of before goes on.
    expect(await before.processCommit(rival.commit, () => test.policy)).toMatchObject({ committer: { userId: 'bob' } });
    eraseEpochBefore();
    expect(await before.processCommit(rival.commit, () => test.policy)).toEqual({ refused: 'unprocessable' });
    expect(await test.of(carl!.device).processCommit(commit, () => test.policy)).toMatchObject({ note: NOTE });
  });

  // The library by itself refuses every such tree: nobody could come into the room until the new device has committed.
  it('can be joined while a device that was added has not committed yet', async () => {
    const people = await Promise.all([...'efgh'].map((name) => TestPerson.create(name)));
    for (const person of people) test.policy.setAdmission(person, 'admitted');
    await test.add(ann!.device, ...people.map(({ device }) => device));
    for (const device of [...test.groups.keys()]) await test.commit(device);
    test.policy.setAdmission(carl!, 'removed');
    await test.remove(ann!.device, carl!.device);
    await test.commit(bob!.device);
    const [newcomer, welcomed, joiner] = await Promise.all([...'ijk'].map((name) => TestPerson.create(name)));
    for (const person of [newcomer!, welcomed!, joiner!]) test.policy.setAdmission(person, 'admitted');
    await test.add(ann!.device, newcomer!.device);
    await test.commit(people.at(-1)!.device);
    const { ratchetTree } = stateOf(test.of(ann!.device));
    expect(ratchetTree.some((node) => node?.nodeType === 'parent' && node.parent.unmergedLeaves.length > 0)).toBe(true);
    await test.joinByCommit(joiner!.device, bob!.device);
    await test.add(bob!.device, welcomed!.device);
    await test.commit(newcomer!.device);
    expect((await test.secrets()).size).toBe(1);
  });
});

describe('who is in a group', () => {
  /** A commit of an insider who keeps to no rule of ours, by the library itself. */
  const insiderCommit = async (by: TestDevice, ...extraProposals: Proposal[]): Promise<Bytes> => {
    const { commit } = await createCommit(
      { state: stateOf(test.of(by)), cipherSuite: await suiteOf(by.signing) },
      { extraProposals, wireAsPublicMessage: true, authenticatedData: encodeCommitNote(NOTE) },
    );
    return new Uint8Array(encodeMlsMessage(commit));
  };
  const adding = async (device: TestDevice, leaf = device.leafIdentity()): Promise<Proposal> => {
    const { keyPackage } = await device.groups.createKeyPackage(leaf, START);
    const message = decodeMlsMessage(keyPackage, 0)![0];
    if (message.wireformat !== 'mls_key_package') throw new Error('No key package.');
    return { proposalType: 'add', add: { keyPackage: message.keyPackage } };
  };
  const removing = (device: TestDevice): Proposal => ({
    proposalType: 'remove',
    remove: { removed: test.of(device).own.index },
  });

  it.each<[string, GroupRefusal, () => Promise<Proposal>]>([
    ['a user nobody admitted', 'not_admitted', async () => adding((await TestPerson.create('ghost')).device)],
    ['a device in no list', 'ghost_device', async () => adding(await bob!.addDevice('ghost', { isGhost: true }))],
    [
      'a device under a reset identity',
      'not_admitted',
      async () => adding((await TestPerson.create('bob', ['new'])).device),
    ],
    [
      'a device of a list that is not here yet',
      'list_behind',
      async () => {
        const tablet = await bob!.addDevice('tablet');
        return adding(tablet, { ...tablet.leafIdentity(), listVersion: 9 });
      },
    ],
    [
      'somebody who was removed',
      'not_admitted',
      async () => {
        const dora = await TestPerson.create('dora');
        test.policy.setAdmission(dora, 'removed');
        return adding(dora.device);
      },
    ],
  ])('may not become %s', async (_, refused, proposal) => {
    const commit = await insiderCommit(ann!.device, await proposal());
    expect(await test.of(carl!.device).processCommit(commit, () => test.policy)).toEqual({ refused });
  });

  it('is not for a member to decide: nobody who is in is taken out', async () => {
    const commit = await insiderCommit(ann!.device, removing(bob!.device));
    expect(await test.of(carl!.device).processCommit(commit, () => test.policy)).toEqual({
      refused: 'wrongful_removal',
    });
    expect(await test.of(bob!.device).processCommit(commit, () => test.policy)).toEqual({
      refused: 'wrongful_removal',
    });
  });

  it.each<[string, () => TestDevice]>([
    ['is no member any more', () => (test.policy.setAdmission(bob!, 'removed'), bob!.device)],
    ['has ended', () => (bob!.endDevice('phone'), bob!.device)],
    ['is the committer’s own', () => ann!.devices[1]!],
  ])('may lose a device that %s', async (_, device) => {
    const commit = await insiderCommit(ann!.device, removing(device()));
    expect(await test.of(carl!.device).processCommit(commit, () => test.policy)).toMatchObject({ note: NOTE });
  });

  it('may have changed since: what is stale is named, and does not keep anybody out', async () => {
    bob!.endDevice('phone');
    test.policy.setAdmission(carl!, 'removed');
    const tablet = await ann!.addDevice('tablet');
    const info = await test.of(ann!.device).exportGroupInfo(NOTE);
    const joined = await tablet.groups.joinByCommit(test.groupId, info, tablet.leafIdentity(), NOTE, () => test.policy);
    const { roster } = (joined as { group: Group }).group;
    expect(staleLeaves(roster, test.policy).map(({ userId }) => userId)).toEqual(['bob', 'carl']);
  });

  it('is asked before a commit is sent', async () => {
    const ghost = await TestPerson.create('ghost');
    const { keyPackage } = await test.keyPackageOf(ghost.device);
    await expect(test.of(ann!.device).prepareCommit({ add: [keyPackage] }, NOTE, test.policy)).rejects.toThrow(
      'not_admitted',
    );
  });
});

describe('credentials and notes', () => {
  it('are read back, and nothing else is', () => {
    const leaf = ann!.device.leafIdentity();
    expect(decodeCredential(encodeCredential(leaf))).toEqual(leaf);
    expect(decodeCommitNote(encodeCommitNote(NOTE))).toEqual(NOTE);
    expect(decodeCredential(encodeCommitNote(NOTE))).toBeNull();
    expect(decodeCommitNote(encodeCredential(leaf))).toBeNull();
    expect(decodeCredential(encodeCredential(leaf).slice(0, -1))).toBeNull();
  });
});
