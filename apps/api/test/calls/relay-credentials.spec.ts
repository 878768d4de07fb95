import type { CallJoinedDto } from '@webcall/contracts';
import { createHmac } from 'node:crypto';
import type { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const TURN_SECRET = 'fjord-lamp-42-harbour';
const server = useServer(() =>
  startApp({ env: { STUN_SERVERS: 'stun:s.example:1', TURN_URLS: 'turn:t.example:2', TURN_SECRET } }),
);
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
  [a, b] = await Promise.all([server.connect(anna), server.connect(boris)]);
});

const join = (socket: TestSocket): Promise<CallJoinedDto> => socket.ask('call:join', { roomId });

it('says only whether there is a relay', async () => {
  expect((await anna.rest.request('GET /server')).body).toEqual({ relay: true });
  const without = await startApp({ database: server.db, env: { STUN_SERVERS: 'stun:s.example:1' } });
  const there = await newUser(without);
  expect((await there.rest.request('GET /server')).body).toEqual({ relay: false });
  await without.close();
});

it('gives participants new credentials for the TURN servers, each their own', async () => {
  expect(await a.refusal('ice:get', {})).toBe('not_in_call');
  await join(a);
  const before = Date.now();
  const { iceServers, iceServersEndInMs } = await a.ask('ice:get', {});
  expect(iceServersEndInMs).toBe(600_000);
  const [stun, turn] = iceServers;
  expect(stun).toEqual({ urls: ['stun:s.example:1'] });
  const [end, userId] = turn?.username?.split(':') ?? [];
  expect(userId).toBe(anna.id);
  expect(Number(end)).toBeGreaterThanOrEqual(Math.floor(before / 1000) + 600);
  expect(Number(end)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 600);
  const credential = createHmac('sha1', TURN_SECRET).update(String(turn?.username)).digest('base64');
  expect(turn).toEqual({ urls: ['turn:t.example:2'], username: turn?.username, credential });
});

describe('new credentials for the TURN servers are refused to a user who', () => {
  it.each<[string, (seat: CallJoinedDto) => Promise<unknown>]>([
    ['has left', () => b.ask('call:leave', {})],
    ['was removed from the call', ({ participantId }) => a.ask('call:remove', { roomId, participantId })],
    [
      'was removed from the room',
      () => anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id }),
    ],
    ['was in a room that is deleted', () => anna.rest.request('DELETE /rooms/:roomId', { roomId })],
    // As after a removal that the replica with the seat does not know of yet.
    [
      'is no longer a member',
      () => server.db.query(`DELETE FROM members WHERE room_id = $1 AND user_id = $2`, [roomId, boris.id]),
    ],
  ])('%s', async (_, goes) => {
    await join(a);
    const seat = await join(b);
    await b.ask('ice:get', {});
    await goes(seat);
    expect(await b.refusal('ice:get', {})).toMatch(/^(not_in_call|room_not_found)$/);
  });

  it('sits on another socket now', async () => {
    const seat = await join(b);
    const other = await server.connect(boris);
    const { participantId, resumeKey } = seat;
    await other.ask('call:resume', { roomId, participantId, resumeKey });
    expect(await b.refusal('ice:get', {})).toBe('not_in_call');
    await other.ask('ice:get', {});
  });
});
