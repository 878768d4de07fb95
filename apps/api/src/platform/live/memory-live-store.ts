import { NEVER } from 'rxjs';
import type { Leases, StoredLease } from './leases';
import type { LiveFormat } from './live-format';
import { LiveState } from './live-state';
import { LiveStore } from './live-store';

/** A `LiveStore` in the memory of a single process. */
export class MemoryLiveStore extends LiveStore {
  readonly shared = false;
  readonly restored = NEVER;

  private readonly valuesByName = new Map<string, Map<string, string>>();

  isStoreAway(): boolean {
    return false;
  }

  createLiveState<T extends object, E extends object>(name: string, format: LiveFormat<T>): LiveState<T, E> {
    const values = this.valuesByName.get(name) ?? new Map<string, string>();
    this.valuesByName.set(name, values);
    return new MemoryLiveState<T, E>(format, values);
  }

  createLeases(): Leases {
    return new MemoryLeases();
  }
}

class MemoryLiveState<T extends object, E extends object> extends LiveState<T, E> {
  constructor(
    format: LiveFormat<T>,
    private readonly values: Map<string, string>,
  ) {
    super(format);
  }

  protected loadStoredValues(keys: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.values.get(key)));
  }

  protected storeIfUnchanged(key: string, before: string | undefined, after: string | undefined, events: readonly E[]) {
    if (this.values.get(key) !== before) return Promise.resolve(false);
    if (after === undefined) this.values.delete(key);
    else this.values.set(key, after);
    for (const event of events) this.events.next(event);
    return Promise.resolve(true);
  }
}

interface LeaseTerm {
  endsAt: number;
  /** When the expired lease is handed out, for the first time or again. */
  dueAt: number;
}

class MemoryLeases implements Leases {
  readonly restored = NEVER;

  private readonly groups = new Map<string, Map<string, LeaseTerm>>();
  private lookedAt = monotonicNow();
  private waitUntil = 0;

  acquireLease({ group, member }: StoredLease, ttlMs: number): Promise<boolean> {
    const first = this.livingMembersOf(group).length === 0;
    const endsAt = monotonicNow() + ttlMs;
    const members = this.groups.get(group) ?? new Map<string, LeaseTerm>();
    members.set(member, { endsAt, dueAt: endsAt });
    this.groups.set(group, members);
    return Promise.resolve(first);
  }

  async acquireLeases(leases: readonly StoredLease[], ttlMs: number): Promise<void> {
    for (const lease of leases) await this.acquireLease(lease, ttlMs);
  }

  releaseLease({ group, member }: StoredLease): Promise<boolean> {
    const members = this.groups.get(group);
    members?.delete(member);
    if (members?.size === 0) this.groups.delete(group);
    return Promise.resolve(this.livingMembersOf(group).length === 0);
  }

  listLivingMembers(groups: readonly string[]): Promise<string[][]> {
    return Promise.resolve(groups.map((group) => this.livingMembersOf(group)));
  }

  claimExpiredLeases(retryMs: number, quietMs: number): Promise<StoredLease[]> {
    if (monotonicNow() - this.lookedAt > quietMs) this.waitUntil = monotonicNow() + quietMs;
    this.lookedAt = monotonicNow();
    const expired: StoredLease[] = [];
    if (monotonicNow() < this.waitUntil) return Promise.resolve(expired);
    for (const [group, members] of this.groups) {
      for (const [member, term] of members) {
        if (term.dueAt > monotonicNow()) continue;
        term.dueAt = monotonicNow() + retryMs;
        expired.push({ group, member });
      }
    }
    return Promise.resolve(expired);
  }

  private livingMembersOf(group: string): string[] {
    return [...(this.groups.get(group) ?? [])]
      .filter(([, term]) => term.endsAt > monotonicNow())
      .map(([member]) => member);
  }
}

/** Unlike the time of day, this clock never goes back. */
function monotonicNow(): number {
  return performance.now();
}
