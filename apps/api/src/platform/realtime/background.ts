import { Injectable, Logger } from '@nestjs/common';

/** Work that nobody waits for: what fails is logged, and a shutdown waits for what still runs. */
@Injectable()
export class Background {
  private readonly logger = new Logger(Background.name);
  private readonly running = new Set<Promise<void>>();

  run(what: string, work: () => Promise<unknown>): void {
    const done: Promise<void> = work()
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error({ err: error }, `${what} failed`))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
