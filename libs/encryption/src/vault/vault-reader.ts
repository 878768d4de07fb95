import { equalBytes } from '../bytes/bytes';
import { signingKeyOfSeed } from '../bytes/signing';
import { type Device } from '../identity/device';
import { type ReceivingKey } from '../identity/receiving';
import { type KeptRecord, type VaultDelivery, type VaultState } from './ports';
import { RosterBook } from './roster-book';
import { openVaultKey, sealingKeysOf, wrapVaultKey } from './vault-key';
import { followLog, openRecords } from './vault-log';
import { VaultRefusal } from './vault-refusal';

/** What a device knows of a vault after everything of the server’s was read. */
interface ReadVault {
  /** The very state of before if there is nothing new. */
  readonly next: VaultState;
  readonly records: readonly KeptRecord[];
}

/**
 * Reads what the server has of the vault, on top of what the state has, and writes nothing.
 * @param opener the key by which a vault key is opened that this device does not have yet
 */
export async function readVault(
  { device, delivery }: { readonly device: Device; readonly delivery: VaultDelivery },
  state: VaultState,
  opener: ReceivingKey,
): Promise<ReadVault> {
  const { identity, position: from, header: known, wrap: ownWrap } = state;
  const owner = { userId: device.userId, identity };
  const entries = await delivery.fetchLog(Math.max(0, from.length - 1));
  const {
    position,
    headers,
    records: placed,
  } = await followLog(owner, { position: from, header: known }, entries, state.floor);
  const header = headers.at(-1);
  if (!header || position.length === from.length) return { next: state, records: [] };
  const isKnown = header === known && ownWrap;
  const key = isKnown
    ? await openVaultKey(header, [ownWrap], device.receiving)
    : await openVaultKey(header, await delivery.fetchWraps(header.generation), opener);
  const rosters = new RosterBook(state.rosters);
  const records = await rosters.restore(await openRecords(placed, await sealingKeysOf(headers, key)));
  for (const { record } of records) {
    if (record.kind !== 'identity') continue;
    const { publicKey } = await signingKeyOfSeed(record.seed);
    if (!equalBytes(publicKey, identity)) throw new VaultRefusal('other_identity');
  }
  const wrap = isKnown ? ownWrap : await wrapVaultKey(header, key, device.receiving.publicKey);
  return { next: { ...state, position, header, wrap, rosters: rosters.newest }, records };
}
