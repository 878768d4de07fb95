/**
 * The changes of a state that come while answers of the server are on their way. An answer may be older than such a
 * change or include it, so the change is applied to the answer too: applied twice, it must have the same result.
 */
export class ChangesMeanwhile<S> {
  /** The changes since each of the requests that are on their way. */
  private readonly requests = new Set<((state: S) => S)[]>();

  recordChange(change: (state: S) => S): void {
    for (const changes of this.requests) changes.push(change);
  }

  /** @param work makes a request; `replay` applies to its answer what has changed since then */
  async runRequest<R>(work: (replay: (answer: S) => S) => Promise<R>): Promise<R> {
    const changes: ((state: S) => S)[] = [];
    this.requests.add(changes);
    try {
      return await work((answer) => changes.reduce((state, change) => change(state), answer));
    } finally {
      this.requests.delete(changes);
    }
  }
}
