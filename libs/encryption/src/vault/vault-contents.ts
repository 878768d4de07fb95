import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type ChainFloor } from '../chain/room-chain';
import { type DeviceList } from '../identity/device-list';
import { type KnownPerson, type SeenIdentity } from '../people/known-person';
import { type KnownPeople } from '../people/seeing-people';
import { type AskedWord } from './phrase';
import { type RecoveryKey } from './vault-header';
import { type VaultRecord } from './vault-record';

/** A phrase that was made. Whether it is the one of now, the header says. */
export interface PhraseNote {
  /** When it was made, in milliseconds. */
  readonly time: number;
  readonly asked: readonly AskedWord[];
  /** Whether its user had the words when they were asked for. */
  readonly isChecked: boolean;
}

/** What all records of a vault say together, without the secrets, whose place is a store of keys. Never changes. */
export interface VaultContents {
  readonly people: KnownPeople;
  /** How far encrypted rooms were seen, by room id. A room that stands here gets nothing plain. */
  readonly rooms: ReadonlyMap<string, ChainFloor>;
  /** By the proof of the identity that the phrase makes, {@link phraseNoteOf}. */
  readonly phrases: ReadonlyMap<string, PhraseNote>;
}

/** What a new vault says. */
export const EMPTY_CONTENTS: VaultContents = { people: new Map(), rooms: new Map(), phrases: new Map() };

/** @returns the contents after the next record; records are in the order of the log, which is the same for all devices */
export function applyVaultRecord(contents: VaultContents, record: VaultRecord): VaultContents {
  switch (record.kind) {
    case 'person': {
      const person = mergePerson(contents.people.get(record.person.userId), record);
      return { ...contents, people: new Map(contents.people).set(person.userId, person) };
    }
    case 'room': {
      const floor = riseFloor(contents.rooms.get(record.roomId), record.floor);
      return { ...contents, rooms: new Map(contents.rooms).set(record.roomId, floor) };
    }
    case 'phrase_made': {
      const { time, asked } = record;
      return withPhrase(contents, record.identityProof, { time, asked, isChecked: false });
    }
    case 'phrase_checked': {
      const note = contents.phrases.get(hexOf(record.identityProof));
      return note ? withPhrase(contents, record.identityProof, { ...note, isChecked: true }) : contents;
    }
    case 'identity':
    case 'epoch':
    case 'epochs_erased':
      return contents;
  }
}

/** @returns what the contents say of the vault’s phrase of now; null if it has none */
export function phraseNoteOf({ phrases }: VaultContents, recoveryKeys: readonly RecoveryKey[]): PhraseNote | null {
  const phrase = recoveryKeys.find(({ kind }) => kind === 'phrase');
  return (phrase && phrases.get(hexOf(phrase.identityProof))) ?? null;
}

/** How a vault can be opened. */
export type WayIn = { readonly kind: 'device'; readonly deviceId: string } | Pick<RecoveryKey, 'kind'>;

/**
 * @returns all ways into the vault. Without the last one everything is lost: whoever forgets it is asked for a phrase, or
 *   to say that they want to lose it.
 */
export function waysIn({ devices }: DeviceList, recoveryKeys: readonly RecoveryKey[]): readonly WayIn[] {
  const live = devices.filter(({ until }) => until === null);
  return [
    ...live.map(({ deviceId }) => ({ kind: 'device', deviceId }) as const),
    ...recoveryKeys.map(({ kind }) => ({ kind })),
  ];
}

/**
 * The first pin stays, unless a record names it: if two devices were shown different identities before they knew of each
 * other, the second identity waits until the user decides.
 */
function mergePerson(
  current: KnownPerson | undefined,
  { person, pinnedBefore }: Extract<VaultRecord, { kind: 'person' }>,
): KnownPerson {
  if (!current) return person;
  const { pinned } = current;
  const knewOfPin = pinnedBefore !== null && equalBytes(pinnedBefore, pinned.identity);
  if (equalBytes(person.pinned.identity, pinned.identity)) {
    const waiting = person.waiting ?? (knewOfPin ? null : current.waiting);
    const verifiedAt = person.verifiedAt ?? current.verifiedAt;
    return { ...person, pinned, waiting: waiting && firstSeen(current.waiting, waiting), verifiedAt };
  }
  if (knewOfPin) return person;
  // Whoever pinned nothing new has only seen less than the vault has by now.
  const isOutdated = pinnedBefore !== null && equalBytes(pinnedBefore, person.pinned.identity);
  return isOutdated ? current : { ...current, waiting: firstSeen(current.waiting, person.pinned) };
}

function firstSeen(known: SeenIdentity | null, next: SeenIdentity): SeenIdentity {
  return known && equalBytes(known.identity, next.identity) ? known : next;
}

/** A floor only rises, in chain and group each by itself, and never changes its founder. */
function riseFloor(current: ChainFloor | undefined, next: ChainFloor): ChainFloor {
  if (!current) return next;
  if (!equalBytes(current.founderIdentity, next.founderIdentity)) return current;
  const chain = next.chainLength > current.chainLength ? next : current;
  const isLaterGroup =
    next.generation > current.generation || (next.generation === current.generation && next.epoch > current.epoch);
  const group = isLaterGroup ? next : current;
  return {
    founderIdentity: current.founderIdentity,
    generation: group.generation,
    epoch: group.epoch,
    chainLength: chain.chainLength,
    chainHead: chain.chainHead,
  };
}

function withPhrase(contents: VaultContents, identityProof: Bytes, note: PhraseNote): VaultContents {
  return { ...contents, phrases: new Map(contents.phrases).set(hexOf(identityProof), note) };
}
