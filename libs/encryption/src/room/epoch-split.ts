import { equalBytes } from '../bytes/bytes';
import { generationOf } from '../chain/group-id';
import { createEpochKey } from '../seal/epoch-key';
import { type EpochRecord, type EpochSplit, type RoomStore } from './ports';

/**
 * @returns the epochs, among those that come into the store, of which it has another secret. Devices that follow one
 *   history never have two: the server, or a member with it, has shown them different ones
 */
export async function findSplits(store: RoomStore, epochs: readonly EpochRecord[]): Promise<EpochSplit[]> {
  const splits: EpochSplit[] = [];
  for (const record of epochs) {
    const { keyId } = await createEpochKey(record.secret, record);
    const [generation, epoch] = [generationOf(record.groupId), record.epoch];
    const kept = await store.readKeyIds(generation, epoch);
    if (kept.some((other) => !equalBytes(other, keyId))) splits.push({ generation, epoch });
  }
  return splits;
}

/** @returns all of them, each once */
export function mergeSplits(before: readonly EpochSplit[], found: readonly EpochSplit[]): readonly EpochSplit[] {
  const isKnown = (one: EpochSplit): boolean =>
    before.some(({ generation, epoch }) => generation === one.generation && epoch === one.epoch);
  return [...before, ...found.filter((one) => !isKnown(one))];
}
