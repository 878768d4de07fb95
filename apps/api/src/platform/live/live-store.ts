import type { Observable } from 'rxjs';
import type { Leases } from './leases';
import type { LiveFormat } from './live-format';
import type { LiveState } from './live-state';

/** The store of state that lives no longer than the calls and connections it belongs to, shared by all replicas. */
export abstract class LiveStore {
  /** Creates the state of one kind: values, with events about their changes. Called once per name. */
  abstract createLiveState<T extends object, E extends object>(name: string, format: LiveFormat<T>): LiveState<T, E>;

  /** Whether other replicas may share this store. */
  abstract readonly shared: boolean;

  /** Whether the store, and so other replicas, cannot be reached. */
  abstract isStoreAway(): boolean;

  /** Emits when the store is reachable again; it may have lost its data. */
  abstract readonly restored: Observable<void>;

  /** Creates the leases of one kind. */
  abstract createLeases(name: string): Leases;
}
