import { NEVER } from 'rxjs';
import type { Lease, Leases } from './leases';
import { Live } from './live';
import { LiveState } from './live-state';

/** Live state of a single process. */
export class MemoryLive extends Live {
  readonly shared = false;
  readonly restored = NEVER;

  isAway(): boolean {
    return false;
  }

  state<T extends object, E extends object>(): LiveState<T, E> {
    return new MemoryState<T, E>();
  }

  leases(): Leases {
    return new MemoryLeases();
  }
}

class MemoryState<T extends object, E extends object> extends LiveState<T, E> {
  private readonly values = new Map<string, string>();

  protected load(keys: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.values.get(key)));
  }

  protected swap(key: string, before: string | undefined, after: string | undefined, events: readonly E[]) {
    if (this.values.get(key) !== before) return Promise.resolve(false);
    if (after === undefined) this.values.delete(key);
    else this.values.set(key, after);
    for (const event of events) this.events.next(event);
    return Promise.resolve(true);
  }
}

interface Term {
  endsAt: number;
  /** When its end is given out (again). */
  dueAt: number;
}

class MemoryLeases implements Leases {
  readonly restored = NEVER;

  private readonly groups = new Map<string, Map<string, Term>>();
  private lookedAt = now();
  private waitUntil = 0;

  hold({ group, member }: Lease, ttlMs: number): Promise<boolean> {
    const first = this.living(group).length === 0;
    const endsAt = now() + ttlMs;
    const members = this.groups.get(group) ?? new Map<string, Term>();
    members.set(member, { endsAt, dueAt: endsAt });
    this.groups.set(group, members);
    return Promise.resolve(first);
  }

  async renew(leases: readonly Lease[], ttlMs: number): Promise<void> {
    for (const lease of leases) await this.hold(lease, ttlMs);
  }

  release({ group, member }: Lease): Promise<boolean> {
    const members = this.groups.get(group);
    members?.delete(member);
    if (members?.size === 0) this.groups.delete(group);
    return Promise.resolve(this.living(group).length === 0);
  }

  members(groups: readonly string[]): Promise<string[][]> {
    return Promise.resolve(groups.map((group) => this.living(group)));
  }

  takeExpired(retryMs: number, quietMs: number): Promise<Lease[]> {
    if (now() - this.lookedAt > quietMs) this.waitUntil = now() + quietMs;
    this.lookedAt = now();
    const expired: Lease[] = [];
    if (now() < this.waitUntil) return Promise.resolve(expired);
    for (const [group, members] of this.groups) {
      for (const [member, term] of members) {
        if (term.dueAt > now()) continue;
        term.dueAt = now() + retryMs;
        expired.push({ group, member });
      }
    }
    return Promise.resolve(expired);
  }

  private living(group: string): string[] {
    return [...(this.groups.get(group) ?? [])].filter(([, term]) => term.endsAt > now()).map(([member]) => member);
  }
}

/** Never set back, unlike the time of day. */
function now(): number {
  return performance.now();
}
