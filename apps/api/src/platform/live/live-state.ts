import { Subject } from 'rxjs';

/** A change of a value: the next value (undefined deletes it) and the events that describe the change. */
export interface LiveChange<T, E> {
  next: T | undefined;
  events: readonly E[];
}

/**
 * Values by key that are changed atomically. A change can emit events, and every replica receives the events of a key
 * in the order of its changes.
 */
export abstract class LiveState<T extends object, E extends object> {
  /** The events of changes by all replicas. */
  readonly events = new Subject<E>();

  async readLiveValue(key: string): Promise<T | undefined> {
    const [value] = await this.readLiveValues([key]);
    return value;
  }

  /** @returns the values in the order of the keys */
  async readLiveValues(keys: readonly string[]): Promise<(T | undefined)[]> {
    if (keys.length === 0) return [];
    return (await this.loadStoredValues(keys)).map(parseStoredValue<T>);
  }

  /**
   * Changes a value in one atomic step. `change` is called again if another change came first, so it must not have side
   * effects; if it returns undefined, nothing changes.
   * @returns the applied change
   */
  async updateAtomically<C extends LiveChange<T, E>>(
    key: string,
    change: (current: T | undefined) => Promise<C | undefined> | C | undefined,
  ): Promise<C | undefined> {
    for (;;) {
      const [before] = await this.loadStoredValues([key]);
      const result = await change(parseStoredValue<T>(before));
      if (!result) return undefined;
      const after = result.next === undefined ? undefined : JSON.stringify(result.next);
      if (await this.storeIfUnchanged(key, before, after, result.events)) return result;
    }
  }

  protected abstract loadStoredValues(keys: readonly string[]): Promise<(string | undefined)[]>;

  /** Stores `after` and emits the events if the value is still `before`; else does nothing and returns false. */
  protected abstract storeIfUnchanged(
    key: string,
    before: string | undefined,
    after: string | undefined,
    events: readonly E[],
  ): Promise<boolean>;
}

function parseStoredValue<T>(value: string | undefined): T | undefined {
  return value === undefined ? undefined : (JSON.parse(value) as T);
}
