import { type Bytes, utf8Bytes } from '../bytes/bytes';
import { createSigningKey, type SigningKey } from '../bytes/signing';
import { START, type TestDevice, TestPerson } from '../testing/people';
import { admitted, TestChain } from '../testing/test-chain';
import { type ChainBody, type ChainItem, decodeChainItem } from './chain-item';
import { policiesOf } from './chain-policy';
import { type ChainRefusal } from './chain-rules';
import { createGroupId, isGroupIdOf } from './group-id';
import { createLinkSeed, linkKeyOfSeed, signLinkAdmission } from './invitation-link';
import { admissionOf, admittedIdentityOf, type ChainFloor, isBelowFloor, refuseFloor } from './room-chain';

const ROOM = '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e';
const DAY = 86_400_000;
const FAR_AHEAD = 2 ** 50;

let [ann, bob, carl, newBob]: TestPerson[] = [];
let test: TestChain;

beforeEach(async () => {
  [ann, bob, carl, newBob] = await Promise.all(['ann', 'bob', 'carl', 'bob'].map((name) => TestPerson.create(name)));
  test = await TestChain.found(ROOM, ann!.device, bob!, carl!, newBob!);
});

const admission = (person: TestPerson): string => admissionOf(test.chain, person.userId, person.identity.publicKey);
const bobsKey = (): Bytes => bob!.device.signing.publicKey;
const judge = async (by: TestDevice, body: ChainBody, change?: Partial<ChainItem>): Promise<ChainRefusal | 'taken'> => {
  const outcome = await test.judge(await test.sign(by, body, change));
  return 'refused' in outcome ? outcome.refused : 'taken';
};

