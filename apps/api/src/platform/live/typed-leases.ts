import { Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Observable } from 'rxjs';
import type { LeaseKeyCodec, LeaseKind } from './lease-keys';
import type { Lease, Leases, StoredLease } from './leases';

/**
 * The leases of one kind, with their keys as values. A key that cannot be read, perhaps one of a newer version, is
 * counted and passed over, and the first one is logged; its lease stays for a replica that understands it.
 */
export class TypedLeases<G, M> {
  private readonly logger = new Logger(TypedLeases.name);
  private hasLoggedUnreadable = false;

  constructor(
    private readonly kind: LeaseKind<G, M>,
    /** The same leases with their keys as they are in the store. */
    readonly stored: Leases,
    private readonly unreadable: Pick<Counter<'leases'>, 'inc'>,
  ) {}

  get name(): string {
    return this.kind.name;
  }

  get restored(): Observable<void> {
    return this.stored.restored;
  }

  acquireLease(lease: Lease<G, M>, ttlMs: number): Promise<boolean> {
    return this.stored.acquireLease(this.encodeLease(lease), ttlMs);
  }

  acquireLeases(leases: readonly Lease<G, M>[], ttlMs: number): Promise<void> {
    return this.stored.acquireLeases(
      leases.map((lease) => this.encodeLease(lease)),
      ttlMs,
    );
  }

  releaseLease(lease: Lease<G, M>): Promise<boolean> {
    return this.stored.releaseLease(this.encodeLease(lease));
  }

  /** @returns the living members of each group, in the order of the groups */
  async listLivingMembers(groups: readonly G[]): Promise<M[][]> {
    const texts = groups.map((group) => this.kind.group.encode(group));
    const membersByGroup = await this.stored.listLivingMembers(texts);
    return membersByGroup.map((members) => members.flatMap((text) => this.decodeKey(this.kind.member, text) ?? []));
  }

  encodeLease({ group, member }: Lease<G, M>): StoredLease {
    return { group: this.kind.group.encode(group), member: this.kind.member.encode(member) };
  }

  decodeLease({ group: groupText, member: memberText }: StoredLease): Lease<G, M> | undefined {
    const group = this.decodeKey(this.kind.group, groupText);
    const member = this.decodeKey(this.kind.member, memberText);
    return group === undefined || member === undefined ? undefined : { group, member };
  }

  private decodeKey<T>(codec: LeaseKeyCodec<T>, text: string): T | undefined {
    const value = codec.decode(text);
    if (value === undefined) this.reportUnreadable(text);
    return value;
  }

  private reportUnreadable(key: string): void {
    this.unreadable.inc({ leases: this.kind.name });
    if (this.hasLoggedUnreadable) return;
    this.hasLoggedUnreadable = true;
    this.logger.warn({ leases: this.kind.name, key, msg: 'the key of a lease cannot be read' });
  }
}
