import { Injectable, Logger } from '@nestjs/common';

/** Runs work that no caller waits for: failures are logged, and the shutdown waits for running tasks. */
@Injectable()
export class BackgroundTasks {
  private readonly logger = new Logger(BackgroundTasks.name);
  private readonly running = new Set<Promise<void>>();

  runInBackground(task: string, work: () => Promise<unknown>): void {
    const done: Promise<void> = work()
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error({ err: error, task, msg: 'a background task failed' }))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  async waitForBackgroundTasks(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
