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
