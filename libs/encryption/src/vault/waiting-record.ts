import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { type Device } from '../identity/device';
import { openWithKey, sealToKey } from '../identity/receiving';
import { type KeptRecord, type WaitingRecord } from './ports';
import { decodeVaultRecord, encodeVaultRecord, recordIdOf, type VaultRecord } from './vault-record';

/** @returns the record, sealed to this device: what waits there is not to be read by who finds the store */
export async function sealWaitingRecord({ userId, receiving }: Device, record: VaultRecord): Promise<WaitingRecord> {
  const recordId = await recordIdOf(record);
  const sealed = await sealToKey(receiving.publicKey, waitingInfo(userId, recordId), encodeVaultRecord(record));
  return { recordId, sealed };
}

/** @returns what {@link sealWaitingRecord} was given */
export async function openWaitingRecord(
  { userId, receiving }: Device,
  { recordId, sealed }: WaitingRecord,
): Promise<KeptRecord> {
  const plain = await openWithKey(receiving.secret, waitingInfo(userId, recordId), sealed);
  const record = plain && decodeVaultRecord(plain);
  if (!record) throw new Error('This record waits for another device.');
  return { recordId, record };
}

function waitingInfo(userId: string, recordId: Bytes): Bytes {
  return encodeFields('vaultWaiting', [userId, recordId]);
}
