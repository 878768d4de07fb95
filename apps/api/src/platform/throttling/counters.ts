/** Counts uses by key, in windows that begin with a use. */
export abstract class Counters {
  /**
   * Counts one more use, or one that weighs as much as `amount`.
   * @returns 0, or when it is more than the limit the ms until the window ends
   */
  abstract count(key: string, windowMs: number, limit: number, amount?: number): Promise<number>;

  /**
   * Looks without counting.
   * @returns 0, or when the limit is used up the ms until the window ends
   */
  abstract spent(key: string, limit: number): Promise<number>;
}
