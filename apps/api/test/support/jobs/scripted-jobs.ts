import { Injectable, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobHandler, type JobKinds, type JobRun, JobSchedule } from '../../../src/platform/jobs/job-kinds';

declare module '../../../src/platform/jobs/job-kinds' {
  interface JobKinds {
    'test.scripted': { name: string };
    'test.tick': null;
  }
}

type Script = (run: JobRun) => Promise<void>;

/** Jobs that do what a test says, and a schedule that counts. */
@Injectable()
export class ScriptedJobs {
  /** What the jobs of a name do; nothing without an entry. */
  static readonly scripts = new Map<string, Script>();

  constructor(private readonly db: DataSource) {}

  @JobHandler('test.scripted', { retryLimit: 1 })
  async runScript({ name }: JobKinds['test.scripted'], run: JobRun): Promise<void> {
    await ScriptedJobs.scripts.get(name)?.(run);
  }

  @JobSchedule('test.tick', '* * * * *')
  async tick(): Promise<void> {
    await this.db.query('INSERT INTO ticks DEFAULT VALUES');
  }
}

@Module({ providers: [ScriptedJobs] })
export class ScriptedJobsModule {}