describe('a room’s chain', () => {
  it('says who is in, and since when', async () => {
    await test.append(ann!.device, admitted(bob!));
    await test.append(bob!.device, admitted(carl!));
    await test.append(carl!.device, { kind: 'removed', userId: 'bob' });
    expect([ann!, bob!, carl!, newBob!].map(admission)).toEqual(['admitted', 'removed', 'admitted', 'never']);
    const bobsKey = bob!.identity.publicKey;
    const byLength = [1, 2, 3, 4].map((length) => admissionOf(test.chain, 'bob', bobsKey, length));
    expect(byLength).toEqual(['never', 'admitted', 'admitted', 'removed']);
    expect(await test.replay(test.items)).toEqual(test.chain);
  });

  it.each<[ChainRefusal, Partial<ChainItem>]>([
    ['other_room', { roomId: 'other' }],
    ['out_of_order', { index: 0 }],
    ['out_of_order', { index: 2 }],
    ['forked', { previous: new Uint8Array(32) }],
  ])('refuses an item as %s', async (refused, change) => {
    expect(await judge(ann!.device, admitted(bob!), change)).toBe(refused);
  });

  it.each<[string, ChainRefusal, () => Promise<ChainRefusal | 'taken'>]>([
    ['somebody who is not in', 'not_allowed', () => judge(bob!.device, admitted(carl!))],
    ['somebody for themselves', 'not_allowed', () => judge(bob!.device, admitted(bob!))],
    [
      'a device in no list',
      'unknown_device',
      async () => judge(await ann!.addDevice('ghost', { isGhost: true }), admitted(bob!)),
    ],
    [
      'another device than it says',
      'forged',
      () => judge(bob!.device, admitted(carl!), { author: ann!.device.certified }),
    ],
    [
      'a device with another key than its identity has signed',
      'unknown_device',
      () => judge(bob!.device, admitted(carl!), { author: { ...ann!.device.certified, signingKey: bobsKey() } }),
    ],
    [
      'a device of another user with the same identity',
      'unknown_device',
      () => judge(ann!.device, admitted(bob!), { author: { ...ann!.device.certified, userId: 'bob' } }),
    ],
  ])('takes no item of %s: %s', async (_, refused, judged) => {
    expect(await judged()).toBe(refused);
  });

  it('takes no item that was changed', async () => {
    const signed = await test.sign(ann!.device, admitted(bob!));
    expect(await test.judge({ ...signed, item: signed.item.slice(0, -1) })).toEqual({ refused: 'malformed' });
    const changed = signed.item.with(-1, signed.item.at(-1)! ^ 1);
    expect(await test.judge({ ...signed, item: changed })).toEqual({ refused: 'forged' });
    expect(decodeChainItem(utf8Bytes('else'))).toBeNull();
  });

  it('cannot begin with anything else, or twice', async () => {
    const empty = new TestChain(ROOM, [ann!]);
    expect(await empty.judge(await empty.sign(ann!.device, admitted(ann!)))).toEqual({ refused: 'not_allowed' });
    const founded = (groupId: Bytes): ChainBody => ({ kind: 'founded', groupId });
    for (const groupId of [createGroupId(ROOM, 1), createGroupId('other', 0), new Uint8Array()])
      expect(await empty.judge(await empty.sign(ann!.device, founded(groupId)))).toEqual({ refused: 'not_allowed' });
    expect(await judge(ann!.device, founded(createGroupId(ROOM, 0)))).toBe('not_allowed');
  });

  it.each<[string, ChainBody]>([
    ['lets nobody in twice', { kind: 'admitted', userId: 'ann', identity: new Uint8Array(32) }],
    ['puts nobody out who is not in', { kind: 'removed', userId: 'bob' }],
    ['ends no link that is none', { kind: 'link_ended', linkId: 'x' }],
    ['skips no generation', { kind: 'regrouped', generation: 2, groupId: createGroupId(ROOM, 2) }],
    ['makes no group of another room', { kind: 'regrouped', generation: 1, groupId: createGroupId('other', 1) }],
  ])('%s', async (_, body) => {
    const own = 'identity' in body ? { ...body, identity: ann!.identity.publicKey } : body;
    expect(await judge(ann!.device, own)).toBe('not_allowed');
  });

  it('keeps settings: the first encrypted message for good, earlier messages from then on', async () => {
    await test.append(ann!.device, { kind: 'encrypted_from', seq: 7 });
    expect(await judge(ann!.device, { kind: 'encrypted_from', seq: 9 })).toBe('not_allowed');
    await test.append(ann!.device, { kind: 'earlier_messages', allowed: true });
    expect(test.chain).toMatchObject({ encryptedFromSeq: 7, earlierMessagesSince: 3 });
    await test.append(ann!.device, { kind: 'earlier_messages', allowed: false });
    expect(test.chain.earlierMessagesSince).toBeNull();
  });

  it('goes on over a new group', async () => {
    const groupId = createGroupId(ROOM, 1);
    await test.append(ann!.device, { kind: 'regrouped', generation: 1, groupId });
    expect(test.chain.groupIds[1]).toEqual(groupId);
    expect(isGroupIdOf(groupId, ROOM, 1)).toBe(true);
    expect(await judge(ann!.device, { kind: 'regrouped', generation: 1, groupId })).toBe('not_allowed');
  });
});

describe('a new identity', () => {
  it('is not let in by what let in the old one, and takes its place once it is', async () => {
    await test.append(ann!.device, admitted(bob!));
    expect(admission(newBob!)).toBe('never');
    expect(await judge(newBob!.device, admitted(carl!))).toBe('not_allowed');
    await test.append(ann!.device, admitted(newBob!));
    expect([bob!, newBob!].map(admission)).toEqual(['removed', 'admitted']);
    expect(await judge(bob!.device, admitted(carl!))).toBe('not_allowed');
    expect(admittedIdentityOf(test.chain, 'bob')?.identity).toEqual(newBob!.identity.publicKey);
  });
});

describe('a device that has ended', () => {
  it('has signed what it signed before, whatever the clocks said', async () => {
    await test.append(ann!.device, admitted(bob!));
    await test.append(bob!.device, { kind: 'earlier_messages', allowed: true }, { time: FAR_AHEAD });
    await test.append(ann!.device, admitted(carl!), { time: FAR_AHEAD });
    ann!.endDevice('phone', START + 100);
    expect(await test.replay(test.items)).toEqual(test.chain);
  });

  it('signs nothing at all after another one of its identity has said so in the chain', async () => {
    const laptop = await ann!.addDevice('laptop');
    await test.append(ann!.device, admitted(bob!));
    await test.append(laptop, { kind: 'device_ended', deviceId: 'phone' });
    expect(await judge(ann!.device, admitted(carl!), { time: START })).toBe('ended_device');
    expect(await judge(laptop, { kind: 'device_ended', deviceId: 'phone' })).toBe('not_allowed');
    // Another phone than Ann’s.
    await test.append(bob!.device, admitted(carl!));
    expect(await test.replay(test.items)).toEqual(test.chain);
  });
});

