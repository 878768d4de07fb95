/** Ends a task of a turnstile where it stands, as a crash does. */
export class CrashError extends Error {}

/**
 * Lets tasks go on one at a time, from gate to gate, in an order that a seed decides: what they do in between, such as
 * cryptography on other threads, cannot change it.
 */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly random: () => number) {}

  /** @returns the outcome of all tasks, which run beside each other */
  async runAll(tasks: readonly (() => Promise<void>)[]): Promise<PromiseSettledResult<void>[]> {
    this.running = tasks.length;
    return Promise.allSettled(
      tasks.map((task) =>
        this.gate()
          .then(task)
          .finally(() => this.leave()),
      ),
    );
  }

  /** Waits until it is this task’s turn. */
  async gate(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.leave();
    await turn;
  }

  private leave(): void {
    this.running--;
    if (this.running > 0 || this.waiting.length === 0) return;
    this.running = 1;
    const [next] = this.waiting.splice(Math.floor(this.random() * this.waiting.length), 1);
    next?.();
  }
}

/** @returns random numbers from 0 to 1, always the same for a seed (Mulberry32) */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
