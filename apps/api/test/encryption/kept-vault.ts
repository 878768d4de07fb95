import {
  base64UrlOf,
  type Bytes,
  erasedBy,
  type KeptRecord,
  type VaultState,
  type VaultStore,
  type WaitingRecord,
} from '@webcall/encryption';

/** What a device keeps of a vault, in memory. */
export class KeptVault implements VaultStore {
  readonly records = new Map<string, KeptRecord>();
  private readonly known = new Set<string>();
  private state: VaultState | null = null;
  private waiting: readonly WaitingRecord[] = [];

  async readVault(): Promise<VaultState | null> {
    return this.state;
  }

  async writeVault(state: VaultState, records: readonly KeptRecord[]): Promise<boolean> {
    if (state.revision !== (this.state?.revision ?? 0)) return false;
    this.state = { ...state, revision: state.revision + 1 };
    for (const kept of records) {
      const id = base64UrlOf(kept.recordId);
      if (!this.known.has(id)) this.records.set(id, kept);
      this.known.add(id);
      for (const erased of erasedBy(kept.record).map(base64UrlOf)) {
        this.records.delete(erased);
        this.known.add(erased);
      }
    }
    this.waiting = this.waiting.filter(({ recordId }) => !this.known.has(base64UrlOf(recordId)));
    return true;
  }

  async readIdentitySeed(): Promise<Bytes | null> {
    for (const { record } of this.records.values()) if (record.kind === 'identity') return record.seed;
    return null;
  }

  async readWaiting(): Promise<readonly WaitingRecord[]> {
    return this.waiting;
  }

  async addWaiting(added: readonly WaitingRecord[]): Promise<void> {
    const ids = new Set([...this.known, ...this.waiting.map(({ recordId }) => base64UrlOf(recordId))]);
    this.waiting = [...this.waiting, ...added.filter(({ recordId }) => !ids.has(base64UrlOf(recordId)))];
  }
}
