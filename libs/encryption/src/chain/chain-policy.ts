import { type CommitNote } from '../group/commit-note';
import { type PolicyForNote } from '../group/group';
import { type GroupPolicy } from '../group/group-policy';
import { type FindDeviceList } from '../identity/device-list';
import { admissionOf, compareHead, type RoomChain } from './room-chain';

/** @returns whether the server counts the user among the members, in that version of its list */
export type IsMember = (userId: string, memberVersion: number) => boolean;

/**
 * @returns the policy for what happened when the note was written: what the chain said then, not what it says now. Null
 *   if the note names a chain of which this device does not have as much, or another one
 */
export function policiesOf(chain: RoomChain, deviceListOf: FindDeviceList, isMember: IsMember): PolicyForNote {
  return ({ chainLength, chainHead, memberVersion }: CommitNote): GroupPolicy | null =>
    compareHead(chain, chainLength, chainHead) === 'contained'
      ? {
          deviceListOf,
          admissionOf: (userId, identity) => admissionOf(chain, userId, identity, chainLength),
          isMember: (userId) => isMember(userId, memberVersion),
        }
      : null;
}
