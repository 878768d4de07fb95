import type { CallChangedEvent, CallJoinedDto, MediaUpdateDto } from '@webcall/contracts';
import { CALL_CAPACITY } from '@webcall/domain';
import { Client } from 'pg';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const TURN_SECRET = 'fjord-lamp-42-harbour';
const server = useServer(() =>
  startApp({
    env: {
      STUN_SERVERS: 'stun:s.example:1',
      TURN_URLS: 'turn:t.example:2',
      TURN_SECRET,
      TURN_TTL: '600',
    },
  }),
);
const { connect } = server;
let anna: TestUser;
let boris: TestUser;
let roomId: string;
let a: TestSocket;
let b: TestSocket;

beforeAll(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});
beforeEach(async () => {
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris);
  [a, b] = await Promise.all([connect(anna), connect(boris)]);
});

const join = (socket: TestSocket, media?: MediaUpdateDto): Promise<CallJoinedDto> =>
  socket.ask('call:join', { roomId, media });
const resume = (socket: TestSocket, { participantId, resumeKey }: CallJoinedDto, more: object = {}) =>
  socket.ask('call:resume', { roomId, participantId, resumeKey, ...more });
const changed = (socket: TestSocket, version: number): Promise<CallChangedEvent> =>
  socket.event('call:changed', (event) => event.version === version && event.roomId === roomId);
/** Versions of the call changes that a socket received, in order. */
const versions = (socket: TestSocket): number[] =>
  socket.events('call:changed').flatMap((event) => (event.roomId === roomId ? [event.version] : []));
const callRows = () =>
  server.db.query<{ id: string; ended: boolean; present: number }>(
    `SELECT c.id, c.ended_at IS NOT NULL AS ended, count(p.id) FILTER (WHERE p.left_at IS NULL)::int AS present
     FROM calls c LEFT JOIN call_participants p ON p.call_id = c.id WHERE c.room_id = $1 GROUP BY c.id ORDER BY c.started_at`,
    [roomId],
  );
/** Number of statements that wait for a lock. */
const waiting = () =>
  server.db.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);

