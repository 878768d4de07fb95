import { Subject } from 'rxjs';

/** What to make of a value: the next one (none: it goes) and what to tell of it. */
export interface LiveChange<T, E> {
  next: T | undefined;
  events: readonly E[];
}

/**
 * Values by key that are changed in atomic steps. Each change tells events, and every replica hears the events of a key
 * in the order of its changes.
 */
export abstract class LiveState<T extends object, E extends object> {
  /** What changes of all replicas tell. */
  readonly events = new Subject<E>();

  async read(key: string): Promise<T | undefined> {
    const [value] = await this.readMany([key]);
    return value;
  }

  /** @returns the values in the order of the keys */
  async readMany(keys: readonly string[]): Promise<(T | undefined)[]> {
    if (keys.length === 0) return [];
    return (await this.load(keys)).map(parse<T>);
  }

  /**
   * Changes a value in one atomic step. `change` is asked anew when somebody else was faster, so it must do nothing but
   * look and answer; if it answers nothing, nothing changes.
   * @returns the change that was made
   */
  async update<C extends LiveChange<T, E>>(
    key: string,
    change: (current: T | undefined) => Promise<C | undefined> | C | undefined,
  ): Promise<C | undefined> {
    for (;;) {
      const [before] = await this.load([key]);
      const made = await change(parse<T>(before));
      if (!made) return undefined;
      const after = made.next === undefined ? undefined : JSON.stringify(made.next);
      if (await this.swap(key, before, after, made.events)) return made;
    }
  }

  protected abstract load(keys: readonly string[]): Promise<(string | undefined)[]>;

  /** Stores `after` and tells the events if the value is still `before`; else does nothing and returns false. */
  protected abstract swap(
    key: string,
    before: string | undefined,
    after: string | undefined,
    events: readonly E[],
  ): Promise<boolean>;
}

function parse<T>(value: string | undefined): T | undefined {
  return value === undefined ? undefined : (JSON.parse(value) as T);
}
