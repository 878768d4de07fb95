import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { type Device } from '../identity/device';
import { openWithKey, sealToKey } from '../identity/receiving';
import { type KeptRecord, type WaitingRecord } from './ports';
import {
  decodeVaultRecord,
  encodeVaultRecord,
  erasedBy,
  isOfLogAlone,
  MOST_ERASED,
  recordIdOf,
  type VaultRecord,
} from './vault-record';

/** What goes to the server in one step: records, the ids that they erase, and bytes. It takes no more at once. */
const MOST_AT_ONCE = { records: 50, erased: MOST_ERASED, bytes: 512 * 1024 };

/** @returns the record, sealed to this device: what waits there is not to be read by who finds the store */
export async function sealWaitingRecord({ userId, receiving }: Device, record: VaultRecord): Promise<WaitingRecord> {
  const recordId = await recordIdOf(record);
  const sealed = await sealToKey(receiving.publicKey, waitingInfo(userId, recordId), encodeVaultRecord(record));
  return { recordId, sealed };
}

/** @returns what {@link sealWaitingRecord} was given, of the first ones, as much as goes to the server in one step */
export async function openFirstWaiting(device: Device, waiting: readonly WaitingRecord[]): Promise<KeptRecord[]> {
  const records: KeptRecord[] = [];
  let [erased, bytes] = [0, 0];
  for (const one of waiting.slice(0, MOST_AT_ONCE.records)) {
    const opened = await openWaitingRecord(device, one);
    erased += erasedBy(opened.record).length;
    bytes += one.sealed.box.length;
    const isTooMuch = erased > MOST_AT_ONCE.erased || bytes > MOST_AT_ONCE.bytes;
    if (records.length > 0 && isTooMuch) break;
    records.push(opened);
  }
  return records;
}

async function openWaitingRecord(
  { userId, receiving }: Device,
  { recordId, sealed }: WaitingRecord,
): Promise<KeptRecord> {
  const plain = await openWithKey(receiving.secret, waitingInfo(userId, recordId), sealed);
  const record = plain && decodeVaultRecord(plain);
  if (!record || isOfLogAlone(record)) throw new Error('This record waits for another device.');
  return { recordId, record };
}

function waitingInfo(userId: string, recordId: Bytes): Bytes {
  return encodeFields('vaultWaiting', [userId, recordId]);
}
