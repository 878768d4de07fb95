import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

/** Runs work that no caller waits for: failures are logged, and the shutdown waits for running tasks. */
@Injectable()
export class BackgroundTasks implements BeforeApplicationShutdown {
  private readonly logger = new Logger(BackgroundTasks.name);
  private readonly running = new Set<Promise<void>>();
  private readonly timers: NodeJS.Timeout[] = [];

  runInBackground(task: string, work: () => Promise<unknown>): void {
    const done: Promise<void> = work()
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error({ err: error, task, msg: 'a background task failed' }))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Runs work of this process again and again, until the application begins to shut down. */
  repeatInBackground(task: string, everyMs: number, work: () => Promise<unknown>): void {
    this.timers.push(setInterval(() => this.runInBackground(task, work), everyMs).unref());
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  async waitForBackgroundTasks(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
