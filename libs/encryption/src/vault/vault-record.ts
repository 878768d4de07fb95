import { type Bytes, randomBytes } from '../bytes/bytes';
import { decodeFields, encodeFields, type Field, type FieldReader } from '../bytes/encoding';
import { padBytes, unpadBytes } from '../bytes/padding';
import { KEY_LENGTH } from '../bytes/signing';
import { type ChainFloor } from '../chain/room-chain';
import { decodeKnownPerson, encodeKnownPerson, type KnownPerson } from '../people/known-person';
import { type EpochRecord } from '../room/ports';
import { createEpochKey, KEY_ID_LENGTH, readRoster, rosterFields } from '../seal/epoch-key';
import { type AskedWord } from './phrase';
import { readRosterParts, type RosterPart, rosterPartFields } from './vault-roster';

/** Length of the id of a record; an epoch’s is its key id. */
const RECORD_ID_LENGTH = KEY_ID_LENGTH;

const HASH_LENGTH = 32;

/** How many records can be erased by one, and in one step. */
export const MOST_ERASED = 200;

/** What a vault says. Only the user’s own devices, with the vault key, can write it. */
export type VaultRecord =
  /** The user’s identity key. */
  | { readonly kind: 'identity'; readonly seed: Bytes }
  /** The secret of an epoch: what was sealed in it can be read by it. */
  | ({ readonly kind: 'epoch' } & EpochRecord)
  /** The secrets of these epochs, 200 at most, named by their key ids, are gone from the vault and go from every store. */
  | { readonly kind: 'epochs_erased'; readonly roomId: string; readonly keyIds: readonly Bytes[] }
  /** Somebody as a device knows them, after it has met them, or something about them has changed. */
  | {
      readonly kind: 'person';
      readonly person: KnownPerson;
      /** The identity that was pinned before, as far as the device knew; null if it knew of none. */
      readonly pinnedBefore: Bytes | null;
    }
  /** The room is encrypted, and was seen up to there. */
  | { readonly kind: 'room'; readonly roomId: string; readonly floor: ChainFloor }
  /** A phrase was made, and these words of it will be asked for. It is named by its proof in the header. */
  | {
      readonly kind: 'phrase_made';
      readonly identityProof: Bytes;
      readonly time: number;
      readonly asked: readonly AskedWord[];
    }
  /** The user had the words of that phrase when they were asked for. */
  | { readonly kind: 'phrase_checked'; readonly identityProof: Bytes };

/** A record as the log has it: what epochs of one group have in common stands there once. */
export type LoggedRecord =
  | Exclude<VaultRecord, { kind: 'epoch' }>
  /** An epoch whose roster is the newest one that stands before it in its group. */
  | ({ readonly kind: 'short_epoch'; readonly rosterId: Bytes } & Omit<EpochRecord, 'roster'>)
  /** What has become of the roster before, of which this one is made. */
  | {
      readonly kind: 'roster';
      readonly groupId: Bytes;
      /** Its id; empty if nobody was in the group. */
      readonly before: Bytes;
      readonly parts: readonly RosterPart[];
    };

/** There is one in each vault: no two devices can add another one. */
const IDENTITY_RECORD_ID = new Uint8Array(RECORD_ID_LENGTH);

/** @returns the id of a new record: always the same for what all devices know alike, so that it comes in once */
export async function recordIdOf(record: VaultRecord): Promise<Bytes> {
  if (record.kind === 'identity') return IDENTITY_RECORD_ID;
  return record.kind === 'epoch' ? (await createEpochKey(record.secret, record)).keyId : randomBytes(RECORD_ID_LENGTH);
}

/** @returns the ids of the records that this one says are erased */
export function erasedBy(record: VaultRecord | LoggedRecord): readonly Bytes[] {
  return record.kind === 'epochs_erased' ? record.keyIds : [];
}

/** @returns the bytes of the record, padded: their length tells little of what it is */
export function encodeVaultRecord(record: VaultRecord | LoggedRecord): Bytes {
  const bytes = padBytes(encodeFields('vaultRecord', [record.kind, ...fieldsOf(record)]));
  if (!decodeVaultRecord(bytes)) throw new Error('No device could read this record.');
  return bytes;
}

