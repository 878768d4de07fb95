import { equalBytes, hexOf } from '../bytes/bytes';
import { type Device } from '../identity/device';
import {
  type KeptRecord,
  type VaultAppend,
  type VaultDelivery,
  type VaultEntry,
  type VaultState,
  type VaultStore,
  type VaultWrap,
  type WaitingRecord,
} from '../vault/ports';
import { Vault, type VaultAccess } from '../vault/vault';
import { applyVaultRecord, EMPTY_CONTENTS, type VaultContents } from '../vault/vault-contents';
import { erasedBy } from '../vault/vault-record';
import { START } from './people';

/** A server of one vault that keeps everything in memory, and the rules of the real one. */
export class MemoryVaultServer implements VaultDelivery {
  readonly entries: VaultEntry[] = [];
  readonly wraps: VaultWrap[] = [];

  async fetchLog(from: number): Promise<readonly VaultEntry[]> {
    return this.entries.slice(from);
  }

  async appendToLog(length: number, { entries, wraps, erased }: VaultAppend): Promise<void> {
    if (length !== this.entries.length) return;
    const all = [...this.entries, ...entries];
    const ids = new Set(erased.map(hexOf));
    const rest = all.map((entry) =>
      entry.kind === 'record' && ids.has(hexOf(entry.recordId)) ? { ...entry, box: null } : entry,
    );
    this.entries.splice(0, length, ...rest);
    await this.addWraps(wraps);
  }

  async fetchWraps(generation: number): Promise<readonly VaultWrap[]> {
    return this.wraps.filter((wrap) => wrap.generation === generation);
  }

  async addWraps(wraps: readonly VaultWrap[]): Promise<void> {
    for (const wrap of wraps)
      if (!this.wraps.some((one) => one.generation === wrap.generation && equalBytes(one.recipient, wrap.recipient)))
        this.wraps.push(wrap);
  }
}

/** A store of one vault in memory. */
export class MemoryVaultStore implements VaultStore {
  /** Those that were not erased, in the order in which they came. */
  readonly records = new Map<string, KeptRecord>();
  contents: VaultContents = EMPTY_CONTENTS;
  private readonly erased = new Set<string>();
  private state: VaultState | null = null;
  private waiting: readonly WaitingRecord[] = [];

  async readVault(): Promise<VaultState | null> {
    return this.state;
  }

  async writeVault(state: VaultState, records: readonly KeptRecord[]): Promise<boolean> {
    if (state.revision !== (this.state?.revision ?? 0)) return false;
    this.state = { ...state, revision: state.revision + 1 };
    for (const kept of records) if (!this.isKnown(kept)) this.keep(kept);
    this.waiting = this.waiting.filter((one) => !this.isKnown(one));
    return true;
  }

  async readIdentitySeed() {
    const identity = [...this.records.values()].find(({ record }) => record.kind === 'identity');
    return identity?.record.kind === 'identity' ? identity.record.seed : null;
  }

  async readWaiting(): Promise<readonly WaitingRecord[]> {
    return this.waiting;
  }

  async addWaiting(waiting: readonly WaitingRecord[]): Promise<void> {
    for (const one of waiting) {
      const waits = this.waiting.some(({ recordId }) => equalBytes(recordId, one.recordId));
      if (!waits && !this.isKnown(one)) this.waiting = [...this.waiting, one];
    }
  }

  private keep(kept: KeptRecord): void {
    this.records.set(hexOf(kept.recordId), kept);
    this.contents = applyVaultRecord(this.contents, kept.record);
    for (const recordId of erasedBy(kept.record)) {
      this.records.delete(hexOf(recordId));
      this.erased.add(hexOf(recordId));
    }
  }

  private isKnown({ recordId }: Pick<KeptRecord, 'recordId'>): boolean {
    return this.records.has(hexOf(recordId)) || this.erased.has(hexOf(recordId));
  }
}

/** @returns the vault of a device, at that server, with what differs from a device without any past */
export function memoryVault(
  device: Device,
  server: VaultDelivery,
  { store = new MemoryVaultStore() }: Partial<Pick<VaultAccess, 'store'>> = {},
): Vault {
  return new Vault({ device, store, delivery: server, now: () => START });
}
