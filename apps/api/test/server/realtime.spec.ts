import { JwtService } from '@nestjs/jwt';
import { PROTOCOL_LIMITS, SOCKET_COMMANDS } from '@webcall/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { AccessTokens } from '../../src/platform/access/access-tokens';
import { Realtime } from '../../src/platform/realtime/realtime';
import { socketRoomName } from '../../src/platform/realtime/server-socket';
import { RoomsService } from '../../src/rooms/rooms.service';
import { eventually } from '../support/faults/recovery';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;
let anna: TestUser;
let boris: TestUser;

beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});

/** A token of the user's session that expires this many seconds from now. */
const tokenFor = async (user: TestUser, seconds: number): Promise<string> => {
  const jwt = server.app.get(JwtService, { strict: false });
  const { sub, sid } = jwt.decode<{ sub: string; sid: string }>(user.rest.token as string);
  return jwt.signAsync({ sub, sid }, { expiresIn: seconds });
};

describe('a socket', () => {
  it.each([
    ['no token', undefined, 'unauthorized'],
    ['a token that is none', 'x.y.z', 'unauthorized'],
    ['a token that is no text', { a: 1 }, 'unauthorized'],
  ])('is not let in with %s', async (_, token, code) => {
    await expect(TestSocket.connect(server.url, token)).rejects.toMatchObject({ data: { code } });
  });

  it('is refused with a token that has expired, or whose session has ended', async () => {
    await expect(TestSocket.connect(server.url, await tokenFor(anna, -1))).rejects.toMatchObject({
      data: { code: 'token_expired' },
    });
    const { token } = anna.rest;
    await anna.rest.request('POST /auth/logout');
    await expect(TestSocket.connect(server.url, token)).rejects.toMatchObject({ data: { code: 'session_ended' } });
  });

  it('connects by polling too', async () => {
    const socket = await TestSocket.connect(server.url, anna.rest.token, { transports: ['polling'] });
    expect(await socket.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
    socket.close();
  });

  it('is the only one of its connection', async () => {
    const connection = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const packets: string[] = [];
    connection.onmessage = ({ data }) => packets.push(String(data));
    await eventually(() => Promise.resolve(expect(packets).toHaveLength(1)));
    for (let i = 0; i < 3; i++) connection.send(`40${JSON.stringify({ token: anna.rest.token })}`);
    await eventually(() => Promise.resolve(expect(packets.filter((text) => text.startsWith('44'))).toHaveLength(2)));
    for (const text of packets.filter((one) => one.startsWith('44'))) expect(text).toContain('too_many_sockets');
    await eventually(() => Promise.resolve(expect(packets.filter((text) => text.startsWith('40'))).toHaveLength(1)));
    connection.close();
  });

  it('is closed when its unsent data exceeds the limit', async () => {
    const [reads, other] = await Promise.all([connect(anna), connect(boris)]);
    const { socketServer: sender } = server.app.get(Realtime, { strict: false });
    const send = (user: TestUser, times: number): void => {
      for (let i = 0; i < times; i++)
        sender.to(socketRoomName.user(user.id)).emit('chat:posted', { text: 'x'.repeat(1e5) } as never);
    };
    const closed = reads.closed();
    send(anna, (2 * PROTOCOL_LIMITS.unsent.max) / 1e5);
    send(boris, PROTOCOL_LIMITS.unsent.max / 2e5);
    await closed;
    expect(await other.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
  });

  it('is closed when its token expires, and its seat is kept for its device', async () => {
    const { id: roomId } = await newRoom(anna);
    const [lasting, ending] = await Promise.all([connect(anna), connect(anna)]);
    const { expiresIn } = await lasting.ask('auth:renew', { token: await tokenFor(anna, 600) });
    expect(expiresIn).toBeGreaterThan(590);
    await ending.ask('call:join', { roomId });
    const tokens = server.app.get(AccessTokens, { strict: false });
    const verify = tokens.verifyAccessToken.bind(tokens);
    // Tokens count whole seconds; this one expires soon.
    jest
      .spyOn(tokens, 'verifyAccessToken')
      .mockImplementationOnce(async (token) => ({ ...(await verify(token)), expiresAt: new Date(Date.now() + 200) }));
    await ending.ask('auth:renew', { token: await tokenFor(anna, 600) });
    const closed = ending.closed();
    expect(await ending.event('session:ended')).toEqual({ code: 'token_expired' });
    await closed;
    // Only the connection has ended, and not the seat.
    expect((await lasting.ask('call:get', { roomId })).call?.participants).toHaveLength(1);
    expect(lasting.raw.connected).toBe(true);
    expect(lasting.events('session:ended')).toEqual([]);
  });

  it('refuses a token of another user, and one that has expired', async () => {
    const socket = await connect(anna);
    expect(await socket.refusal('auth:renew', { token: boris.rest.token as string })).toBe('unauthorized');
    expect(await socket.refusal('auth:renew', { token: await tokenFor(anna, -1) })).toBe('token_expired');
    expect(await socket.refusal('auth:renew', { token: 'x' })).toBe('unauthorized');
    expect(await socket.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
  });

  it('is closed when its session ends, unlike those of other sessions', async () => {
    const second = await server.app.get(AccessTokens).verifyAccessToken(anna.rest.token as string);
    const other = await anna.rest.request('POST /auth/login', { body: { email: anna.email, password: anna.password } });
    const [gone, stays] = await Promise.all([connect(anna), connect(anna, other.body.accessToken)]);
    const closed = gone.closed();
    await anna.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: second.principal.sessionId });
    expect(await gone.event('session:ended')).toEqual({ code: 'session_ended' });
    await closed;
    expect(await stays.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
  });

  it('is closed when its session ends while it is let in', async () => {
    const tokens = server.app.get(AccessTokens, { strict: false });
    const verify = tokens.verifyAccessToken.bind(tokens);
    jest.spyOn(tokens, 'verifyAccessToken').mockImplementationOnce(async (token) => {
      const verified = await verify(token);
      await anna.rest.request('POST /auth/logout');
      return verified;
    });
    const socket = await connect(anna);
    expect(await socket.event('session:ended')).toEqual({ code: 'session_ended' });
    await socket.closed();
  });

  it('is closed when the account is deleted', async () => {
    const socket = await connect(anna);
    const closed = socket.closed();
    await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } });
    expect(await socket.event('session:ended')).toEqual({ code: 'session_ended' });
    await closed;
  });
});

