import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type ChainFloor } from '../chain/room-chain';
import { type DeviceList } from '../identity/device-list';
import { type AskedWord } from './phrase';
import { type RecoveryKey } from './vault-header';
import { type VaultRecord } from './vault-record';

/** Somebody whose identity is pinned. */
export interface KnownPerson {
  readonly identity: Bytes;
  readonly name: string;
  /** Whether the safety number was compared. It stays until another identity is accepted. */
  readonly isVerified: boolean;
  /** Another identity that a device of this user saw without knowing of the pinned one; null if there is none. */
  readonly otherIdentity: Bytes | null;
}

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
  /** By user id. */
  readonly people: ReadonlyMap<string, KnownPerson>;
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
      const person = pinPerson(contents.people.get(record.userId), record);
      return { ...contents, people: new Map(contents.people).set(record.userId, person) };
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

/** The first pin stays, unless a record knew of it: two devices that were shown different identities notice. */
function pinPerson(
  current: KnownPerson | undefined,
  { identity, name, isVerified, replaces }: Extract<VaultRecord, { kind: 'person' }>,
): KnownPerson {
  if (!current) return { identity, name, isVerified, otherIdentity: null };
  const knewOfPin = replaces !== null && equalBytes(current.identity, replaces);
  const otherIdentity = knewOfPin ? null : current.otherIdentity;
  if (equalBytes(current.identity, identity))
    return { identity, name, isVerified: current.isVerified || isVerified, otherIdentity };
  return knewOfPin ? { identity, name, isVerified, otherIdentity } : { ...current, otherIdentity: identity };
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
