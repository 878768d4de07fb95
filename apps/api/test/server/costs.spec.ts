import { JwtService } from '@nestjs/jwt';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { BackgroundTasks } from '../../src/platform/realtime/background-tasks';
import { Realtime } from '../../src/platform/realtime/realtime';
import { eventually } from '../support/faults/recovery';
import { bringIn, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

// What frequent steps cost, as far as it does not depend on the speed of a machine: statements, and writes to the network.
const server = useServer();
let anna: TestUser;
let boris: TestUser;
let roomId: string;

beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris);
});
afterEach(() => jest.restoreAllMocks());

/** What follows a new socket in the background has ended. */
const settle = (): Promise<void> => server.app.get(BackgroundTasks).waitForBackgroundTasks();

/** The statements that are run from now on. */
function recordStatements(): string[] {
  const statements: string[] = [];
  const db = server.app.get(DataSource);
  const queries = Object.getPrototypeOf(db.createQueryRunner()) as { query: (sql: string) => unknown };
  const run = queries.query;
  jest.spyOn(queries, 'query').mockImplementation(function (this: unknown, ...args) {
    statements.push(args[0]);
    return run.apply(this, args);
  });
  return statements;
}

/** What is written from now on to the connections of all sockets, one text for each write; heartbeats do not count. */
function recordWrites(): string[] {
  const writes: string[] = [];
  for (const { conn } of server.app.get(Realtime, { strict: false }).listLocalSockets()) {
    const { socket } = conn.transport as unknown as { socket: { _socket: Duplex } };
    const stream = socket._socket as Required<Pick<Duplex, '_write' | '_writev'>>;
    const note = (text: string): void => void (/4[23]/.test(text) && writes.push(text));
    const { _write: write, _writev: writev } = stream;
    stream._write = (chunk: Buffer, ...rest) => {
      note(chunk.toString());
      write.call(stream, chunk, ...rest);
    };
    stream._writev = (chunks, done) => {
      note(chunks.map(({ chunk }) => String(chunk)).join(''));
      writev.call(stream, chunks, done);
    };
  }
  return writes;
}

it('a message costs one statement, and one write to each device, also to its author’s', async () => {
  const [a, b] = [await server.connect(anna), await server.connect(boris)];
  await settle();
  const [statements, writes] = [recordStatements(), recordWrites()];
  const { seq } = await a.ask('chat:send', { roomId, id: randomUUID(), text: 'See you at eight' });
  await b.event('chat:posted', (message) => message.seq === seq);
  expect(statements.map((sql) => sql.includes('INSERT INTO messages'))).toEqual([true]);
  expect(writes.map((text) => text.includes('chat:posted'))).toEqual([true, true]);
  expect(writes.filter((text) => text.includes(`[{"ok":true,"seq":${seq}}]`))).toHaveLength(1);
});

it('many sockets that come at once share the look-ups of their sessions and rooms', async () => {
  const verified = jest.spyOn(server.app.get(JwtService, { strict: false }), 'verifyAsync');
  const blocker = new Client({ connectionString: server.db.url });
  await blocker.connect();
  try {
    await blocker.query('BEGIN; LOCK TABLE sessions, members IN ACCESS EXCLUSIVE MODE');
    const statements = recordStatements();
    const admitted = Promise.all(Array.from({ length: 20 }, () => server.connect(boris)));
    // All of them come while the first look-up waits.
    await eventually(() => Promise.resolve(expect(verified).toHaveBeenCalledTimes(20)));
    await blocker.query('COMMIT');
    await admitted;
    await settle();
    const count = (table: string): number => statements.filter((sql) => sql.includes(`FROM ${table}`)).length;
    expect(count('sessions')).toBeLessThanOrEqual(10);
    expect(count('members')).toBeLessThanOrEqual(10);
  } finally {
    await blocker.end();
  }
});

it('a member who is removed while a message of theirs waits for the room has not posted it', async () => {
  const b = await server.connect(boris);
  await settle();
  const remover = new Client({ connectionString: server.db.url });
  await remover.connect();
  try {
    await remover.query('BEGIN');
    await remover.query('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE', [roomId]);
    const posting = b.refusal('chat:send', { roomId, id: randomUUID(), text: 'Am I still here?' });
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect(await server.db.query(waiting)).toHaveLength(1);
    });
    await remover.query('DELETE FROM members WHERE room_id = $1 AND user_id = $2', [roomId, boris.id]);
    await remover.query('COMMIT');
    expect(await posting).toBe('room_not_found');
    expect(await server.db.query('SELECT FROM messages WHERE room_id = $1', [roomId])).toEqual([]);
  } finally {
    await remover.end();
  }
});
