import { type CommitNote } from '../group/commit-note';
import { type Group, type PendingCommit } from '../group/group';
import { type DeviceName, type PendingRecord } from './ports';

/**
 * @param before the group that the commit changes; null if it joins it
 * @returns what is stored of a commit, before the server gets what is to be sent of it
 */
export async function pendingRecordOf(
  before: Group | null,
  { commit, welcome, group }: Pick<PendingCommit, 'commit' | 'welcome' | 'group'>,
  note: CommitNote,
): Promise<PendingRecord> {
  return {
    groupId: group.groupId,
    epoch: group.epoch - 1,
    sent: {
      commit,
      welcome: before && welcome && { welcome, devices: addedDevices(before, group) },
      groupInfo: await group.exportGroupInfo(note),
      rekeyedFor: before && note.memberVersion,
    },
    group: group.encode(),
    time: note.time,
    chainLength: note.chainLength,
  };
}

function addedDevices(before: Group, after: Group): DeviceName[] {
  const isNew = (leaf: DeviceName): boolean =>
    !before.roster.some(({ userId, deviceId }) => userId === leaf.userId && deviceId === leaf.deviceId);
  return after.roster.filter(isNew).map(({ userId, deviceId }) => ({ userId, deviceId }));
}
