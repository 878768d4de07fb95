import { type Bytes } from '../bytes/bytes';
import { type ChainFloor } from '../chain/room-chain';
import { type DeviceList } from '../identity/device-list';
import { type KnownPerson, type SeenIdentity } from '../people/known-person';
import { knownPersonOf } from '../testing/known-people';
import { START } from '../testing/people';
import { applyVaultRecord, EMPTY_CONTENTS, phraseNoteOf, waysIn } from './vault-contents';
import { type VaultRecord } from './vault-record';

type PersonRecord = Extract<VaultRecord, { kind: 'person' }>;

const bytes = (n: number): Bytes => new Uint8Array(32).fill(n);
const seen = (n: number): SeenIdentity => ({ identity: bytes(n), seenAt: START + n });
const seenLater = (n: number): SeenIdentity => ({ ...seen(n), seenAt: START + 99 });
/** @returns the record of a device that has Bob so, on top of the identity that was pinned before; 0 for none */
const bob = (pinned: number, before = 0, change: Partial<KnownPerson> = {}): PersonRecord => ({
  kind: 'person',
  person: knownPersonOf('bob', { pinned: seen(pinned), name: 'Bob', ...change }),
  pinnedBefore: before ? bytes(before) : null,
});
const contentsOf = (...records: VaultRecord[]) => records.reduce(applyVaultRecord, EMPTY_CONTENTS);

describe('a known person', () => {
  const verified = { verifiedAt: START };
  const renamed = { name: 'Robert', formerNames: ['Bob'] };

  it.each<[string, PersonRecord[], Partial<KnownPerson>]>([
    ['is pinned at first sight', [bob(1)], { pinned: seen(1), name: 'Bob', verifiedAt: null }],
    ['stays the first one that was seen', [bob(1), bob(2)], { pinned: seen(1), waiting: seen(2) }],
    ['changes when the user accepts it', [bob(1), bob(2), bob(2, 1)], { pinned: seen(2), waiting: null }],
    ['does not change twice from the same', [bob(1), bob(2, 1), bob(3, 1)], { pinned: seen(2), waiting: seen(3) }],
    ['has their newest name', [bob(1), bob(1, 1, renamed)], { pinned: seen(1), ...renamed }],
    ['stays verified under another name', [bob(1, 0, verified), bob(1, 1, renamed)], { ...verified, ...renamed }],
    ['is not verified under another identity', [bob(1, 0, verified), bob(2, 1)], { verifiedAt: null, waiting: null }],
    ['does not become verified by another pin', [bob(1), bob(2, 0, verified)], { verifiedAt: null, pinned: seen(1) }],
    ['keeps the other identity if a third device meets them', [bob(1), bob(2), bob(1)], { waiting: seen(2) }],
    ['stays, if a device that knew says so', [bob(1), bob(2), bob(1, 1)], { pinned: seen(1), waiting: null }],
    ['is no other one for a device that is behind', [bob(1), bob(2, 1), bob(1, 1, renamed)], { waiting: null }],
    ['was met when the first device met them', [bob(1), bob(1, 0, { pinned: seenLater(1) })], { pinned: seen(1) }],
    [
      'has another identity since the first device saw it',
      [seen(2), seenLater(2)].map((waiting) => bob(1, 1, { waiting })),
      { waiting: seen(2) },
    ],
  ])('%s', (_, records, expected) => {
    expect(contentsOf(...records).people.get('bob')).toMatchObject(expected);
  });
});

describe('the floor of a room', () => {
  const floor: ChainFloor = { founderIdentity: bytes(1), generation: 1, epoch: 5, chainLength: 7, chainHead: bytes(7) };

  it.each<[string, Partial<ChainFloor>, Partial<ChainFloor>]>([
    [
      'rises',
      { generation: 2, epoch: 0, chainLength: 9, chainHead: bytes(9) },
      { generation: 2, epoch: 0, chainLength: 9, chainHead: bytes(9) },
    ],
    [
      'rises in its group alone',
      { epoch: 6, chainLength: 3, chainHead: bytes(3) },
      { epoch: 6, chainLength: 7, chainHead: bytes(7) },
    ],
    [
      'rises in its chain alone',
      { generation: 0, epoch: 9, chainLength: 8, chainHead: bytes(8) },
      { generation: 1, epoch: 5, chainLength: 8, chainHead: bytes(8) },
    ],
    ['does not sink', { epoch: 4, chainLength: 6, chainHead: bytes(6) }, floor],
    ['does not change its history', { chainHead: bytes(8) }, floor],
    ['does not change its founder', { founderIdentity: bytes(2), epoch: 99, chainLength: 99 }, floor],
  ])('%s', (_, change, expected) => {
    const room = (one: ChainFloor) => ({ kind: 'room', roomId: 'r', floor: one }) as const;
    expect(contentsOf(room(floor), room({ ...floor, ...change })).rooms.get('r')).toEqual({ ...floor, ...expected });
  });
});

describe('the note of a phrase', () => {
  const made = (n: number) => ({ kind: 'phrase_made', identityProof: bytes(n), time: n, asked: [] }) as const;
  const key = (kind: string, n: number) => ({ kind, publicKey: bytes(0), identityProof: bytes(n) });
  const contents = contentsOf(made(1), { kind: 'phrase_checked', identityProof: bytes(1) }, made(2));

  it('is of the phrase that the vault has now', () => {
    expect(phraseNoteOf(contents, [key('passkey', 1), key('phrase', 2)])).toMatchObject({ time: 2, isChecked: false });
    expect(phraseNoteOf(contents, [key('phrase', 1)])).toMatchObject({ time: 1, isChecked: true });
    expect(phraseNoteOf(contents, [key('phrase', 3)])).toBeNull();
    expect(phraseNoteOf(contents, [])).toBeNull();
  });

  it('is not made by checking a phrase that nobody knows', () => {
    expect(contentsOf({ kind: 'phrase_checked', identityProof: bytes(9) })).toEqual(EMPTY_CONTENTS);
  });
});

it('knows the ways into a vault, so that nobody forgets the last one without a word', () => {
  const device = (deviceId: string, until: number | null) => ({
    deviceId,
    signingKey: bytes(1),
    receivingKey: null,
    from: 1,
    until,
  });
  const list: DeviceList = {
    userId: 'ann',
    identity: bytes(1),
    version: 1,
    devices: [device('phone', null), device('laptop', 2)],
  };
  const phrase = { kind: 'phrase', publicKey: bytes(0), identityProof: bytes(1) };
  expect(waysIn(list, [])).toEqual([{ kind: 'device', deviceId: 'phone' }]);
  expect(waysIn(list, [phrase])).toEqual([{ kind: 'device', deviceId: 'phone' }, { kind: 'phrase' }]);
});
