import { type Bytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';

/** What whoever changes a group knew of its room then: the authenticated data of each commit. */
export interface CommitNote {
  /** The room's chain up to which the change is judged: how many items, and the hash of the last one. */
  readonly chainLength: number;
  readonly chainHead: Bytes;
  /** The version of the server's list of members: who is none by it may be taken out. */
  readonly memberVersion: number;
  /** When it was made, in milliseconds: the epoch that it begins is so old for everybody, whenever they hear of it. */
  readonly time: number;
}

const HASH_LENGTH = 32;

/** @returns the bytes of the note */
export function encodeCommitNote({ chainLength, chainHead, memberVersion, time }: CommitNote): Bytes {
  return encodeFields('commitNote', [chainLength, chainHead, memberVersion, time]);
}

/** @returns what {@link encodeCommitNote} was given; null for any other bytes */
export function decodeCommitNote(bytes: Uint8Array): CommitNote | null {
  const fields = decodeFields('commitNote', bytes);
  if (!fields) return null;
  const [chainLength, chainHead] = [fields.readNumber(), fields.readBytes(HASH_LENGTH)];
  const [memberVersion, time] = [fields.readNumber(), fields.readNumber()];
  return fields.isComplete ? { chainLength, chainHead, memberVersion, time } : null;
}
