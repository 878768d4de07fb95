import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { createSigningKey } from '../bytes/signing';
import { signLinkAdmission } from '../chain/invitation-link';
import { admissionOf } from '../chain/room-chain';
import { safetyNumberOf } from '../identity/safety-number';
import { knownPersonOf } from '../testing/known-people';
import { START, TestPerson } from '../testing/people';
import { admitted, TestChain } from '../testing/test-chain';
import { decodeKnownPerson, encodeKnownPerson, type KnownPerson } from './known-person';
import { adviseAdmission, earliestNewStart } from './new-identity';
import { compareSafetyCode, safetyCodeOf } from './safety-code';
import { acceptName, type KnownPeople, type PersonChange, seePerson, type SightingRules } from './seeing-people';
import { acceptIdentity, mayWriteTo, presentIdentityOf, verifyIdentity } from './trusting-people';

const DAY = 86_400_000;

const identityOf = (n: number): Bytes => new Uint8Array(32).fill(n);
const rules: SightingRules = { now: START, nameLook: (name) => name.toLowerCase().replaceAll('0', 'o') };
const [ANN, BOB] = [
  { userId: 'a', identity: identityOf(1), name: 'Ann' },
  { userId: 'b', identity: identityOf(2), name: 'Bob' },
];
const newBob = { ...BOB, identity: identityOf(3) };

/** What one device sees, one after the other. */
class Watcher {
  people: KnownPeople = new Map();

  see(seen: typeof ANN, change: Partial<SightingRules> = {}): readonly PersonChange[] {
    const sighting = seePerson(this.people, seen, { ...rules, ...change });
    this.people = sighting.people;
    return sighting.changes;
  }

  of({ userId }: { userId: string }): KnownPerson {
    const person = this.people.get(userId);
    if (!person) throw new Error('Nobody knows them.');
    return person;
  }

  change(person: KnownPerson | null): void {
    if (!person) throw new Error('Nothing was changed.');
    this.people = new Map(this.people).set(person.userId, person);
  }
}

let watcher: Watcher;
beforeEach(() => {
  watcher = new Watcher();
  for (const one of [ANN, BOB]) watcher.see(one);
});

describe('a person', () => {
  it('is pinned at first sight, and no news after it', () => {
    expect(new Watcher().see(ANN)).toEqual([{ kind: 'met', userId: 'a', sharesNameWith: null }]);
    const before = watcher.people;
    expect(watcher.see(ANN, { now: START + DAY })).toEqual([]);
    expect(watcher.people).toBe(before);
    expect(watcher.of(ANN)).toMatchObject({ name: 'Ann', pinned: { identity: ANN.identity, seenAt: START } });
  });

  it.each<[string, Partial<KnownPerson>]>([
    ['as first seen', {}],
    ['verified', { verifiedAt: START }],
    ['with another identity', { waiting: { identity: identityOf(3), seenAt: START + 1 } }],
    ['with names', { formerNames: ['Anna', 'Änne'], claimedName: 'Bob' }],
  ])('comes back from the vault %s', (_, change) => {
    const person = { ...watcher.of(ANN), ...change };
    expect(decodeKnownPerson(encodeKnownPerson(person))).toEqual(person);
  });

  it('is read from no other bytes', () => {
    const bytes = encodeKnownPerson(watcher.of(ANN));
    for (let length = 0; length < bytes.length; length++) expect(decodeKnownPerson(bytes.slice(0, length))).toBeNull();
    const wrong = (...identities: (Bytes | number)[][]): Bytes =>
      encodeFields('knownPerson', ['a', identities, 0, 'Ann', [], '']);
    const pinned = [ANN.identity, START];
    expect(decodeKnownPerson(wrong(pinned, []))).toEqual(watcher.of(ANN));
    for (const odd of [wrong(), wrong(pinned), wrong([], pinned), wrong(pinned, [], []), wrong([identityOf(1)], [])])
      expect(decodeKnownPerson(odd)).toBeNull();
  });
});

