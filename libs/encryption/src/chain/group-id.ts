import { type Bytes, concatBytes, equalBytes, randomBytes, utf8Bytes } from '../bytes/bytes';

const GENERATION_LENGTH = 4;
const RANDOM_LENGTH = 16;

/** @returns an id for a group of that room: room id, generation, and 16 random bytes */
export function createGroupId(roomId: string, generation: number): Bytes {
  return concatBytes(prefixOf(roomId, generation), randomBytes(RANDOM_LENGTH));
}

/** @returns whether it is an id of a group of that room and generation */
export function isGroupIdOf(groupId: Uint8Array, roomId: string, generation: number): boolean {
  const prefix = prefixOf(roomId, generation);
  return groupId.length === prefix.length + RANDOM_LENGTH && equalBytes(groupId.subarray(0, prefix.length), prefix);
}

/** @returns the generation of a group id, which is one of {@link createGroupId} */
export function generationOf(groupId: Uint8Array): number {
  const start = groupId.length - RANDOM_LENGTH - GENERATION_LENGTH;
  return new DataView(groupId.buffer, groupId.byteOffset, groupId.byteLength).getUint32(start);
}

function prefixOf(roomId: string, generation: number): Bytes {
  const number = new Uint8Array(GENERATION_LENGTH);
  new DataView(number.buffer).setUint32(0, generation);
  return concatBytes(utf8Bytes(roomId), number);
}
