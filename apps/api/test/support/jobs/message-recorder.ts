import { Injectable, Module } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type DomainEvents, OnEvent, OnEventInTransaction } from '../../../src/platform/events/domain-events';
import { JobHandler, type JobKinds, type JobRun } from '../../../src/platform/jobs/job-kinds';
import { JobQueue } from '../../../src/platform/jobs/job-queue';

declare module '../../../src/platform/jobs/job-kinds' {
  interface JobKinds {
    'test.record-message': { messageId: string };
  }
}

/** What the recorder writes; `runs` has a row for each attempt. */
export const RECORDER_TABLES = `
  CREATE TABLE recorded (job_id uuid PRIMARY KEY, message_id uuid NOT NULL);
  CREATE TABLE runs (job_id uuid NOT NULL);`;

/** The places at which a process can die, one on each side of each step between a message and the effect of its job. */
export const KILL_POINTS = ['before commit', 'before fetch', 'before effect', 'after effect'] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** At which place this process dies, the next time it gets there. */
export const deadly: { point?: KillPoint } = {};

async function passPoint(point: KillPoint): Promise<void> {
  if (deadly.point !== point) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

/** A consumer of messages that must miss none: it records each of them once, by a job. */
@Injectable()
class MessageRecorder {
  constructor(
    private readonly jobs: JobQueue,
    private readonly db: DataSource,
  ) {}

  @OnEventInTransaction('message.posted', 10)
  async enqueueRecord({ message, repeated }: DomainEvents['message.posted'], manager: EntityManager): Promise<void> {
    if (repeated) return;
    // Nobody fetches it before this process is dead.
    const later = deadly.point === 'before fetch' ? { startAfter: new Date(Date.now() + 1000) } : {};
    await this.jobs.enqueueInTransaction(manager, 'test.record-message', { messageId: message.id }, later);
    await passPoint('before commit');
  }

  @OnEvent('message.posted')
  async noticeCommit(): Promise<void> {
    await passPoint('before fetch');
  }

  @JobHandler('test.record-message')
  async recordMessage({ messageId }: JobKinds['test.record-message'], { id }: JobRun): Promise<void> {
    await this.db.query('INSERT INTO runs (job_id) VALUES ($1)', [id]);
    await passPoint('before effect');
    await this.db.query('INSERT INTO recorded (job_id, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      id,
      messageId,
    ]);
    await passPoint('after effect');
  }
}

@Module({ providers: [MessageRecorder] })
export class MessageRecorderModule {}
