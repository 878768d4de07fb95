import { Injectable, Logger } from '@nestjs/common';
import { type Ack, COMMANDS } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { AccessTokens } from '../access/access-tokens';
import { Quotas } from '../access/quotas';
import { AppError } from '../http/app-error';
import { refusalOf } from '../http/error-translation';
import { Background } from './background';
import { endSocket } from './end-socket';
import { Outgoing } from './outgoing';
import { Presence } from './presence';
import { METRICS } from './realtime-metrics';
import { RoomMemberships } from './room-memberships';
import { socketRoom, type ServerSocket } from './socket';
import { SocketRights } from './socket-rights';

const KNOWN = new Set<unknown>(COMMANDS);

/** The life of a socket: who it belongs to, which rooms it hears, and how long its access token lasts. */
@Injectable()
export class Connections {
  private readonly logger = new Logger(Connections.name);
  /** By user, from the moment that the token is known: whoever comes in a crowd is counted before being let in. */
  private readonly open = new Map<string, Set<ServerSocket['conn']>>();
  /** Those with a socket: each is to have one, and one that was refused may try again. */
  private readonly taken = new WeakSet<ServerSocket['conn']>();
  private readonly expiries = new Map<string, NodeJS.Timeout>();
  private closing = false;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly memberships: RoomMemberships,
    private readonly rights: SocketRights,
    private readonly presence: Presence,
    private readonly background: Background,
    private readonly outgoing: Outgoing,
    private readonly quotas: Quotas,
    @InjectMetric(METRICS.sockets) private readonly sockets: Gauge,
    @InjectMetric(METRICS.refusals) private readonly refusals: Counter<'command' | 'code'>,
  ) {}

  /**
   * Lets a socket in by its token, as middleware of Socket.IO: a refusal reaches the client as `connect_error`, after
   * which it does not come again by itself. When the trouble is ours the connection is closed instead, and it does.
   */
  readonly admit = (socket: ServerSocket, next: (error?: Error) => void): void => {
    if (this.closing) return void socket.conn.close(true);
    this.enter(socket).then(
      () => next(),
      (error: unknown) => {
        const { code, message, details } = refusalOf(error) ?? new AppError('internal_error');
        if (code !== 'internal_error' && code !== 'unavailable') {
          next(Object.assign(new Error(message), { data: { code, message, ...(details && { details }) } }));
        } else {
          this.logger.error({ err: error, msg: 'a socket could not be let in' });
          socket.conn.close(true);
        }
      },
    );
  };

  opened(socket: ServerSocket): void {
    const { userId } = socket.data.principal;
    this.sockets.inc();
    this.outgoing.watch(socket);
    this.endAt(socket, socket.data.expiresAt);
    socket.use((packet, next) => (KNOWN.has(packet[0]) ? next() : this.refuse(packet)));
    this.background.run('coming online', () => this.presence.came(userId, socket.id));
    // Sessions can end and memberships change while a socket is let in, when it does not hear of it yet. From now on it
    // does, so one more look leaves no gap.
    this.background.run('checking a new socket', () => this.rights.align([socket]));
  }

  closed(socket: ServerSocket): void {
    this.sockets.dec();
    this.taken.delete(socket.conn);
    clearTimeout(this.expiries.get(socket.id));
    this.expiries.delete(socket.id);
    this.background.run('going offline', () => this.presence.went(socket.data.principal.userId, socket.id));
  }

  /** @returns the seconds for which the new token is good */
  async renew(socket: ServerSocket, token: string): Promise<number> {
    const { principal, expiresAt } = await this.tokens.verify(token);
    if (principal.sessionId !== socket.data.principal.sessionId) throw new AppError('unauthorized');
    socket.data.principal = principal;
    this.endAt(socket, expiresAt);
    return Math.floor((expiresAt.getTime() - Date.now()) / 1000);
  }

  /**
   * Cuts the connections of this process, so that clients go to another one by themselves, and waits until their seats
   * and their users' presence are in order.
   */
  async close(sockets: Iterable<ServerSocket>): Promise<void> {
    this.closing = true;
    for (const socket of [...sockets]) socket.conn.close(true);
    await this.background.settled();
  }

  private async enter(socket: ServerSocket): Promise<void> {
    if (this.taken.has(socket.conn)) throw new AppError('too_many_sockets');
    this.taken.add(socket.conn);
    try {
      await this.letIn(socket);
    } catch (error) {
      this.taken.delete(socket.conn);
      throw error;
    }
  }

  private async letIn(socket: ServerSocket): Promise<void> {
    const token: unknown = socket.handshake.auth['token'];
    if (typeof token !== 'string') throw new AppError('unauthorized');
    const { principal, expiresAt } = await this.tokens.verify(token);
    socket.data.principal = principal;
    this.count(socket, principal.userId);
    const roomIds = (await this.memberships.roomIdsOf([principal.userId])).get(principal.userId) ?? [];
    await socket.join([
      socketRoom.user(principal.userId),
      socketRoom.session(principal.sessionId),
      ...roomIds.map((id) => socketRoom.room(id)),
    ]);
    socket.data.expiresAt = expiresAt;
  }

  /**
   * Each process counts for itself: what it protects is its own memory, Redis may be away, and sockets of a replica that
   * died must not stand in the way of those that come in their place.
   * @throws AppError quota_reached
   */
  private count({ conn }: ServerSocket, userId: string): void {
    const sockets = this.open.get(userId) ?? new Set();
    this.quotas.require('sockets', sockets.size);
    this.open.set(userId, sockets.add(conn));
    conn.once('close', () => {
      sockets.delete(conn);
      if (sockets.size === 0) this.open.delete(userId);
    });
  }

  private endAt(socket: ServerSocket, expiresAt: Date): void {
    clearTimeout(this.expiries.get(socket.id));
    const left = expiresAt.getTime() - Date.now();
    this.expiries.set(socket.id, setTimeout(() => endSocket(socket, 'token_expired'), left).unref());
  }

  private refuse(packet: readonly unknown[]): void {
    const { code, message } = new AppError('unknown_command');
    this.refusals.inc({ command: '(unknown)', code });
    const ack = packet.at(-1);
    if (typeof ack === 'function') (ack as (answer: Ack<object>) => void)({ ok: false, error: { code, message } });
  }
}