describe('an invitation link', () => {
  let key: SigningKey;
  const made = (uses = 2): ChainBody => ({
    kind: 'link_made',
    linkId: 'link',
    linkKey: key.publicKey,
    role: 'member',
    until: START + DAY,
    uses,
  });
  const joining = async (who: TestDevice, signer = key, as = who.leafIdentity()): Promise<ChainBody> => ({
    kind: 'admitted_by_link',
    linkId: 'link',
    linkSignature: await signLinkAdmission(signer, test.chain, 'link', as),
  });

  beforeEach(async () => {
    key = await linkKeyOfSeed(createLinkSeed());
    await test.append(ann!.device, made());
  });

  it('lets in whoever has its seed', async () => {
    await test.append(bob!.device, await joining(bob!.device));
    expect(admission(bob!)).toBe('admitted');
  });

  it('has one key for its seed', async () => {
    const seed = createLinkSeed();
    expect((await linkKeyOfSeed(seed)).publicKey).toEqual((await linkKeyOfSeed(seed)).publicKey);
    expect(seed.length).toBe(16);
  });

  it('lets in nobody who only knows its code, or has another’s word', async () => {
    expect(await judge(bob!.device, await joining(bob!.device, await createSigningKey()))).toBe('not_allowed');
    expect(await judge(bob!.device, await joining(bob!.device, key, carl!.device.leafIdentity()))).toBe('not_allowed');
    const laptop = await bob!.addDevice('laptop');
    expect(await judge(laptop, await joining(bob!.device))).toBe('not_allowed');
  });

  it('is for one room', async () => {
    const other = await TestChain.found(ROOM, carl!.device, bob!);
    await other.append(carl!.device, made());
    const outcome = await other.judge(await other.sign(bob!.device, await joining(bob!.device)));
    expect(outcome).toEqual({ refused: 'not_allowed' });
  });

  it('lets in as many as it says, until it says', async () => {
    expect(await judge(bob!.device, await joining(bob!.device), { time: START + DAY + 1 })).toBe('not_allowed');
    await test.append(bob!.device, await joining(bob!.device));
    await test.append(bob!.device, { kind: 'removed', userId: 'bob' });
    await test.append(bob!.device, await joining(bob!.device));
    expect(await judge(carl!.device, await joining(carl!.device))).toBe('not_allowed');
  });

  it('lets nobody in who writes an earlier time than two who are in have reached', async () => {
    const late = { time: START + DAY + 1 };
    const joins = async () => judge(carl!.device, await joining(carl!.device), { time: START + 1 });
    await test.append(ann!.device, admitted(bob!));
    await test.append(bob!.device, { kind: 'earlier_messages', allowed: true }, { time: FAR_AHEAD });
    expect(await joins()).toBe('taken');
    await test.append(ann!.device, { kind: 'earlier_messages', allowed: true }, late);
    expect(await joins()).toBe('not_allowed');
  });

  it('is not held up for good by two whose times are far ahead, once they are out', async () => {
    const ahead = { time: FAR_AHEAD };
    await test.append(ann!.device, admitted(bob!));
    await test.append(ann!.device, admitted(carl!));
    for (const { device } of [bob!, carl!])
      await test.append(device, { kind: 'earlier_messages', allowed: true }, ahead);
    const dave = await TestPerson.create('dave');
    test.people.push(dave);
    const joins = async () => judge(dave.device, await joining(dave.device));
    expect(await joins()).toBe('not_allowed');
    await test.append(ann!.device, { kind: 'removed', userId: 'carl' });
    expect(await joins()).toBe('taken');
  });

  it.each<[string, () => Promise<void>]>([
    ['its end is in the chain', () => test.append(ann!.device, { kind: 'link_ended', linkId: 'link' })],
    [
      'its maker is out',
      async () => {
        await test.append(ann!.device, admitted(bob!));
        await test.append(bob!.device, { kind: 'removed', userId: 'ann' });
        await test.append(bob!.device, admitted(ann!));
      },
    ],
    [
      'somebody who came by it was put out',
      async () => {
        await test.append(bob!.device, await joining(bob!.device));
        await test.append(ann!.device, { kind: 'removed', userId: 'bob' });
      },
    ],
  ])('is dead when %s', async (_, end) => {
    await end();
    expect(await judge(carl!.device, await joining(carl!.device))).toBe('not_allowed');
  });

  it('does not bring back who was put out, nor lets in a new identity of who is known', async () => {
    await test.append(ann!.device, admitted(bob!));
    expect(await judge(newBob!.device, await joining(newBob!.device))).toBe('not_allowed');
    await test.append(ann!.device, { kind: 'removed', userId: 'bob' });
    expect(await judge(bob!.device, await joining(bob!.device))).toBe('not_allowed');
    expect(await judge(newBob!.device, await joining(newBob!.device))).toBe('not_allowed');
  });

  it('is made only with an end and uses, and under a name of its own', async () => {
    expect(await judge(ann!.device, made())).toBe('not_allowed');
    const other = { ...made(), linkId: 'other' } as Extract<ChainBody, { kind: 'link_made' }>;
    expect(await judge(ann!.device, { ...other, uses: 0 })).toBe('not_allowed');
    expect(await judge(ann!.device, { ...other, until: START })).toBe('not_allowed');
    expect(await judge(ann!.device, other)).toBe('taken');
  });
});

