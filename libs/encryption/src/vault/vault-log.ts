import { type Bytes, equalBytes, hexOf, sha256 } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { verifySignature } from '../bytes/signing';
import { openBytes, sealBytes } from '../bytes/symmetric';
import { type LogPosition, type VaultEntry, type VaultFloor } from './ports';
import { type LoggedEntry } from './roster-book';
import { decodeVaultHeader, type VaultHeader } from './vault-header';
import { decodeVaultRecord, encodeVaultRecord, erasedBy } from './vault-record';
import { VaultRefusal } from './vault-refusal';

/** A log of which nothing was read. */
export const LOG_START: LogPosition = { length: 0, head: new Uint8Array(32), headBefore: new Uint8Array(32) };

/** Whose log it must be. */
interface LogOwner {
  readonly userId: string;
  readonly identity: Bytes;
}

/** A stretch of a log of which chain and signatures are right. Its records are still to be opened. */
interface FollowedLog {
  readonly position: LogPosition;
  /** The header before the stretch, and those in it. */
  readonly headers: readonly VaultHeader[];
  readonly records: readonly PlacedRecord[];
}

/** A sealed record with what it is sealed for: it opens only for this user, key and id, behind these entries. */
interface PlacedRecord {
  readonly generation: number;
  readonly recordId: Bytes;
  readonly frame: Bytes;
  readonly box: Bytes | null;
}

/**
 * @param from how far the log was read, and the last header by then
 * @param entries from the last one that was read on, so that a log is noticed which goes on from another one
 * @param floor what the log must contain
 */
export async function followLog(
  owner: LogOwner,
  from: { readonly position: LogPosition; readonly header: VaultHeader | null },
  entries: readonly VaultEntry[],
  floor: VaultFloor | null,
): Promise<FollowedLog> {
  let { position } = from;
  const headers = from.header ? [from.header] : [];
  const records: PlacedRecord[] = [];
  const news = position.length > 0 ? await withoutLast(position, entries) : entries;
  for (const entry of news) {
    if (entry.kind === 'header') headers.push(await readHeader(owner, position, headers.at(-1) ?? null, entry));
    else records.push(await placeRecord(owner, position, headers.at(-1) ?? null, entry));
    position = await positionAfter(position, entry);
    if (position.length === floor?.length && !equalBytes(position.head, floor.head)) throw new VaultRefusal('forked');
  }
  if (floor && position.length < floor.length) throw new VaultRefusal('cut_short');
  return { position, headers, records };
}

/** @returns the records, each sealed for its place from that position on */
export async function sealRecords(
  { userId, generation }: VaultHeader,
  sealingKey: CryptoKey,
  from: LogPosition,
  records: readonly LoggedEntry[],
): Promise<readonly VaultEntry[]> {
  let position = from;
  const entries: VaultEntry[] = [];
  for (const { recordId, record } of records) {
    const frame = frameOf({ userId, generation, recordId, previous: position.head });
    const box = await sealBytes(sealingKey, frame, encodeVaultRecord(record));
    const entry: VaultEntry = { kind: 'record', generation, recordId, box, boxHash: await sha256(box) };
    entries.push(entry);
    position = await positionAfter(position, entry);
  }
  return entries;
}

/** @returns the position behind an entry */
export async function positionAfter(position: LogPosition, entry: VaultEntry): Promise<LogPosition> {
  const head = await hashEntry(position.head, entry);
  return { length: position.length + 1, head, headBefore: position.head };
}

/**
 * @returns the records, by the keys of their generations, without those that one behind them says are erased: what
 *   stands at the end of a log was always written by who had the key
 */
export async function openRecords(
  placed: readonly PlacedRecord[],
  keys: ReadonlyMap<number, CryptoKey>,
): Promise<LoggedEntry[]> {
  const records: LoggedEntry[] = [];
  const missing = new Set<string>();
  for (const { generation, recordId, frame, box } of placed) {
    if (!box) {
      missing.add(hexOf(recordId));
      continue;
    }
    const key = keys.get(generation);
    const plain = key && (await openBytes(key, frame, box));
    if (!plain) throw new VaultRefusal('forged');
    const record = decodeVaultRecord(plain);
    if (!record || record.kind === 'epoch') throw new VaultRefusal('newer_record');
    records.push({ recordId, record });
    for (const erased of erasedBy(record)) missing.delete(hexOf(erased));
  }
  if (missing.size > 0) throw new VaultRefusal('record_missing');
  return records;
}

async function withoutLast(
  { head, headBefore }: LogPosition,
  entries: readonly VaultEntry[],
): Promise<readonly VaultEntry[]> {
  const [last, ...news] = entries;
  if (!last) throw new VaultRefusal('cut_short');
  if (!equalBytes(await hashEntry(headBefore, last), head)) throw new VaultRefusal('forked');
  return news;
}

async function readHeader(
  { userId, identity }: LogOwner,
  { head }: LogPosition,
  before: VaultHeader | null,
  { header: bytes, signature }: Extract<VaultEntry, { kind: 'header' }>,
): Promise<VaultHeader> {
  const header = decodeVaultHeader(bytes);
  if (!header) throw new VaultRefusal('malformed');
  if (header.userId !== userId) throw new VaultRefusal('other_user');
  if (!equalBytes(header.identity, identity)) throw new VaultRefusal('other_identity');
  if (!(await verifySignature(identity, bytes, signature))) throw new VaultRefusal('forged');
  if (header.generation !== (before?.generation ?? 0) + 1) throw new VaultRefusal('other_generation');
  if (!equalBytes(header.previous, head)) throw new VaultRefusal('forked');
  if (before && header.endedDevices < before.endedDevices) throw new VaultRefusal('list_behind');
  return header;
}

async function placeRecord(
  { userId }: LogOwner,
  { head }: LogPosition,
  header: VaultHeader | null,
  { generation, recordId, box, boxHash }: Extract<VaultEntry, { kind: 'record' }>,
): Promise<PlacedRecord> {
  if (generation !== header?.generation) throw new VaultRefusal('other_generation');
  if (box && !equalBytes(await sha256(box), boxHash)) throw new VaultRefusal('forged');
  return { generation, recordId, box, frame: frameOf({ userId, generation, recordId, previous: head }) };
}

/** What makes the chain one that the server cannot rearrange: each box is sealed for its place behind all before it. */
function frameOf(place: { userId: string; generation: number; recordId: Bytes; previous: Bytes }): Bytes {
  return encodeFields('vaultRecordFrame', [place.userId, place.generation, place.recordId, place.previous]);
}

/** Of a record the hash of its box counts, so that a box can be erased and the chain stays. */
function hashEntry(previous: Bytes, entry: VaultEntry): Promise<Bytes> {
  const fields =
    entry.kind === 'header' ? [entry.header, entry.signature] : [entry.generation, entry.recordId, entry.boxHash];
  return sha256(encodeFields('vaultEntryHash', [previous, entry.kind, ...fields]));
}
