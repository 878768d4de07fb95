import {
  type CiphersuiteName,
  decodeMlsMessage,
  type GroupContext,
  type GroupInfo,
  type KeyPackage,
  type MLSMessage,
  type PublicMessage,
  type RatchetTree,
  type Welcome,
} from 'ts-mls';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { equalBytes } from '../../bytes/bytes';
import { type CommitNote, decodeCommitNote } from '../commit-note';
import { type Refused } from '../group';

/** A welcome for 200 devices has 540 kB, the first commit of such a group as well. */
const MOST_BYTES = 1_048_576;

/** The extension of a group info that has our note: of the range for private use. */
export const NOTE_EXTENSION = 0xf001;

type Read<T> = T | Refused;

/** @returns a commit that anybody may have sent */
export function readCommit(bytes: Uint8Array): Read<{ message: PublicMessage }> {
  const read = readMessage(bytes);
  if ('refused' in read) return read;
  return read.wireformat === 'mls_public_message' ? { message: read.publicMessage } : { refused: 'malformed' };
}

/** @returns a welcome that anybody may have sent */
export function readWelcome(bytes: Uint8Array, suiteName: CiphersuiteName): Read<{ welcome: Welcome }> {
  const read = readMessage(bytes);
  if ('refused' in read) return read;
  return read.wireformat === 'mls_welcome' && read.welcome.cipherSuite === suiteName
    ? { welcome: read.welcome }
    : { refused: 'malformed' };
}

/** @returns a key package that anybody may have sent */
export function readKeyPackage(bytes: Uint8Array, suiteName: CiphersuiteName): Read<{ keyPackage: KeyPackage }> {
  const read = readMessage(bytes);
  if ('refused' in read) return read;
  return read.wireformat === 'mls_key_package' &&
    read.keyPackage.cipherSuite === suiteName &&
    read.keyPackage.extensions.length === 0
    ? { keyPackage: read.keyPackage }
    : { refused: 'malformed' };
}

/** @returns the group info of a message that anybody may have sent */
export function readGroupInfo(bytes: Uint8Array): Read<{ info: GroupInfo }> {
  const read = readMessage(bytes);
  if ('refused' in read) return read;
  return read.wireformat === 'mls_group_info' ? { info: read.groupInfo } : { refused: 'malformed' };
}

/** What a group info says, with the key for joining if it is one for joiners. */
export interface GroupInfoParts {
  readonly tree: RatchetTree;
  readonly note: CommitNote;
  readonly externalKey: Uint8Array | null;
}

/** @returns the parts of a group info for that group; it must have exactly ours, and the group no extensions at all */
export function readGroupInfoParts(
  groupId: Uint8Array,
  info: GroupInfo,
  suiteName: CiphersuiteName,
): Read<GroupInfoParts> {
  const refused = refuseContext(groupId, info.groupContext, suiteName);
  if (refused) return refused;
  const data = new Map(info.extensions.map(({ extensionType, extensionData }) => [extensionType, extensionData]));
  const [tree, note] = [data.get('ratchet_tree'), data.get(NOTE_EXTENSION)];
  const externalKey = data.get('external_pub') ?? null;
  if (info.extensions.length !== data.size || data.size !== (externalKey ? 3 : 2)) return { refused: 'malformed' };
  const [decodedTree, decodedNote] = [tree && decodeWhole(decodeRatchetTree, tree), note && decodeCommitNote(note)];
  if (!decodedTree || !decodedNote) return { refused: 'malformed' };
  return { tree: decodedTree, note: decodedNote, externalKey };
}

function refuseContext(groupId: Uint8Array, context: GroupContext, suiteName: CiphersuiteName): Refused | null {
  if (!equalBytes(groupId, context.groupId)) return { refused: 'other_group' };
  if (context.cipherSuite !== suiteName || context.version !== 'mls10') return { refused: 'malformed' };
  return context.extensions.length > 0 ? { refused: 'malformed' } : null;
}

function readMessage(bytes: Uint8Array): Read<MLSMessage> {
  if (bytes.length > MOST_BYTES) return { refused: 'too_large' };
  return decodeWhole(decodeMlsMessage, bytes) ?? { refused: 'malformed' };
}

/** The library’s decoders throw, return nothing, or read a part only. */
function decodeWhole<T>(decode: (bytes: Uint8Array, offset: number) => [T, number] | undefined, bytes: Uint8Array) {
  try {
    const decoded = decode(bytes, 0);
    return decoded?.[1] === bytes.length ? decoded[0] : null;
  } catch {
    return null;
  }
}