describe('every command', () => {
  let deep: unknown = 'bottom';
  for (let i = 0; i < 2000; i++) deep = { deep };
  const nonsense: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'room'],
    ['a list', [{ roomId: randomUUID() }]],
    ['an empty object', {}],
    ['bytes', randomBytes(100)],
    ['bytes in a field', { roomId: randomBytes(16), id: randomBytes(16), text: randomBytes(5) }],
    [
      'other types',
      { roomId: { a: 1 }, id: 5, text: ['x'], media: 'loud', to: null, seq: 'x', token: 1, participantId: [] },
    ],
    ['something deep', deep],
    ['something huge', { roomId: 'x'.repeat(PROTOCOL_LIMITS.frame.max / 2) }],
    ['prototypes', JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}},"roomId":"x"}')],
    ['numbers out of range', { roomId: randomUUID(), id: randomUUID(), seq: Number.MAX_VALUE, text: 'x' }],
  ];

  // It has no fields that could be wrong: it lists the rings of the sender.
  const withoutPayload = new Set<string>(['ring:list']);

  it.each(SOCKET_COMMANDS)('%s is answered, and the socket stays open', async (command) => {
    const socket = await connect(anna);
    for (const [what, payload] of nonsense) {
      const ack = (await socket.raw.timeout(20_000).emitWithAck(command, payload)) as Record<string, unknown>;
      // Leaving takes no payload, and there is no call to leave here.
      if (ack['ok'] && withoutPayload.has(command)) continue;
      expect({ what, ...ack }).toMatchObject({ what, ok: false, error: { code: expect.any(String) } });
      expect(ack['error']).not.toMatchObject({ code: 'internal_error' });
    }
    const ack = await socket.raw.timeout(20_000).emitWithAck(command, 1, 2, 3);
    expect(ack).toMatchObject({ ok: withoutPayload.has(command) });
    socket.raw.emit(command);
    socket.raw.emit(command, 'without an acknowledgement');
    expect(await socket.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
    expect(socket.raw.connected).toBe(true);
  });

  it.each(['', 'message', 'chat', 'chat:sent', '__proto__', 'constructor', 'toString'])(
    'an unknown command, “%s”, is answered',
    async (command) => {
      const socket = await connect(anna);
      const ack = await socket.raw.timeout(20_000).emitWithAck(command, {});
      expect(ack).toMatchObject({ ok: false, error: { code: 'unknown_command', message: expect.any(String) } });
      socket.raw.emit(command);
      expect(await socket.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
    },
  );

  it('in a frame that is too large closes its connection, and no other', async () => {
    const [large, other] = await Promise.all([connect(anna), connect(anna)]);
    const closed = large.closed();
    large.raw.emit('chat:send', { text: 'x'.repeat(PROTOCOL_LIMITS.frame.max + 1) });
    await closed;
    expect(await other.refusal('room:open', { roomId: randomUUID() })).toBe('room_not_found');
  });

  it('is refused with an error code when it contains very many values, known or not', async () => {
    const { id: roomId } = await newRoom(anna);
    const socket = await connect(anna);
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`field ${i}`, i]));
    const message = { roomId, text: 'Hello' };
    await socket.ask('chat:send', { id: randomUUID(), ...message, ...many(100) });
    expect(await socket.refusal('chat:send', { id: randomUUID(), ...message, ...many(2000) })).toBe('invalid_input');
    const nested = Array.from({ length: 100 }, () => many(100)) as object;
    expect(await socket.refusal('call:update', { media: nested })).toBe('invalid_input');
  });

  it('is refused when it is sent too often', async () => {
    const strict = await startApp({ env: { THROTTLE_SCALE: '0.01' } });
    const user = await newUser(strict);
    const socket = await TestSocket.connect(strict.url, user.rest.token);
    const ask = () => socket.send('room:open', { roomId: randomUUID() });
    const acks = await Promise.all(Array.from({ length: 10 }, ask));
    expect(acks.at(-1)).toMatchObject({
      error: { code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) } },
    });
    socket.close();
    await strict.close();
  });
});

