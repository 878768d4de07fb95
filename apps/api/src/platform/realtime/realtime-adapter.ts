import { type INestApplication, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { HEARTBEAT, LIMITS } from '@webcall/contracts';
import type { Redis } from 'ioredis';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { securityHeaders } from '../http/security-headers';
import { REDIS } from '../redis/redis.module';
import { logOutages } from '../redis/log-outages';
import { FEED_OPTIONS } from '../redis/redis-options';
import type { ServerSocket } from './socket';
import { Turns } from './turns';

/** How long a connection may stay without naming who it is, in ms. */
const CONNECT_TIMEOUT = 10_000;

/** What the framework hands over to be listened for. */
type Handlers = Parameters<IoAdapter['bindMessageHandlers']>[1];

/** Socket.IO with our settings. Web sockets need no sticky sessions; polling is for whoever asks for it. */
export class RealtimeAdapter extends IoAdapter {
  private readonly config: AppConfig;
  private readonly redis: Redis | null;
  private readonly turns: Turns;
  private readonly connections: Redis[] = [];
  private readonly log = new Logger(RealtimeAdapter.name);

  constructor(app: INestApplication) {
    super(app);
    this.config = app.get<AppConfig>(APP_CONFIG);
    this.redis = app.get<Redis | null>(REDIS);
    this.turns = app.get(Turns);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { corsOrigins } = this.config;
    const server = super.createIOServer(port, {
      ...options,
      transports: ['websocket', 'polling'],
      cors: { origin: corsOrigins.length > 0 ? [...corsOrigins] : false },
      pingInterval: HEARTBEAT.interval,
      pingTimeout: HEARTBEAT.timeout,
      maxHttpBufferSize: LIMITS.frame.max,
      connectTimeout: CONNECT_TIMEOUT,
      serveClient: false,
      ...(this.redis && { adapter: createAdapter(this.connect(this.redis)) }),
    } as ServerOptions);
    // It answers before the rest of the server sees a request.
    for (const headers of securityHeaders(this.config.env === 'production')) server.engine.use(headers);
    return server;
  }

  /**
   * One listener for all commands of a gateway, which answers `{ok: true, …}` with what the handler returned. The
   * framework's own way builds a chain of observables for each command of each socket and again for each call of it,
   * which costs several times the memory and the time of the connection itself.
   */
  override bindMessageHandlers(socket: ServerSocket, handlers: Handlers): void {
    const callbacks = new Map(handlers.map(({ message, callback }) => [message as string, callback]));
    (socket as Socket).onAny((command: string, ...args: unknown[]) => {
      const callback = callbacks.get(command);
      if (!callback) return;
      const ack = args.at(-1);
      const answer = new Answer(typeof ack === 'function' ? (ack as (answer: object) => void) : undefined);
      const handled = this.turns.arrived(
        socket,
        command,
        () => callback(args[0] === ack ? undefined : args[0], answer.give) as Promise<object | undefined>,
      );
      handled.then(answer.succeed, (error: unknown) => this.log.error({ err: error, msg: 'a command has no answer' }));
    });
  }

  /** Nest closes the http server that the sockets share; here goes what only the sockets need. */
  override async close(server: Server): Promise<void> {
    await server.of('/').adapter.close();
    server.engine.close();
  }

  override dispose(): Promise<void> {
    for (const connection of this.connections) connection.disconnect();
    return Promise.resolve();
  }

  /**
   * A connection for the library, which duplicates it and closes none of them. Its commands wait for Redis as long as it
   * takes: the library does not expect them to fail.
   */
  private connect(redis: Redis): Redis {
    const connection = redis.duplicate(FEED_OPTIONS);
    logOutages(connection, this.log);
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

/** The answer to one command: it is given once. The filter gives it when something went wrong. */
class Answer {
  private given = false;

  constructor(private readonly ack: ((answer: object) => void) | undefined) {}

  readonly give = (answer: object): void => {
    if (!this.given) this.ack?.(answer);
    this.given = true;
  };

  readonly succeed = (result: object | undefined): void => this.give({ ok: true, ...result });
}
