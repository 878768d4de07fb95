/**
 * Finds what the live store has lost, about which it sends no event. What is missing once may just be being stored: only
 * what is missing in two checks in a row is forgotten.
 */
export class ForgottenFinder<T> {
  private missingBefore: ReadonlySet<T> = new Set();
  private running: Promise<T[]> | undefined;

  /** @param findMissing returns what this process has and the store does not */
  constructor(private readonly findMissing: () => Promise<readonly T[]>) {}

  /** Whether something was missing in the last check. */
  get hasSuspects(): boolean {
    return this.missingBefore.size > 0;
  }

  /**
   * Checks once more. A check that begins while another one runs is the same check.
   * @returns what was missing the last time as well
   */
  findForgotten(): Promise<T[]> {
    this.running ??= this.compareWithStore().finally(() => (this.running = undefined));
    return this.running;
  }

  private async compareWithStore(): Promise<T[]> {
    const missing = await this.findMissing();
    const forgotten = missing.filter((one) => this.missingBefore.has(one));
    this.missingBefore = new Set(missing);
    return forgotten;
  }
}