describe('a name', () => {
  it('that somebody takes is shown, and told', () => {
    const changes = watcher.see({ ...ANN, name: 'Anna' });
    expect(changes).toEqual([{ kind: 'renamed', userId: 'a', from: 'Ann', to: 'Anna' }]);
    expect(watcher.of(ANN)).toMatchObject({ name: 'Anna', formerNames: ['Ann'] });
    expect(watcher.see({ ...ANN, name: 'Ann' })).toHaveLength(1);
    expect(watcher.of(ANN)).toMatchObject({ name: 'Ann', formerNames: ['Anna'] });
  });

  it('of two people cannot be swapped', () => {
    const changes = [watcher.see({ ...ANN, name: 'Bob' }), watcher.see({ ...BOB, name: 'Ann' })];
    expect(changes).toEqual([
      [{ kind: 'name_claimed', userId: 'a', name: 'Bob', nameOf: 'b' }],
      [{ kind: 'name_claimed', userId: 'b', name: 'Ann', nameOf: 'a' }],
    ]);
    expect([watcher.of(ANN).name, watcher.of(BOB).name]).toEqual(['Ann', 'Bob']);
    expect(watcher.see({ ...ANN, name: 'Bob' })).toEqual([]);
  });

  it('cannot be swapped by a third one in between, or by a look-alike', () => {
    watcher.see({ ...ANN, name: 'Carl' });
    expect(watcher.see({ ...BOB, name: 'Ann' })).toMatchObject([{ kind: 'name_claimed', nameOf: 'a' }]);
    expect(watcher.see({ ...ANN, name: 'B0B' })).toMatchObject([{ kind: 'name_claimed', nameOf: 'b' }]);
    expect([watcher.of(ANN).name, watcher.of(BOB).name]).toEqual(['Carl', 'Bob']);
  });

  it('that somebody else has is shown once the user accepts it', () => {
    watcher.see({ ...ANN, name: 'Bob' });
    watcher.change(acceptName(watcher.of(ANN)));
    expect(watcher.of(ANN)).toMatchObject({ name: 'Bob', formerNames: ['Ann'], claimedName: null });
    expect(acceptName(watcher.of(BOB))).toBe(watcher.of(BOB));
  });

  it('that the server takes back waits no more', () => {
    watcher.see({ ...ANN, name: 'Bob' });
    expect(watcher.see(ANN)).toEqual([]);
    expect(watcher.of(ANN).claimedName).toBeNull();
    expect(watcher.see({ ...ANN, name: 'Bob' })).toHaveLength(1);
  });

  it('of somebody known is told when a stranger has it', () => {
    const stranger = { userId: 'x', identity: identityOf(9), name: 'ann' };
    expect(watcher.see(stranger)).toEqual([{ kind: 'met', userId: 'x', sharesNameWith: 'a' }]);
  });

  it('is remembered, but not without end', () => {
    for (let i = 0; i < 30; i++) watcher.see({ ...ANN, name: `Ann ${i}` });
    expect(watcher.of(ANN).formerNames).toHaveLength(20);
    expect(watcher.of(ANN).formerNames[0]).toBe('Ann 28');
  });
});

