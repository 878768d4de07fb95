/** A lock that runs tasks one after the other, in the order of the calls. A failed task does not hold up the next. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** @returns a promise with the result of the task, or with its error. */
  runExclusive<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = Promise.allSettled([result]);
    return result;
  }
}

/** Runs the tasks of one key one after the other, in the order of the calls. Those of other keys do not wait for them. */
export class KeyedMutex<K> {
  private readonly lastByKey = new Map<K, Promise<unknown>>();

  /** The number of keys whose tasks have not all ended. */
  get busyKeyCount(): number {
    return this.lastByKey.size;
  }

  /** @returns a promise with the result of the task, or with its error; a failed task does not hold up the next */
  runExclusive<T>(key: K, task: () => T | Promise<T>): Promise<T> {
    const result = (this.lastByKey.get(key) ?? Promise.resolve()).then(task);
    const ended = Promise.allSettled([result]).then(() => {
      if (this.lastByKey.get(key) === ended) this.lastByKey.delete(key);
    });
    this.lastByKey.set(key, ended);
    return result;
  }
}