describe('a floor', () => {
  const floor = (change: Partial<ChainFloor> = {}): ChainFloor => ({
    founderIdentity: ann!.identity.publicKey,
    generation: 0,
    epoch: 5,
    chainLength: 2,
    chainHead: test.chain.hashes[1]!,
    ...change,
  });

  beforeEach(() => test.append(ann!.device, admitted(bob!)));

  it('lets stand what goes on from it', async () => {
    expect(refuseFloor(test.chain, floor())).toBeNull();
    const before = floor();
    await test.append(ann!.device, admitted(carl!));
    expect(refuseFloor(test.chain, before)).toBeNull();
  });

  it.each<[string, string, () => Partial<ChainFloor>]>([
    ['cut short', 'cut_short', () => ({ chainLength: 3 })],
    ['without its generation', 'cut_short', () => ({ generation: 1 })],
    ['of another history', 'forked', () => ({ chainHead: new Uint8Array(32) })],
    ['of nothing', 'forked', () => ({ chainLength: 0 })],
    ['of another founder', 'other_founder', () => ({ founderIdentity: bob!.identity.publicKey })],
  ])('refuses a chain %s', (_, refused, change) => {
    expect(refuseFloor(test.chain, floor(change()))).toBe(refused);
  });

  it.each([
    [0, 4, true],
    [0, 5, false],
    [1, 0, false],
  ])('compares groups: generation %d, epoch %d', (generation, epoch, isBelow) => {
    expect(isBelowFloor(floor(), { generation, epoch })).toBe(isBelow);
  });
});

describe('the policy of a commit', () => {
  it('is what the chain said when the commit was made', async () => {
    await test.append(ann!.device, admitted(bob!));
    const note = { chainLength: 2, chainHead: test.chain.hashes[1]!, memberVersion: 4, time: START };
    await test.append(ann!.device, { kind: 'removed', userId: 'bob' });
    const policies = policiesOf(
      test.chain,
      () => bob!.list,
      (userId, version) => userId === 'bob' && version < 5,
    );
    const policy = policies(note)!;
    expect(policy.admissionOf('bob', bob!.identity.publicKey)).toBe('admitted');
    expect(policy.isMember('bob')).toBe(true);
    const later = policies({ ...note, chainLength: 3, chainHead: test.chain.hashes[2]!, memberVersion: 5 })!;
    expect(later.admissionOf('bob', bob!.identity.publicKey)).toBe('removed');
    expect(later.isMember('bob')).toBe(false);
    expect(policies({ ...note, chainLength: 9 })).toBeNull();
    expect(policies({ ...note, chainHead: new Uint8Array(32) })).toBeNull();
  });
});
