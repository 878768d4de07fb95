import { type INestApplication, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { PROTOCOL_LIMITS, SOCKET_HEARTBEAT } from '@webcall/contracts';
import type { Redis } from 'ioredis';
import type { DisconnectReason, Server, ServerOptions, Socket } from 'socket.io';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { createSecurityHeaders } from '../http/security-headers';
import { logRedisOutages } from '../redis/log-redis-outages';
import { REDIS_FEED_OPTIONS } from '../redis/redis-options';
import { REDIS_CLIENT } from '../redis/redis.module';
import type { ServerSocket } from './server-socket';
import { SocketCommandQueue } from './socket-command-queue';
import { SocketCommands } from './socket-commands';

/** How long a connection may last without authenticating, in ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The command handlers of a gateway, as the framework passes them. */
type GatewayHandlers = Parameters<IoAdapter['bindMessageHandlers']>[1];

/** The handler of a command for one socket, as the framework makes it. */
type CommandCallback = (payload: unknown, acknowledge: (answer: object) => void) => Promise<object | undefined>;

/** Creates the Socket.IO server. Web sockets need no sticky sessions; polling, which clients may choose, does. */
export class RealtimeAdapter extends IoAdapter {
  private readonly config: AppConfig;
  private readonly redis: Redis | null;
  private readonly commands: SocketCommands;
  private readonly turns: SocketCommandQueue;
  private readonly connections: Redis[] = [];
  private readonly socketsHeardClosing = new WeakSet<ServerSocket>();
  private readonly handlersBySocket = new WeakMap<ServerSocket, Map<string, CommandCallback>>();
  private readonly log = new Logger(RealtimeAdapter.name);

  constructor(app: INestApplication) {
    super(app);
    this.config = app.get<AppConfig>(APP_CONFIG);
    this.redis = app.get<Redis | null>(REDIS_CLIENT);
    this.commands = app.get(SocketCommands);
    this.turns = app.get(SocketCommandQueue);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { corsOrigins } = this.config;
    const server = super.createIOServer(port, {
      ...options,
      transports: ['websocket', 'polling'],
      cors: { origin: corsOrigins.length > 0 ? [...corsOrigins] : false },
      pingInterval: SOCKET_HEARTBEAT.interval,
      pingTimeout: SOCKET_HEARTBEAT.timeout,
      maxHttpBufferSize: PROTOCOL_LIMITS.frame.max,
      connectTimeout: CONNECT_TIMEOUT_MS,
      serveClient: false,
      // Secrets such as resume keys go through sockets: polling answers are not compressed either.
      httpCompression: false,
      ...(this.redis && { adapter: createAdapter(this.createAdapterConnection(this.redis)) }),
    } as ServerOptions);
    // Socket.IO answers its requests before the middleware of the server sees them.
    for (const headers of createSecurityHeaders(this.config.env === 'production')) server.engine.use(headers);
    return server;
  }

  /**
   * Registers one listener for all commands of a socket, which answers `{ok: true, …}` with the result of the handler.
   * The framework's own implementation builds a chain of observables for each command of each socket, and again for
   * each call, which costs several times the memory and time of the connection itself. Called for each gateway.
   */
  override bindMessageHandlers(socket: ServerSocket, handlers: GatewayHandlers): void {
    const bound = this.handlersBySocket.get(socket);
    const callbacks = bound ?? new Map<string, CommandCallback>();
    for (const { message, callback } of handlers) callbacks.set(message as string, callback as CommandCallback);
    if (bound) return;
    this.handlersBySocket.set(socket, callbacks);
    (socket as Socket).onAny((command: string, ...args: unknown[]) => {
      const callback = callbacks.get(command);
      if (callback) this.runCommand(socket, command, callback, args);
    });
  }

  /** All gateways share what hears of a closed socket, so that it is bound once is enough: the framework does so for each. */
  override bindClientDisconnect(socket: ServerSocket, callback: (reason: DisconnectReason) => void): void {
    if (this.socketsHeardClosing.has(socket)) return;
    this.socketsHeardClosing.add(socket);
    super.bindClientDisconnect(socket as Socket, callback);
  }

  /** Closes only what belongs to the sockets; Nest closes the HTTP server that they share. */
  override async close(server: Server): Promise<void> {
    await server.of('/').adapter.close();
    server.engine.close();
  }

  override dispose(): Promise<void> {
    for (const connection of this.connections) connection.disconnect();
    return Promise.resolve();
  }

  private runCommand(socket: ServerSocket, command: string, callback: CommandCallback, args: unknown[]): void {
    const ack = args.at(-1);
    const payload = args[0] === ack ? undefined : args[0];
    const acknowledge = acknowledgeOnce(typeof ack === 'function' ? (ack as (answer: object) => void) : undefined);
    const handled = this.commands.isOrderedCommand(command)
      ? this.turns.startCommandInQueue(socket, () => callback(payload, acknowledge))
      : callback(payload, acknowledge);
    handled.then(
      (result) => acknowledge({ ok: true, ...result }),
      (error: unknown) => this.log.error({ err: error, command, msg: 'a command could not be answered' }),
    );
  }

  /**
   * Creates a connection for the Redis adapter, and keeps track of its duplicates, as the library closes none of them.
   * Commands wait for Redis as long as it takes, since the library does not expect them to fail.
   */
  private createAdapterConnection(redis: Redis): Redis {
    const connection = redis.duplicate(REDIS_FEED_OPTIONS);
    logRedisOutages(connection, this.log);
    this.connections.push(connection);
    const duplicate = connection.duplicate.bind(connection);
    connection.duplicate = (override) => {
      const another = duplicate(override);
      this.connections.push(another);
      return another;
    };
    return connection;
  }
}

/** @returns what acknowledges a command, and only once. If it failed, the `AckFilter` has done so already. */
function acknowledgeOnce(ack: ((answer: object) => void) | undefined): (answer: object) => void {
  let isAcknowledged = false;
  return (answer) => {
    if (!isAcknowledged) ack?.(answer);
    isAcknowledged = true;
  };
}