describe('a new identity', () => {
  it('is told, and waits beside the pinned one', () => {
    const changes = watcher.see(newBob, { now: START + 5 });
    expect(changes).toEqual([{ kind: 'new_identity', userId: 'b', wasVerified: false }]);
    expect(watcher.see(newBob, { now: START + 9 })).toEqual([]);
    expect(watcher.of(BOB)).toMatchObject({
      pinned: { identity: BOB.identity },
      waiting: { identity: newBob.identity, seenAt: START + 5 },
    });
    expect(presentIdentityOf(watcher.of(BOB))).toEqual({ userId: 'b', identity: newBob.identity });
  });

  it('stops writing to who was verified, until it is accepted', () => {
    watcher.see(newBob);
    expect(mayWriteTo(watcher.of(BOB))).toBe(true);
    watcher.see(BOB);
    watcher.change(verifyIdentity(watcher.of(BOB), BOB.identity, START));
    expect(mayWriteTo(watcher.of(BOB))).toBe(true);
    expect(watcher.see(newBob)).toEqual([{ kind: 'new_identity', userId: 'b', wasVerified: true }]);
    expect(mayWriteTo(watcher.of(BOB))).toBe(false);
    watcher.change(acceptIdentity(watcher.of(BOB), newBob.identity));
    expect(mayWriteTo(watcher.of(BOB))).toBe(true);
    expect(watcher.of(BOB)).toMatchObject({ pinned: { identity: newBob.identity }, waiting: null, verifiedAt: null });
  });

  it('is accepted and verified only as the user has seen it', () => {
    watcher.see(newBob);
    const exchanged = watcher.of(BOB);
    expect(acceptIdentity(exchanged, identityOf(4))).toBeNull();
    expect(acceptIdentity(exchanged, BOB.identity)).toBeNull();
    expect(verifyIdentity(exchanged, identityOf(4), START)).toBeNull();
    // Whoever compared the old one has compared nothing that is of now.
    expect(verifyIdentity(exchanged, BOB.identity, START)).toBeNull();
    expect(verifyIdentity(exchanged, newBob.identity, START + 1)).toMatchObject({
      pinned: { identity: newBob.identity },
      waiting: null,
      verifiedAt: START + 1,
    });
    expect(acceptIdentity(watcher.of(ANN), ANN.identity)).toBeNull();
  });

  it('is new again if it was taken back in between, or is yet another one', () => {
    watcher.see(newBob);
    expect(watcher.see(BOB, { now: START + 1 })).toEqual([{ kind: 'identity_back', userId: 'b' }]);
    expect(watcher.see(newBob, { now: START + DAY })).toHaveLength(1);
    expect(watcher.of(BOB).waiting?.seenAt).toBe(START + DAY);
    expect(watcher.see({ ...BOB, identity: identityOf(4) }, { now: START + 2 * DAY })).toHaveLength(1);
    expect(watcher.of(BOB).waiting?.seenAt).toBe(START + 2 * DAY);
  });
});

describe('who is asked to admit somebody', () => {
  let [ann, bob, reset]: TestPerson[] = [];
  let test: TestChain;
  const known = ({ userId, identity }: TestPerson, change: Partial<KnownPerson> = {}): KnownPerson =>
    knownPersonOf(userId, { pinned: { identity: identity.publicKey, seenAt: START }, ...change });
  const waiting = () => ({ waiting: { identity: reset!.identity.publicKey, seenAt: START } });
  const advise = (person: KnownPerson, who = reset!, { now = START, isVerifiedByOthers = false } = {}) =>
    adviseAdmission(test.chain, person, { identity: who.identity.publicKey }, { now, isVerifiedByOthers });

  beforeEach(async () => {
    [ann, bob, reset] = await Promise.all(['ann', 'bob', 'bob'].map((name) => TestPerson.create(name)));
    test = await TestChain.found('room', ann!.device, bob!, reset!);
  });

  it('is nobody, for somebody whom the room and this user know under no other identity', async () => {
    expect(advise(known(bob!), bob)).toEqual({ advice: 'free' });
    await test.append(ann!.device, admitted(bob!));
    await test.append(ann!.device, { kind: 'removed', userId: 'bob' });
    expect(advise(known(bob!), bob)).toEqual({ advice: 'free' });
  });

  it('is the user, for every other identity', async () => {
    expect(advise(known(bob!, waiting()))).toEqual({ advice: 'ask' });
    expect(advise(known(bob!, waiting()), bob)).toEqual({ advice: 'ask' });
    expect(advise(known(bob!))).toEqual({ advice: 'ask' });
  });

  it('is the user also if the room alone knows another one, or the user has only accepted it', async () => {
    await test.append(ann!.device, admitted(bob!));
    expect(advise(known(reset!))).toEqual({ advice: 'ask' });
    const accepted = acceptIdentity(known(bob!, waiting()), reset!.identity.publicKey);
    expect(accepted && advise(accepted)).toEqual({ advice: 'ask' });
    expect(advise(known(reset!, { verifiedAt: START }))).toEqual({ advice: 'free' });
  });

  it('are for a day only those who had verified them, if there are some', () => {
    const person = known(bob!, waiting());
    const verified = { ...person, verifiedAt: START };
    const others = { isVerifiedByOthers: true };
    expect(advise(verified, reset, others)).toEqual({ advice: 'ask' });
    expect(advise(person, reset, others)).toEqual({ advice: 'wait', until: START + DAY });
    expect(advise(person, reset, { ...others, now: START + DAY - 1 }).advice).toBe('wait');
    expect(advise(person, reset, { ...others, now: START + DAY })).toEqual({ advice: 'ask' });
  });

  it('is asked although an admission and a link were there for the identity before', async () => {
    const key = await createSigningKey();
    const link = { linkId: 'link', linkKey: key.publicKey, role: 'member', until: START + DAY, uses: 9 };
    await test.append(ann!.device, { kind: 'link_made', ...link });
    const byLink = async (who: TestPerson) => {
      const linkSignature = await signLinkAdmission(key, test.chain, 'link', who.device.leafIdentity());
      return test.sign(who.device, { kind: 'admitted_by_link', linkId: 'link', linkSignature });
    };
    const first = await test.judge(await byLink(bob!));
    expect(first).toHaveProperty('chain');
    await test.append(ann!.device, admitted(bob!));
    expect(admissionOf(test.chain, 'bob', reset!.identity.publicKey)).toBe('never');
    expect(await test.judge(await byLink(reset!))).toEqual({ refused: 'not_allowed' });
    expect(await test.judge(await test.sign(reset!.device, admitted(reset!)))).toEqual({ refused: 'not_allowed' });
    expect(advise(known(bob!, waiting()))).toEqual({ advice: 'ask' });
  });
});