/** @returns the record; null for any other bytes, also for a kind that only a newer version knows */
export function decodeVaultRecord(padded: Bytes): VaultRecord | LoggedRecord | null {
  const bytes = unpadBytes(padded);
  const fields = bytes && decodeFields('vaultRecord', bytes);
  const record = fields && readRecord(fields);
  return record && fields.isComplete ? record : null;
}

/** @returns whether only the log has such records */
export function isOfLogAlone(record: VaultRecord | LoggedRecord): record is Exclude<LoggedRecord, VaultRecord> {
  return record.kind === 'short_epoch' || record.kind === 'roster';
}

function fieldsOf(record: VaultRecord | LoggedRecord): Field[] {
  switch (record.kind) {
    case 'identity':
      return [record.seed];
    case 'short_epoch':
      return [record.groupId, record.epoch, record.secret, record.rosterId, record.chainLength ?? 0];
    case 'roster':
      return [record.groupId, record.before, rosterPartFields(record.parts)];
    case 'epoch':
      return [record.groupId, record.epoch, record.secret, rosterFields(record.roster), record.chainLength ?? 0];
    case 'epochs_erased':
      return [record.roomId, record.keyIds];
    case 'person':
      return [encodeKnownPerson(record.person), record.pinnedBefore ?? new Uint8Array()];
    case 'room': {
      const { founderIdentity, generation, epoch, chainLength, chainHead } = record.floor;
      return [record.roomId, founderIdentity, generation, epoch, chainLength, chainHead];
    }
    case 'phrase_made':
      return [record.identityProof, record.time, record.asked.map(({ position, word }) => [position, word])];
    case 'phrase_checked':
      return [record.identityProof];
  }
}

function readRecord(fields: FieldReader): VaultRecord | LoggedRecord | null {
  const kind = fields.readText() as (VaultRecord | LoggedRecord)['kind'];
  switch (kind) {
    case 'identity':
      return { kind, seed: fields.readBytes(KEY_LENGTH) };
    case 'short_epoch': {
      const [groupId, epoch, secret] = [fields.readBytes(), fields.readNumber(), fields.readBytes()];
      return { kind, groupId, epoch, secret, rosterId: fields.readBytes(), chainLength: fields.readNumber() || null };
    }
    case 'roster': {
      const [groupId, before] = [fields.readBytes(), fields.readBytes()];
      return { kind, groupId, before, parts: readRosterParts(fields) };
    }
    case 'epoch':
      return { kind, ...readEpoch(fields) };
    case 'epochs_erased': {
      const [roomId, keyIds] = [fields.readText(), fields.readList((entry) => entry.readBytes(KEY_ID_LENGTH))];
      return keyIds.length > MOST_ERASED ? null : { kind, roomId, keyIds };
    }
    case 'person': {
      const [person, pinnedBefore] = [decodeKnownPerson(fields.readBytes()), fields.readBytes()];
      return person && { kind, person, pinnedBefore: pinnedBefore.length === 0 ? null : pinnedBefore };
    }
    case 'room':
      return { kind, roomId: fields.readText(), floor: readFloor(fields) };
    case 'phrase_made': {
      const [identityProof, time] = [fields.readBytes(HASH_LENGTH), fields.readNumber()];
      const asked = fields.readList((entry) =>
        entry.readFields((word) => ({ position: word.readNumber(), word: word.readText() })),
      );
      return { kind, identityProof, time, asked };
    }
    case 'phrase_checked':
      return { kind, identityProof: fields.readBytes(HASH_LENGTH) };
    default:
      return null;
  }
}

function readEpoch(fields: FieldReader): EpochRecord {
  const [groupId, epoch, secret] = [fields.readBytes(), fields.readNumber(), fields.readBytes()];
  // No chain is empty.
  return { groupId, epoch, secret, roster: readRoster(fields), chainLength: fields.readNumber() || null };
}

function readFloor(fields: FieldReader): ChainFloor {
  const [founderIdentity, generation] = [fields.readBytes(KEY_LENGTH), fields.readNumber()];
  const [epoch, chainLength] = [fields.readNumber(), fields.readNumber()];
  return { founderIdentity, generation, epoch, chainLength, chainHead: fields.readBytes(HASH_LENGTH) };
}