it('a socket gets events of rooms that its user joins later, and none of rooms that they have left', async () => {
  const [first, later] = [(await newRoom(anna)).id, (await newRoom(anna)).id];
  await bringIn(anna, first, boris);
  const [a, b] = [await connect(anna), await connect(boris)];
  await bringIn(anna, later, boris);
  await b.event('room:changed', (event) => event.roomId === later);
  await boris.rest.request('POST /rooms/:roomId/leave', { roomId: first });
  await b.event('room:changed', (event) => event.roomId === first && event.change.type === 'member_left');
  await a.ask('chat:send', { roomId: first, id: randomUUID(), text: 'Alone at last' });
  await a.ask('chat:send', { roomId: later, id: randomUUID(), text: 'And here together' });
  await b.event('chat:posted', (message) => message.roomId === later);
  expect(b.events('chat:posted').map(({ roomId }) => roomId)).toEqual([later]);
});

it('a socket gets no events of a room from which its user is removed while connecting', async () => {
  const [left, stays] = [(await newRoom(anna)).id, (await newRoom(anna)).id];
  await bringIn(anna, left, boris);
  await bringIn(anna, stays, boris);
  const rooms = server.app.get(RoomsService, { strict: false });
  const ask = rooms.loadRoomIdsByUser.bind(rooms);
  const asked = jest
    .spyOn(rooms, 'loadRoomIdsByUser')
    .mockImplementationOnce(ask)
    .mockImplementationOnce(async (userIds) => {
      const before = await ask(userIds);
      await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: left, userId: boris.id });
      return before;
    });
  const b = await connect(boris);
  await eventually(() => Promise.resolve(expect(asked.mock.calls.length).toBeGreaterThan(3)));
  asked.mockRestore();
  const a = await connect(anna);
  await a.ask('chat:send', { roomId: left, id: randomUUID(), text: 'Alone at last' });
  await a.ask('chat:send', { roomId: stays, id: randomUUID(), text: 'And here together' });
  await b.event('chat:posted', (message) => message.roomId === stays);
  expect(b.events('chat:posted').map(({ roomId }) => roomId)).toEqual([stays]);
});

it('room:open returns the current state of a room', async () => {
  const { id: roomId } = await newRoom(anna, 'public');
  const [a, b] = [await connect(anna), await connect(boris)];
  expect(await a.ask('room:open', { roomId })).toMatchObject({
    room: { id: roomId, role: 'owner', memberCount: 1 },
    call: null,
  });
  expect(await b.send('room:open', { roomId })).toMatchObject({
    error: { code: 'forbidden', details: { room: { id: roomId, joined: false } } },
  });
});
