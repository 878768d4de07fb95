const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often a device does, in all its rooms, what costs others much: however broken they are, whatever the server says. */
const LIMITS = {
  commit: { most: 10, within: MINUTE },
  /** Setting up a room’s group anew. */
  regroup: { most: 1, within: HOUR },
} as const;

/** What a device does only so often. */
export type LimitedUse = keyof typeof LIMITS;

/** What was done, and has to be counted still. */
export interface UseRecord {
  readonly use: LimitedUse;
  readonly time: number;
}

/** Where a device keeps what it did, for all its rooms and tabs. */
export interface UseStore {
  readUses(): Promise<{ readonly revision: number; readonly uses: readonly UseRecord[] }>;
  /** @returns whether it was written; false if the revision is not the one that was read */
  writeUses(revision: number, uses: readonly UseRecord[]): Promise<boolean>;
}

/** The limits of one device. */
export class UseLimits {
  constructor(
    private readonly store: UseStore,
    private readonly now: () => number,
  ) {}

  /** @returns whether it may be done now; it is counted then */
  async tryUse(use: LimitedUse): Promise<boolean> {
    for (;;) {
      const { revision, uses } = await this.store.readUses();
      const time = this.now();
      // What a clock that was ahead has counted would otherwise count until then.
      const counted = uses.filter((one) => one.time <= time && one.time > time - LIMITS[one.use].within);
      if (counted.filter((one) => one.use === use).length >= LIMITS[use].most) return false;
      if (await this.store.writeUses(revision, [...counted, { use, time }])) return true;
    }
  }
}