describe('starting anew', () => {
  const WEEK = 7 * DAY;

  it.each<[string, number, { lastActiveAt: number; hasAgreed: boolean }[]]>([
    ['at once without another device', 0, []],
    ['at once if all were silent for a week', 0, [{ lastActiveAt: START - WEEK - 1, hasAgreed: false }]],
    ['a day later if one was not', DAY, [{ lastActiveAt: START - WEEK, hasAgreed: false }]],
    ['at once if it agrees', 0, [{ lastActiveAt: START, hasAgreed: true }]],
    [
      'a day later if only a silent one agrees',
      DAY,
      [
        { lastActiveAt: START, hasAgreed: false },
        { lastActiveAt: START - WEEK - 1, hasAgreed: true },
      ],
    ],
  ])('happens %s', (_, delay, others) => {
    expect(earliestNewStart(START, others)).toBe(START + delay);
  });
});

describe('a safety code', () => {
  const code = safetyCodeOf(BOB, ANN);

  it('is the same on both sides exactly if the safety numbers are', () => {
    expect(compareSafetyCode(code, ANN, BOB)).toBe('same');
    expect(safetyNumberOf(ANN, BOB)).toBe(safetyNumberOf(BOB, ANN));
    expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  const annToBob = { ...ANN, identity: identityOf(7) };
  it.each<[string, string, string, typeof BOB?]>([
    ['somebody has another identity here', 'other_identity', code, newBob],
    ['this user has another identity there', 'other_identity', safetyCodeOf(BOB, annToBob)],
    ['the server stands between both', 'other_identity', safetyCodeOf(BOB, annToBob), newBob],
    ['it is somebody else’s', 'other_people', safetyCodeOf({ ...BOB, userId: 'c' }, ANN)],
    ['it is for somebody else', 'other_people', safetyCodeOf(BOB, { ...ANN, userId: 'c' })],
    ['it is the own one', 'other_people', safetyCodeOf(ANN, BOB)],
    ['it is an address', 'unreadable', 'https://example.org'],
    ['it is something else of ours', 'unreadable', 'AAAA'],
    ['it is cut short', 'unreadable', code.slice(0, -4)],
  ])('is another one if %s: %s', (_, outcome, text, other = BOB) => {
    expect(compareSafetyCode(text, ANN, other)).toBe(outcome);
  });
});
