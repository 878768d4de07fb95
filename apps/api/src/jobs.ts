import 'reflect-metadata';
import { CommandRefusal, runCommand } from './command-line';
import { type DeadJob, listDeadJobs, retryDeadJobs } from './platform/jobs/dead-jobs';
import { readJobSchemaVersion } from './platform/jobs/job-schema';

/** Lists the jobs that failed too often: `node api/jobs.js`. With `retry` they are tried again. */
runCommand({ failure: 'The jobs could not be read.' }, async (db, [action, ...more], { databaseUrl }) => {
  if (more.length || (action !== undefined && action !== 'retry'))
    throw new CommandRefusal(
      'Say nothing to list the jobs that failed too often, or “retry” to have them tried again.',
    );
  if ((await readJobSchemaVersion(db)) === undefined)
    throw new CommandRefusal('The database is not up to date: start WebCall once, then try again.');
  if (action === 'retry') return `${await retryDeadJobs(databaseUrl)} jobs are tried again.\n`;
  return formatDeadJobs(await listDeadJobs(db));
});

function formatDeadJobs(jobs: readonly DeadJob[]): string {
  if (jobs.length === 0) return 'No job has failed too often.\n';
  const lines = jobs.map(
    ({ kind, id, failedAt, attempts, reason }) =>
      `${failedAt.toISOString()}  ${kind ?? ''}  ${id ?? ''}  ${attempts ?? 0} attempts: ${reason ?? 'no reason was given'}`,
  );
  return `${lines.join('\n')}\n`;
}
