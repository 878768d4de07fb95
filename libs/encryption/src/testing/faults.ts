import { CrashError, randomOf, Turnstile } from './turnstile';

/** The device is offline, or the answer was lost. */
export class CutError extends Error {}

/** What goes wrong between devices, their stores and a server. A seed decides it, and the order of everything. */
export class Faults {
  /** Nothing goes wrong any more. */
  isCalm = false;
  private gates = 0;
  private late: (() => Promise<unknown>)[] = [];
  private readonly turnstile: Turnstile;

  private constructor(
    readonly random: () => number,
    private readonly crashAt: number,
  ) {
    this.turnstile = new Turnstile(random);
  }

  static ofSeed(seed: number): Faults {
    return new Faults(randomOf(seed), 0);
  }

  /** @returns one crash, at a gate that is counted, and nothing else */
  static ofCrash(gate: number): Faults {
    return new Faults(() => 0.5, gate);
  }

  /** Runs tasks beside each other, with what is late. @returns how they end */
  async runAll(tasks: readonly (() => Promise<void>)[]): Promise<PromiseSettledResult<void>[]> {
    const late = this.takeLate().map((run) => async () => void (await run()));
    return this.turnstile.runAll([...tasks, ...late]);
  }

  /** Ends all faults; what is late comes now. */
  async calm(): Promise<void> {
    this.isCalm = true;
    // Nobody hears any more how that ended.
    for (const run of this.takeLate()) await run().catch(() => undefined);
  }

  /** @returns a store whose user crashes before or after each call */
  crashing<T extends object>(store: T): T {
    return this.through(store, (_, run) => run());
  }

  /** @returns a server that is out of reach, does a thing twice or late, loses an answer or gives a part of it */
  unreliable<T extends object>(server: T, isCut: () => boolean): T {
    return this.through(server, async (name, run) => {
      if (isCut()) throw new CutError();
      if (this.isCalm) return run();
      if (name.startsWith('send')) await this.repeatOrDelay(run);
      const result = await run();
      if (!Array.isArray(result) || this.random() > 0.15) return result;
      return result.slice(0, Math.floor(this.random() * result.length)) as unknown;
    });
  }

  /** Where others go on, and where whoever waits may crash. */
  async gate(): Promise<void> {
    if (this.isCalm) return;
    await this.turnstile.gate();
    if (++this.gates === this.crashAt || this.random() < 0.004) throw new CrashError();
  }

  private through<T extends object>(port: T, call: (name: string, run: () => Promise<unknown>) => Promise<unknown>): T {
    return new Proxy(port, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as unknown;
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          await this.gate();
          const result = await call(String(name), async () => method.apply(target, parameters) as unknown);
          await this.gate();
          return result;
        };
      },
    });
  }

  private async repeatOrDelay(run: () => Promise<unknown>): Promise<void> {
    const chance = this.random();
    if (chance < 0.1) await run();
    else if (chance < 0.2) this.late.push(run);
    if (chance > 0.15 && chance < 0.2) throw new CutError();
  }

  private takeLate(): (() => Promise<unknown>)[] {
    return this.late.splice(0);
  }
}
