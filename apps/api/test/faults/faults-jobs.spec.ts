import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { newDatabase, type TestDatabase } from '../support/database';
import { type ServerProcess, startProcess } from '../support/faults/processes';
import { eventually } from '../support/faults/recovery';
import { KILL_POINTS, RECORDER_TABLES } from '../support/jobs/message-recorder';
import { TestSocket } from '../support/sockets';
import { newRoom, newUser, REGISTRATION_CODE, type TestUser } from '../support/test-app';

/** How many messages are posted around each kill, and how many are on their way at once. */
const MESSAGES = 250;
const IN_FLIGHT = 8;

const root = path.resolve(__dirname, '../../../..');
const folder = path.join(root, 'dist/test/recorder');

let database: TestDatabase;
let replicas: [ServerProcess, ServerProcess];
let anna: TestUser;
let roomId: string;

const start = (): Promise<ServerProcess> => {
  const env = {
    APP_ENV: 'test',
    BCRYPT_COST: '4',
    THROTTLE_SCALE: '1000',
    LOG_LEVEL: 'fatal',
    JWT_SECRET: 'signs-the-tokens-of-integration-tests-1',
    REGISTRATION_SECRET: REGISTRATION_CODE,
    DATABASE_URL: database.url,
  };
  return startProcess(env, path.join(folder, 'recorder-main.js'));
};

beforeAll(async () => {
  execFileSync(process.execPath, ['tools/build/build-api.mjs', 'apps/api/test/support/jobs/recorder-main.ts', folder], {
    cwd: root,
  });
  database = await newDatabase();
  await database.query(RECORDER_TABLES);
  replicas = await Promise.all([start(), start()]);
  anna = await newUser(replicas[0]);
  roomId = (await newRoom(anna)).id;
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database.drop();
});

/** Posts messages at both replicas in turn; each is sent again, with its id, until it is confirmed. */
async function post(count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const work = async (): Promise<void> => {
    const sockets = new Map<ServerProcess, TestSocket>();
    for (let id = ids.pop(), turn = ids.length; id; id = ids.pop())
      await eventually(async () => {
        const replica = replicas[turn++ % 2] as ServerProcess;
        const known = sockets.get(replica);
        const socket = known?.raw.connected ? known : await TestSocket.connect(replica.url, anna.rest.token);
        sockets.set(replica, socket);
        await socket.ask('chat:send', { roomId, id, text: 'Once' });
      });
    for (const socket of sockets.values()) socket.close();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

/** Posts messages until one of the two replicas has died at the place, and starts another one for it. */
async function killAt(point: (typeof KILL_POINTS)[number], which: 0 | 1): Promise<void> {
  const victim = replicas[which];
  let isDead = false;
  const ended = victim.ended.then(() => (isDead = true));
  victim.send(point);
  do await post(MESSAGES);
  while (!isDead);
  await ended;
  replicas[which] = await start();
}

it('loses and doubles no job of 1,000 messages when replicas are killed on each side of each step', async () => {
  for (const [i, point] of KILL_POINTS.entries()) await killAt(point, (i % 2) as 0 | 1);
  const counted = (sql: string): Promise<{ count: number }[]> => database.query(`SELECT count(*)::int FROM ${sql}`);
  const [messages] = await counted('messages');
  expect(messages?.count).toBeGreaterThanOrEqual(KILL_POINTS.length * MESSAGES);
  await eventually(async () =>
    expect(await counted(`jobs.job WHERE state < 'completed' AND name LIKE 'test%'`)).toEqual([{ count: 0 }]),
  );
  expect(await counted('recorded')).toEqual([messages]);
  expect(await counted('messages m JOIN recorded r ON r.message_id = m.id')).toEqual([messages]);
  expect(await counted(`jobs.job WHERE name = 'dead'`)).toEqual([{ count: 0 }]);
  // What was killed after its effect ran again.
  const [again] = await counted('(SELECT FROM runs GROUP BY job_id HAVING count(*) > 1) AS again');
  expect(again?.count).toBeGreaterThan(0);
});
