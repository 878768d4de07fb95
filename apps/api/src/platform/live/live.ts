import type { Leases } from './leases';
import type { LiveState } from './live-state';
import type { Observable } from 'rxjs';

/** State that lives no longer than the calls and connections it is about, shared by all replicas. */
export abstract class Live {
  /** Values of one kind, with the events that tell of their changes. Asked for once per name. */
  abstract state<T extends object, E extends object>(name: string): LiveState<T, E>;

  /** Whether there are other replicas that it may be shared with. */
  abstract readonly shared: boolean;

  /** Whether the store cannot be reached: nor can other replicas through it. */
  abstract isAway(): boolean;

  /** The store is there again after it was away, and may have lost what it held. */
  abstract readonly restored: Observable<void>;

  /** Leases of one kind. */
  abstract leases(name: string): Leases;
}
