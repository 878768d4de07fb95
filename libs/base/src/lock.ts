/** Runs tasks one after the other, in the order of asking. A task that fails does not hold up the next. */
export class Lock {
  private last: Promise<unknown> = Promise.resolve();

  /** @returns what the task returns, or its error. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = Promise.allSettled([result]);
    return result;
  }
}
