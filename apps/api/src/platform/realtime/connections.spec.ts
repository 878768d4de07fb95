import type { Counter, Gauge } from 'prom-client';
import type { AccessTokens } from '../access/access-tokens';
import type { Quotas } from '../access/quotas';
import { GATHER_MS } from '../batched-lookup';
import { AppError } from '../http/app-error';
import { LeaseKeepers } from '../live/lease-keepers';
import { MemoryLiveStore } from '../live/memory-live-store';
import { BackgroundTasks } from './background-tasks';
import { Connections } from './connections';
import type { OutgoingBuffers } from './outgoing-buffers';
import type { PacketGathering } from './packet-gathering';
import type { ServerSocket } from './server-socket';
import type { SocketRights } from './socket-rights';
import { type MemorySocket, MemorySockets } from './testing/memory-sockets';
import { UserPresence } from './user-presence';

/** How long access tokens last in these tests, in ms. */
const TERM = 900_000;

describe('the connection of a socket', () => {
  const principal = { userId: 'anna', sessionId: 'phone', guest: false };
  /** Sessions by valid token. */
  const sessions: Record<string, string> = { new: 'phone', 'of another device': 'laptop' };
  let connections: Connections;
  let socket: MemorySocket;
  let closed: jest.Mock;
  const writeGatheredPackets = jest.fn();
  const loadRoomIdsByUser = jest.fn((ids: readonly string[]) =>
    Promise.resolve(new Map(ids.map((id) => [id, [`the room of ${id}`]]))),
  );

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const verify = async (token: string): Promise<object> => {
      const sessionId = sessions[token];
      if (!sessionId) throw new AppError('token_expired');
      return { principal: { ...principal, sessionId }, expiresAt: new Date(Date.now() + TERM) };
    };
    const background = new BackgroundTasks();
    connections = new Connections(
      { verifyAccessToken: verify } as unknown as AccessTokens,
      { loadRoomIdsByUser },
      { alignNewSocket: () => Promise.resolve() } as unknown as SocketRights,
      new UserPresence(new LeaseKeepers(new MemoryLiveStore(), {} as Counter), background),
      background,
      { watchUnsentPackets: () => undefined } as unknown as OutgoingBuffers,
      { gatherPackets: () => undefined, writeGatheredPackets } as unknown as PacketGathering,
      { requireQuotaLeft: () => undefined } as unknown as Quotas,
      { inc: () => undefined, dec: () => undefined } as unknown as Gauge,
      {} as Counter,
    );
    socket = new MemorySockets().openMemorySocket(principal, []);
    socket.onClosed = closed = jest.fn();
    const opened = socket.asServerSocket();
    opened.data.expiresAt = new Date(Date.now() + TERM);
    opened.use = () => opened;
    connections.handleSocketOpened(opened);
  });
  afterEach(() => {
    connections.handleSocketClosed(socket.asServerSocket());
    jest.useRealTimers();
  });

  it('is closed when its token expires, after an event with the reason', () => {
    jest.advanceTimersByTime(TERM - 1);
    expect(closed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(socket.sentEvents).toEqual([{ event: 'session:ended', payload: { code: 'token_expired' } }]);
    // Only the connection has ended; the session is still active.
    expect(closed.mock.calls).toEqual([[false]]);
  });

  it('lasts as long as its renewed token', async () => {
    jest.advanceTimersByTime(TERM - 1);
    expect(await connections.renewConnectionToken(socket.asServerSocket(), 'new')).toBe(TERM / 1000);
    jest.advanceTimersByTime(TERM - 1);
    expect(closed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that has expired', 'token_expired'],
    ['of another device', 'unauthorized'],
  ])('is not prolonged by a token %s', async (token, code) => {
    await expect(connections.renewConnectionToken(socket.asServerSocket(), token)).rejects.toMatchObject({ code });
    jest.advanceTimersByTime(TERM);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('is not closed again if it has ended before its token expires', () => {
    connections.handleSocketClosed(socket.asServerSocket());
    jest.advanceTimersByTime(TERM);
    expect(closed).not.toHaveBeenCalled();
  });

  it('is closed with the process once what was gathered for it is written', async () => {
    const close = jest.fn();
    await connections.closeLocalSockets([{ conn: { close } } as unknown as ServerSocket]);
    expect(writeGatheredPackets).toHaveBeenCalledTimes(1);
    expect(writeGatheredPackets.mock.invocationCallOrder[0]).toBeLessThan(close.mock.invocationCallOrder[0]!);
  });

  it('shares the look-up of its rooms with others that come at the same moment', async () => {
    loadRoomIdsByUser.mockClear();
    const server = new MemorySockets();
    const arriving = Array.from({ length: 100 }, () => server.openMemorySocket(principal, []));
    const admitted = Promise.all(
      arriving.map((one) => {
        Object.assign(one, { handshake: { auth: { token: 'new' } } });
        Object.assign(one.conn, { once: () => undefined });
        return new Promise((next) => connections.admitSocket(one.asServerSocket(), next));
      }),
    );
    await jest.advanceTimersByTimeAsync(GATHER_MS);
    expect(await admitted).toEqual(arriving.map(() => undefined));
    for (const { rooms } of arriving) expect(rooms).toContain('room:the room of anna');
    // The first one waited for nobody; all others came while it was looked up.
    expect(loadRoomIdsByUser).toHaveBeenCalledTimes(2);
  });
});
