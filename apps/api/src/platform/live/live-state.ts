import { Subject } from 'rxjs';
import { decodeLiveValue, encodeLiveValue, type LiveFormat, UnreadableLiveValue } from './live-format';

/** A change of a value: the next value (undefined deletes it) and the events that describe the change. */
export interface LiveChange<T, E> {
  next: T | undefined;
  events: readonly E[];
}

/**
 * Values by key that are changed atomically. A change can emit events, and every replica receives the events of a key
 * in the order of its changes. What a newer release has written, and this one does not understand, is neither changed
 * nor deleted.
 */
export abstract class LiveState<T extends object, E extends object> {
  /** The events of changes by all replicas. */
  readonly events = new Subject<E>();

  /** Values that are not understood, each once for as long as that is so. */
  readonly unreadable = new Subject<UnreadableLiveValue>();
  private readonly unreadableKeys = new Set<string>();

  constructor(protected readonly format: LiveFormat<T>) {}

  /** @throws UnreadableLiveValue, which is the refusal `unavailable` */
  async readLiveValue(key: string): Promise<T | undefined> {
    const [value] = await this.readLiveValues([key]);
    if (value instanceof UnreadableLiveValue) throw value;
    return value;
  }

  /** @returns the values in the order of the keys */
  async readLiveValues(keys: readonly string[]): Promise<(T | UnreadableLiveValue | undefined)[]> {
    if (keys.length === 0) return [];
    const stored = await this.loadStoredValues(keys);
    return keys.map((key, i) => this.decodeStoredValue(key, stored[i]));
  }

  /**
   * Changes a value in one atomic step. `change` is called again if another change came first, so it must not have side
   * effects; if it returns undefined, nothing changes.
   * @returns the applied change
   * @throws UnreadableLiveValue, which is the refusal `unavailable`
   */
  async updateAtomically<C extends LiveChange<T, E>>(
    key: string,
    change: (current: T | undefined) => Promise<C | undefined> | C | undefined,
  ): Promise<C | undefined> {
    for (;;) {
      const [before] = await this.loadStoredValues([key]);
      const current = this.decodeStoredValue(key, before);
      if (current instanceof UnreadableLiveValue) throw current;
      const result = await change(current);
      if (!result) return undefined;
      const after = result.next === undefined ? undefined : encodeLiveValue(this.format, result.next);
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

  protected reportUnreadable(value: UnreadableLiveValue): void {
    if (this.unreadableKeys.has(value.key)) return;
    this.unreadableKeys.add(value.key);
    this.unreadable.next(value);
  }

  private decodeStoredValue(key: string, json: string | undefined): T | UnreadableLiveValue | undefined {
    const value = json === undefined ? undefined : decodeLiveValue(this.format, key, json);
    if (value instanceof UnreadableLiveValue) this.reportUnreadable(value);
    else this.unreadableKeys.delete(key);
    return value;
  }
}
