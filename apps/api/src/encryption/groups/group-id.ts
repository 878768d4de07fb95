import { PROTOCOL_LIMITS } from '@webcall/contracts';

const ROOM_ID_LENGTH = 36;
const MAX_GENERATION = 2 ** 31 - 1;

/** A group of a room, as devices name it. */
export interface GroupName {
  readonly roomId: string;
  readonly generation: number;
  readonly groupId: Buffer;
}

/** A group that the chain of its room has named. */
export interface KnownGroup extends GroupName {
  /** How many groups it has named before. */
  readonly number: number;
}

/** @returns the group with that id, which has room and generation in it; undefined if it is no id of a group of the room */
export function findGroupName(roomId: string, groupId: string): GroupName | undefined {
  const bytes = Buffer.from(groupId, 'base64url');
  if (bytes.length !== PROTOCOL_LIMITS.groups.id.max || bytes.toString('base64url') !== groupId) return undefined;
  if (bytes.toString('latin1', 0, ROOM_ID_LENGTH) !== roomId) return undefined;
  const generation = bytes.readUInt32BE(ROOM_ID_LENGTH);
  return generation > MAX_GENERATION ? undefined : { roomId, generation, groupId: bytes };
}
