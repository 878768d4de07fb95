import { Injectable, Logger } from '@nestjs/common';
import { type CommandAck, SOCKET_COMMANDS } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { AccessTokens } from '../access/access-tokens';
import { Quotas } from '../access/quotas';
import { BatchedLookup } from '../batched-lookup';
import { AppError } from '../http/app-error';
import { toAppError } from '../http/error-translation';
import { RoomMemberships } from '../ports';
import { BackgroundTasks } from './background-tasks';
import { OutgoingBuffers } from './outgoing-buffers';
import { PacketGathering } from './packet-gathering';
import { REALTIME_METRIC_NAMES } from './realtime-metrics';
import { closeSocketWithReason, type ServerSocket, socketRoomName } from './server-socket';
import { SocketRights } from './socket-rights';
import { UserPresence } from './user-presence';

const KNOWN_COMMANDS = new Set<unknown>(SOCKET_COMMANDS);

/** Manages sockets from connection to end: authentication, rooms, presence and the expiry of access tokens. */
@Injectable()
export class Connections {
  private readonly logger = new Logger(Connections.name);
  /** Connections by user, added once the token is verified: simultaneous ones are counted before they are admitted. */
  private readonly openByUser = new Map<string, Set<ServerSocket['conn']>>();
  /** Connections that have a socket. Each may have one; after a refusal it may try again. */
  private readonly connectionsInUse = new WeakSet<ServerSocket['conn']>();
  private readonly expiries = new Map<string, NodeJS.Timeout>();
  private readonly roomIds = new BatchedLookup((userIds: readonly string[]) =>
    this.memberships.loadRoomIdsByUser(userIds),
  );
  private closing = false;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly memberships: RoomMemberships,
    private readonly rights: SocketRights,
    private readonly presence: UserPresence,
    private readonly background: BackgroundTasks,
    private readonly outgoing: OutgoingBuffers,
    private readonly gathering: PacketGathering,
    private readonly quotas: Quotas,
    @InjectMetric(REALTIME_METRIC_NAMES.sockets) private readonly sockets: Gauge,
    @InjectMetric(REALTIME_METRIC_NAMES.refusals) private readonly refusals: Counter<'command' | 'code'>,
  ) {}

  /**
   * Admits a socket by its token, as middleware of Socket.IO. A refusal reaches the client as `connect_error`, after
   * which it does not reconnect by itself. On an error of the server the connection is closed instead, so that it does.
   */
  readonly admitSocket = (socket: ServerSocket, next: (error?: Error) => void): void => {
    if (this.closing) return void socket.conn.close(true);
    this.admitOncePerConnection(socket).then(
      () => next(),
      (error: unknown) => {
        const { code, message, details } = toAppError(error) ?? new AppError('internal_error');
        if (code !== 'internal_error' && code !== 'unavailable') {
          next(Object.assign(new Error(message), { data: { code, message, ...(details && { details }) } }));
        } else {
          this.logger.error({ err: error, msg: 'a socket could not be admitted' });
          socket.conn.close(true);
        }
      },
    );
  };

  handleSocketOpened(socket: ServerSocket): void {
    const { userId } = socket.data.principal;
    this.sockets.inc();
    this.outgoing.watchUnsentPackets(socket);
    this.gathering.gatherPackets(socket);
    this.scheduleTokenExpiry(socket, socket.data.expiresAt);
    socket.use((packet, next) => (KNOWN_COMMANDS.has(packet[0]) ? next() : this.refuseUnknownCommand(packet)));
    this.background.runInBackground('adding presence', () => this.presence.addUserSocket(userId, socket.id));
    // Sessions may have ended and memberships changed while the socket was being admitted and received no events. It
    // receives them from now on, so one more check leaves no gap.
    this.background.runInBackground('checking a new socket', () => this.rights.alignNewSocket(socket));
  }

  handleSocketClosed(socket: ServerSocket): void {
    this.sockets.dec();
    this.connectionsInUse.delete(socket.conn);
    clearTimeout(this.expiries.get(socket.id));
    this.expiries.delete(socket.id);
    this.background.runInBackground('removing presence', () =>
      this.presence.removeUserSocket(socket.data.principal.userId, socket.id),
    );
  }

  /** @returns for how many seconds the new token is valid */
  async renewConnectionToken(socket: ServerSocket, token: string): Promise<number> {
    const { principal, expiresAt } = await this.tokens.verifyAccessToken(token);
    if (principal.sessionId !== socket.data.principal.sessionId) throw new AppError('unauthorized');
    socket.data.principal = principal;
    this.scheduleTokenExpiry(socket, expiresAt);
    return Math.floor((expiresAt.getTime() - Date.now()) / 1000);
  }

  /**
   * Closes the connections of this process, so that clients reconnect to another one, and waits until their seats and
   * the presence of their users are cleaned up.
   */
  async closeLocalSockets(sockets: Iterable<ServerSocket>): Promise<void> {
    this.closing = true;
    this.gathering.writeGatheredPackets();
    for (const socket of [...sockets]) socket.conn.close(true);
    await this.background.waitForBackgroundTasks();
  }

  private async admitOncePerConnection(socket: ServerSocket): Promise<void> {
    if (this.connectionsInUse.has(socket.conn)) throw new AppError('too_many_sockets');
    this.connectionsInUse.add(socket.conn);
    try {
      await this.authenticateSocket(socket);
    } catch (error) {
      this.connectionsInUse.delete(socket.conn);
      throw error;
    }
  }

  private async authenticateSocket(socket: ServerSocket): Promise<void> {
    const token: unknown = socket.handshake.auth['token'];
    if (typeof token !== 'string') throw new AppError('unauthorized');
    const { principal, expiresAt } = await this.tokens.verifyAccessToken(token);
    socket.data.principal = principal;
    this.countUserConnection(socket, principal.userId);
    const roomIds = (await this.roomIds.load(principal.userId)) ?? [];
    await socket.join([
      socketRoomName.user(principal.userId),
      socketRoomName.session(principal.sessionId),
      ...roomIds.map((id) => socketRoomName.room(id)),
    ]);
    socket.data.expiresAt = expiresAt;
  }

  /**
   * Counts the connections of a user in this process only: the quota protects its memory, Redis may be unavailable, and
   * sockets of a dead replica must not block those that replace them.
   * @throws AppError quota_reached
   */
  private countUserConnection({ conn }: ServerSocket, userId: string): void {
    const sockets = this.openByUser.get(userId) ?? new Set();
    this.quotas.requireQuotaLeft('sockets', sockets.size);
    this.openByUser.set(userId, sockets.add(conn));
    conn.once('close', () => {
      sockets.delete(conn);
      if (sockets.size === 0) this.openByUser.delete(userId);
    });
  }

  private scheduleTokenExpiry(socket: ServerSocket, expiresAt: Date): void {
    clearTimeout(this.expiries.get(socket.id));
    const remainingMs = expiresAt.getTime() - Date.now();
    this.expiries.set(socket.id, setTimeout(() => closeSocketWithReason(socket, 'token_expired'), remainingMs).unref());
  }

  private refuseUnknownCommand(packet: readonly unknown[]): void {
    const { code, message } = new AppError('unknown_command');
    this.refusals.inc({ command: '(unknown)', code });
    const ack = packet.at(-1);
    if (typeof ack === 'function')
      (ack as (answer: CommandAck<object>) => void)({ ok: false, error: { code, message } });
  }
}
