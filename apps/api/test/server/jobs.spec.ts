import { Logger } from '@nestjs/common';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { getRollbackPlans } from 'pg-boss';
import { EventBus } from '../../src/platform/events/event-bus';
import type { JobRun } from '../../src/platform/jobs/job-kinds';
import { JobQueue } from '../../src/platform/jobs/job-queue';
import { JOB_SCHEMA_VERSION } from '../../src/platform/jobs/job-schema';
import { newDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/faults/recovery';
import { addModule } from '../support/jobs/add-module';
import { MessageRecorderModule, RECORDER_TABLES } from '../support/jobs/message-recorder';
import { ScriptedJobs, ScriptedJobsModule } from '../support/jobs/scripted-jobs';
import { rest } from '../support/rest';
import { newRoom, newUser, startApp, type TestApp } from '../support/test-app';
import { useServer } from '../support/use-server';

const METRICS_TOKEN = 'token-of-the-metrics-1';
const env = { METRICS_TOKEN, JOBS: 'on' };
const { scripts } = ScriptedJobs;

addModule(MessageRecorderModule);
addModule(ScriptedJobsModule);

/** A database with what the jobs of these tests write. */
const prepareDatabase = async (): Promise<TestDatabase> => {
  const database = await newDatabase();
  await database.query(`${RECORDER_TABLES} CREATE TABLE ticks (id serial)`);
  return database;
};

const server = useServer(async () => {
  const database = await prepareDatabase();
  const app = await startApp({ database, env });
  return { ...app, close: () => app.close().then(() => database.drop()) };
});
const { connect } = server;

afterEach(() => {
  scripts.clear();
  jest.restoreAllMocks();
});

/** Enqueues a job that does what its script says, in a transaction of its own. */
const enqueue = (name: string, { app }: Pick<TestApp, 'app'> = server, id?: string): Promise<void> =>
  app
    .get(EventBus)
    .runTransaction((manager) => app.get(JobQueue).enqueueInTransaction(manager, 'test.scripted', { name }, { id }));

const jobsNamed = (name: string, database = server.db): Promise<{ queue: string; state: string }[]> =>
  database.query(`SELECT name AS queue, state FROM jobs.job WHERE data->>'name' = $1 ORDER BY name`, [name]);

const metrics = async (): Promise<string> => {
  const answer = await rest(server.url).send('GET', '/metrics', undefined, {
    authorization: `Bearer ${METRICS_TOKEN}`,
  });
  return answer.body as string;
};

/** A promise with what settles it. */
const gate = (): { opened: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

describe('a job', () => {
  it('exists if and only if the transaction of its cause is committed', async () => {
    const queue = server.app.get(JobQueue);
    const refused = server.app.get(EventBus).runTransaction(async (manager) => {
      await queue.enqueueInTransaction(manager, 'test.scripted', { name: 'undone' });
      throw new Error('the test breaks it');
    });
    await expect(refused).rejects.toThrow('breaks it');
    expect(await jobsNamed('undone')).toEqual([]);
    await enqueue('done');
    await eventually(async () =>
      expect(await jobsNamed('done')).toEqual([{ queue: 'test.scripted', state: 'completed' }]),
    );
    const outside = server.app
      .get(EventBus)
      .runStatement(['message.changed'], (manager) =>
        queue.enqueueInTransaction(manager, 'test.scripted', { name: 'alone' }),
      );
    await expect(outside).rejects.toThrow('outside a transaction');
  });

  it('of a message needs nothing from the service that posts it, and comes once for a repeated message', async () => {
    const anna = await newUser(server, 'anna');
    const { id: roomId } = await newRoom(anna);
    const socket = await connect(anna);
    const id = randomUUID();
    for (let i = 0; i < 2; i++)
      expect(await socket.ask('chat:send', { roomId, id, text: 'Once' })).toEqual({ ok: true, seq: 1 });
    expect(await socket.refusal('chat:send', { roomId: (await newRoom(anna)).id, id, text: 'Taken' })).toBe('id_taken');
    const recorded = () => server.db.query('SELECT message_id FROM recorded WHERE message_id = $1', [id]);
    await eventually(async () => expect(await recorded()).toHaveLength(1));
    const sent = `SELECT FROM jobs.job WHERE data->>'messageId' = $1`;
    expect(await server.db.query(sent, [id])).toHaveLength(1);
  });

  it('with a known id is not enqueued again', async () => {
    const id = randomUUID();
    for (let i = 0; i < 2; i++) await enqueue('known', server, id);
    expect(await jobsNamed('known')).toHaveLength(1);
  });

  it('is tried again after a failure', async () => {
    const runs: string[] = [];
    scripts.set('flaky', async ({ id }) => {
      if (runs.push(id) === 1) throw new Error('the test breaks it');
    });
    await enqueue('flaky');
    await eventually(async () => expect(await jobsNamed('flaky')).toMatchObject([{ state: 'completed' }]));
    expect([runs.length, new Set(runs).size]).toEqual([2, 1]);
  });

  it('that fails too often is kept, counted and listed, and can be tried again as the same job', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const runs: string[] = [];
    scripts.set('hopeless', async ({ id }) => {
      runs.push(id);
      throw new Error('no hope');
    });
    await enqueue('hopeless');
    await eventually(async () =>
      expect(await jobsNamed('hopeless')).toEqual([
        { queue: 'dead', state: 'created' },
        { queue: 'test.scripted', state: 'failed' },
      ]),
    );
    const entry = { kind: 'test.scripted', jobId: runs[0], attempt: 2, msg: 'a job has failed too often' };
    expect(logged).toHaveBeenCalledWith(expect.objectContaining(entry));
    const text = await metrics();
    expect(text).toMatch(/^webcall_jobs_dead\{kind="test.scripted"\} 1$/m);
    expect(text).toMatch(/^webcall_jobs_run_total\{kind="test.scripted",outcome="dead"\} 1$/m);
    expect(text).toMatch(/^webcall_jobs_duration_seconds_count\{kind="test.scripted"\} \d+$/m);

    const command = path.resolve(__dirname, '../../../../dist/apps/api/jobs.js');
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [command, ...args], {
        env: { PATH: process.env['PATH'], DATABASE_URL: server.db.url },
        encoding: 'utf8',
      });
    expect(run()).toMatch(new RegExp(`^\\S+Z {2}test\\.scripted {2}${runs[0]} {2}2 attempts: no hope\\n$`));
    scripts.set('hopeless', async ({ id }) => void runs.push(id));
    expect(run('retry')).toBe('1 jobs are tried again.\n');
    await eventually(async () => expect(runs).toHaveLength(3));
    expect(new Set(runs).size).toBe(1);
    expect(run()).toBe('No job has failed too often.\n');
  });

  it('survives that its connections are cut', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    await server.db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'webcall jobs'`);
    await enqueue('after the cut');
    await eventually(async () => expect(await jobsNamed('after the cut')).toMatchObject([{ state: 'completed' }]));
    expect(await metrics()).toMatch(/^webcall_jobs_errors_total [1-9]/m);
  });
});

describe('on servers that come and go', () => {
  let database: TestDatabase;
  const running: TestApp[] = [];
  const start = async (): Promise<TestApp> => {
    const app = await startApp({ database, env });
    running.push(app);
    return app;
  };
  const stop = async (app: TestApp): Promise<void> => {
    running.splice(running.indexOf(app), 1);
    await app.close();
  };

  beforeEach(async () => {
    database = await prepareDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
    await database.drop();
  });

  it('what is scheduled is done once', async () => {
    // The schedule is known, and both servers find that it is time to look at it.
    await stop(await start());
    await database.query('UPDATE jobs.version SET cron_on = NULL');
    await Promise.all([start(), start()]);
    const count = async (sql: string): Promise<number> => (await database.query(`SELECT FROM ${sql}`)).length;
    await eventually(async () => expect(await count('ticks')).toBeGreaterThan(0));
    // The clock of one minute may have ended meanwhile: there is one job for each.
    expect(await count('ticks')).toBeLessThanOrEqual(await count(`jobs.job WHERE name = 'test.tick'`));
    const minutes = `jobs.job WHERE name = '__pgboss__send-it' AND data->>'name' = 'test.tick'`;
    expect(await count(`jobs.job WHERE name = 'test.tick'`)).toBeLessThanOrEqual(await count(minutes));
  });

  it('a job that runs finishes before its server stops, and no error is logged', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    const [begun, finish] = [gate(), gate()];
    scripts.set('slow', async () => {
      begun.open();
      await finish.opened;
    });
    const one = await start();
    await enqueue('slow', one);
    await begun.opened;
    const stopped = stop(one);
    finish.open();
    await stopped;
    expect(await jobsNamed('slow', database)).toMatchObject([{ state: 'completed' }]);
    expect(logged).not.toHaveBeenCalled();
  });

  it('a job that does not finish in time runs on another server', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    const begun = gate();
    const runs: JobRun[] = [];
    scripts.set('endless', async (run) => {
      if (runs.push(run) > 1) return;
      begun.open();
      await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve()));
      throw new Error('it was stopped');
    });
    const one = await start();
    await enqueue('endless', one);
    await begun.opened;
    await start();
    await stop(one);
    await eventually(async () => expect(await jobsNamed('endless', database)).toMatchObject([{ state: 'completed' }]));
    expect(runs.map(({ id }) => id)).toEqual([runs[0]?.id, runs[0]?.id]);
    expect(logged).not.toHaveBeenCalled();
  });
});

describe('the schema of the jobs', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await prepareDatabase();
    const app = await startApp({ database });
    await app.close();
  });
  afterEach(() => database.drop());

  const version = async (): Promise<number | undefined> =>
    (await database.query<{ version: number }>('SELECT version FROM jobs.version'))[0]?.version;

  /** Creates a role that may read and write, but create nothing; the address is the database’s with this role. */
  const connectWithoutRights = async (): Promise<TestDatabase & { role: string }> => {
    const role = `webcall_role_${randomUUID().slice(0, 8)}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
    for (const schema of ['public', 'jobs'])
      await database.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
    const url = Object.assign(new URL(database.url), { username: role, password: role });
    return { ...database, url: url.href, role };
  };

  it('is refused in words when it is newer than the server', async () => {
    await database.query('UPDATE jobs.version SET version = version + 1');
    await expect(startApp({ database })).rejects.toThrow(
      `version ${JOB_SCHEMA_VERSION + 1}, which is newer than this WebCall`,
    );
  });

  it('is brought up to date with the migrations, by a role that may', async () => {
    await database.query(getRollbackPlans('jobs', JOB_SCHEMA_VERSION));
    // Otherwise the indexes wait until a minute after those of the first start.
    await database.query('UPDATE jobs.version SET bam_on = NULL');
    const limited = await connectWithoutRights();
    await expect(startApp({ database: limited })).rejects.toThrow('may not change that');
    expect(await version()).toBe(JOB_SCHEMA_VERSION - 1);
    await (await startApp({ database })).close();
    expect(await version()).toBe(JOB_SCHEMA_VERSION);
    const unbuilt = await database.query(`SELECT FROM jobs.bam WHERE status <> 'completed'`);
    expect(unbuilt).toEqual([]);
    await database.query(`DROP OWNED BY ${limited.role}; DROP ROLE ${limited.role}`);
  });

  it('is all that a role without the right to create needs', async () => {
    const limited = await connectWithoutRights();
    const app = await startApp({ database: limited, env });
    const ran = gate();
    scripts.set('limited', async () => ran.open());
    await enqueue('limited', app);
    await ran.opened;
    await app.close();
    await database.query(`DROP OWNED BY ${limited.role}; DROP ROLE ${limited.role}`);
  });
});
