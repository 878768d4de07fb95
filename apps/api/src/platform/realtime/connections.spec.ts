import type { Counter, Gauge } from 'prom-client';
import type { AccessTokens } from '../access/access-tokens';
import type { Quotas } from '../access/quotas';
import { AppError } from '../http/app-error';
import { MemoryLive } from '../live/memory-live';
import { Background } from './background';
import { Connections } from './connections';
import type { Outgoing } from './outgoing';
import { Presence } from './presence';
import type { RoomMemberships } from './room-memberships';
import type { SocketRights } from './socket-rights';
import { type MemorySocket, MemorySockets } from './testing/memory-sockets';

/** How long an access token lasts here, in ms. */
const TERM = 900_000;

describe('the connection of a socket', () => {
  const principal = { userId: 'anna', sessionId: 'phone', guest: false };
  /** Sessions by the tokens that are known. */
  const sessions: Record<string, string> = { new: 'phone', 'of another device': 'laptop' };
  let connections: Connections;
  let socket: MemorySocket;
  let closed: jest.Mock;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const verify = async (token: string): Promise<object> => {
      const sessionId = sessions[token];
      if (!sessionId) throw new AppError('token_expired');
      return { principal: { ...principal, sessionId }, expiresAt: new Date(Date.now() + TERM) };
    };
    const background = new Background();
    connections = new Connections(
      { verify } as unknown as AccessTokens,
      {} as RoomMemberships,
      { align: () => Promise.resolve() } as unknown as SocketRights,
      new Presence(new MemoryLive(), background),
      background,
      { watch: () => undefined } as unknown as Outgoing,
      {} as Quotas,
      { inc: () => undefined, dec: () => undefined } as unknown as Gauge,
      {} as Counter,
    );
    socket = new MemorySockets().connect(principal, []);
    socket.onClosed = closed = jest.fn();
    const opened = socket.asServerSocket();
    opened.data.expiresAt = new Date(Date.now() + TERM);
    opened.use = () => opened;
    connections.opened(opened);
  });
  afterEach(() => {
    connections.closed(socket.asServerSocket());
    jest.useRealTimers();
  });

  it('is closed when its token expires, and told why', () => {
    jest.advanceTimersByTime(TERM - 1);
    expect(closed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(socket.told).toEqual([{ event: 'session:ended', payload: { code: 'token_expired' } }]);
    // The session goes on: no more than the connection has ended.
    expect(closed.mock.calls).toEqual([[false]]);
  });

  it('lasts as long as the new token that it gets', async () => {
    jest.advanceTimersByTime(TERM - 1);
    expect(await connections.renew(socket.asServerSocket(), 'new')).toBe(TERM / 1000);
    jest.advanceTimersByTime(TERM - 1);
    expect(closed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that has expired', 'token_expired'],
    ['of another device', 'unauthorized'],
  ])('lasts no longer for a token %s', async (token, code) => {
    await expect(connections.renew(socket.asServerSocket(), token)).rejects.toMatchObject({ code });
    jest.advanceTimersByTime(TERM);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('that was closed before needs no end', () => {
    connections.closed(socket.asServerSocket());
    jest.advanceTimersByTime(TERM);
    expect(closed).not.toHaveBeenCalled();
  });
});