describe('a call', () => {
  it('starts with the first participant, numbers each change, and ends with the last', async () => {
    const first = await join(a, { microphone: true });
    expect(first).toEqual({
      ok: true,
      callId: expect.any(String),
      roomId,
      version: 1,
      durationMs: 0,
      participants: [],
      rings: [],
      knocks: [],
      barred: [],
      self: expect.objectContaining({ userId: anna.id, held: [], hand: null }),
      participantId: expect.any(String),
      resumeKey: expect.any(String),
      iceServers: [{ urls: ['stun:s.example:1'] }, expect.objectContaining({ urls: ['turn:t.example:2'] })],
      iceServersEndInMs: 600_000,
    });
    expect(await callRows()).toEqual([{ id: first.callId, ended: false, present: 1 }]);
    expect((await boris.rest.request('GET /rooms/:roomId', { roomId })).body.callSize).toBe(1);
    const second = await join(b);
    expect(second).toMatchObject({ callId: first.callId, version: 2 });
    const self = {
      id: first.participantId,
      userId: anna.id,
      name: anna.username,
      role: 'owner',
      media: { microphone: true, camera: false, screen: false, screenSound: false },
      held: [],
      hand: null,
      connected: true,
      incarnation: 0,
    };
    expect(second.participants).toEqual([self]);
    expect(await changed(a, 2)).toEqual({
      roomId,
      callId: first.callId,
      version: 2,
      change: { type: 'joined', participant: expect.objectContaining({ id: second.participantId, role: 'member' }) },
    });
    expect(await a.ask('call:update', { media: { camera: true } })).toMatchObject({ version: 3 });
    expect((await changed(b, 3)).change).toEqual({
      type: 'updated',
      participant: { ...self, media: { ...self.media, camera: true } },
    });
    await a.ask('call:leave', {});
    expect((await changed(b, 4)).change).toEqual({ type: 'left', participantId: first.participantId, reason: 'left' });
    await b.ask('call:leave', {});
    expect((await changed(a, 6)).change).toEqual({ type: 'ended' });
    expect(versions(a)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await a.ask('call:get', { roomId })).toMatchObject({ call: null });
    expect(await callRows()).toEqual([{ id: first.callId, ended: true, present: 0 }]);
    expect((await join(a)).callId).not.toBe(first.callId);
    expect(await callRows()).toHaveLength(2);
  });

  it('is created once by concurrent joins, and is full for the ninth participant', async () => {
    const users = await Promise.all(Array.from({ length: CALL_CAPACITY + 1 }, () => newUser(server)));
    for (const user of users) await bringIn(anna, roomId, user);
    const devices = await Promise.all(users.map((user) => connect(user)));
    const acks = await Promise.all(devices.map((device) => device.send('call:join', { roomId })));
    const joined = acks.filter((ack) => ack.ok) as unknown as CallJoinedDto[];
    expect(joined).toHaveLength(CALL_CAPACITY);
    expect(new Set(joined.map(({ callId }) => callId)).size).toBe(1);
    expect(joined.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(acks.find((ack) => !ack.ok)).toMatchObject({ error: { code: 'call_full' } });
    await changed(a, CALL_CAPACITY);
    expect(versions(a)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await callRows()).toEqual([{ id: joined[0]!.callId, ended: false, present: CALL_CAPACITY }]);
    await devices.find((_, i) => acks[i]!.ok)!.ask('call:leave', {});
    await devices.find((_, i) => !acks[i]!.ok)!.ask('call:join', { roomId });
  });

  it('has its own row each time, even when all join and leave at once', async () => {
    const phone = await anna.rest.request('POST /auth/login', { body: { email: anna.email, password: anna.password } });
    const c = await TestSocket.connect(server.url, phone.body.accessToken);
    const devices = [a, b, c];
    for (let round = 0; round < 20; round++) {
      const seats = await Promise.all(devices.map((device) => join(device)));
      expect(new Set(seats.map(({ callId }) => callId)).size).toBe(1);
      await Promise.all(devices.map((device) => device.ask('call:leave', {})));
    }
    // Nobody waits for the others, so leaving and joining overlap.
    await Promise.all(
      devices.map(async (device) => {
        for (let round = 0; round < 20; round++) {
          await join(device);
          await device.ask('call:leave', {});
        }
      }),
    );
    expect((await a.ask('call:get', { roomId })).call).toBeNull();
    expect((await callRows()).filter(({ ended, present }) => !ended || present > 0)).toEqual([]);
    c.close();
  });

  it('whose process died has its row closed by the next check', async () => {
    await server.db.query('INSERT INTO calls (room_id) VALUES ($1)', [roomId]);
    const { callId } = await join(a);
    expect(await callRows()).toEqual([
      expect.objectContaining({ ended: true }),
      { id: callId, ended: false, present: 1 },
    ]);
    const restarted = await startApp({ database: server.db, env: { JOBS: 'on' } });
    await until(async () => (await callRows()).every(({ ended }) => ended));
    await restarted.close();
  });

  it.each([
    ['before', '-1 hour'],
    ['after', '1 hour'],
  ])('is written down also when the row of one that began %s it comes in between', async (_, when) => {
    const other = new Client({ connectionString: server.db.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query('INSERT INTO calls (room_id, started_at) VALUES ($1, now() + $2::interval)', [roomId, when]);
    const joining = join(a);
    await until(async () => (await waiting()).length > 0);
    await other.query('COMMIT');
    await other.end();
    const { callId } = await joining;
    const rows = await callRows();
    // The call that began first has ended.
    expect(rows.map(({ ended }) => ended)).toEqual([true, false]);
    expect(rows.find(({ id }) => id === callId)).toMatchObject({ present: 1 });
  });
});

describe('a seat', () => {
  it('is kept when the socket is lost, and the same afterwards', async () => {
    const seat = await join(a, { microphone: true });
    await join(b);
    a.cut();
    expect((await changed(b, 3)).change).toMatchObject({ type: 'updated', participant: { connected: false } });
    a = await connect(anna);
    const resumed = await resume(a, seat);
    expect(resumed).toMatchObject({
      participantId: seat.participantId,
      resumeKey: seat.resumeKey,
      version: 4,
      participants: [{ userId: boris.id }],
      iceServers: [{ urls: ['stun:s.example:1'] }, expect.objectContaining({ urls: ['turn:t.example:2'] })],
    });
    expect((await changed(b, 4)).change).toMatchObject({
      type: 'updated',
      participant: { id: seat.participantId, connected: true, incarnation: 0, media: { microphone: true } },
    });
    a.cut();
    a = await connect(anna);
    await resume(a, seat, { fresh: true, media: { microphone: false, camera: true } });
    await b.event('call:changed', ({ change }) => change.type === 'updated' && change.participant.media.camera);
    expect((await b.ask('call:get', { roomId })).call?.participants[0]).toMatchObject({
      connected: true,
      incarnation: 1,
      media: { microphone: false, camera: true },
    });
    await a.ask('call:update', { media: { camera: false } });
  });

  it('is freed when its member is removed from the room, and the member is notified', async () => {
    await join(a);
    const seat = await join(b);
    await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id });
    const left = { type: 'left', participantId: seat.participantId, reason: 'removed' };
    expect((await changed(a, 3)).change).toEqual(left);
    expect((await changed(b, 3)).change).toEqual(left);
    expect(await b.refusal('call:update', { media: {} })).toBe('not_in_call');
    expect(await b.refusal('call:join', { roomId })).toBe('room_not_found');
  });

  it('is not kept by a member who joins the call while being removed from the room', async () => {
    await join(a);
    // Sent all at once, so that some joins have passed the access check but not finished when the member is removed.
    const asked = Array.from({ length: 30 }, () => b.send('call:join', { roomId, takeOver: true }));
    await b.event('call:changed', ({ change }) => change.type === 'joined' && change.participant.userId === boris.id);
    await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id });
    expect((await Promise.all(asked)).at(-1)).toMatchObject({ ok: false, error: { code: 'room_not_found' } });
    const { call } = await a.ask('call:get', { roomId });
    expect(call?.participants.map(({ userId }) => userId)).toEqual([anna.id]);
    expect(await b.refusal('call:update', { media: {} })).toBe('not_in_call');
  });

  it('is freed with all others when the room is deleted', async () => {
    await Promise.all([join(a), join(b)]);
    await anna.rest.request('DELETE /rooms/:roomId', { roomId });
    for (const socket of [a, b]) {
      await socket.event('call:changed', ({ change }) => change.type === 'left' && change.reason === 'removed');
    }
    expect(await b.refusal('call:leave', {})).toBe('not_in_call');
    expect(await callRows()).toEqual([]);
  });

  it('is freed when its session ends', async () => {
    const guest = await newUser(server);
    await bringIn(anna, roomId, guest);
    await join(a);
    const seat = await join(await connect(guest));
    await guest.rest.request('POST /auth/logout');
    expect((await changed(a, 3)).change).toEqual({
      type: 'left',
      participantId: seat.participantId,
      reason: 'removed',
    });
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}
