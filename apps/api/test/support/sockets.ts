import type {
  ClientToServerCommands,
  CommandAck,
  ErrorCode,
  ServerToClientEvents,
  SocketCommandName,
  SocketEventName,
  WireError,
} from '@webcall/contracts';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

type Payload<C extends SocketCommandName> = Parameters<ClientToServerCommands[C]>[0];
type Answer<C extends SocketCommandName> = Extract<
  Parameters<Parameters<ClientToServerCommands[C]>[1]>[0],
  { ok: true }
>;
type Event<E extends SocketEventName> = Parameters<ServerToClientEvents[E]>[0];

/** The client end of a socket, which records all received events. */
export class TestSocket {
  readonly told: { event: SocketEventName; payload: unknown }[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(readonly raw: Socket) {
    raw.onAny((event: SocketEventName, payload: unknown) => {
      this.told.push({ event, payload });
      for (const look of this.waiting) look();
    });
  }

  /** @throws an error with `data: {code}` when the server refuses the connection */
  static async connect(
    url: string,
    token: unknown,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<TestSocket> {
    const raw = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token },
      ...options,
    });
    const socket = new TestSocket(raw);
    await new Promise<void>((resolve, reject) => {
      raw.once('connect', resolve);
      // The server has died after it accepted the connection.
      raw.once('disconnect', (reason) => reject(new Error(`the connection ended: ${reason}`)));
      raw.once('connect_error', (error) => {
        raw.close();
        reject(error);
      });
    });
    return socket;
  }

  /** The acknowledgement of a command, successful or not. */
  send<C extends SocketCommandName>(command: C, payload: Payload<C>): Promise<Answer<C> | CommandAck<never>> {
    return this.raw.timeout(20_000).emitWithAck(command, payload) as Promise<Answer<C> | CommandAck<never>>;
  }

  /** The answer of a command that must succeed. */
  async ask<C extends SocketCommandName>(command: C, payload: Payload<C>): Promise<Answer<C>> {
    const ack = await this.send(command, payload);
    if (!ack.ok) throw new Error(`${command}: ${JSON.stringify(ack.error)}`);
    return ack;
  }

  /** The error code of a command that must be refused. */
  async refusal<C extends SocketCommandName>(command: C, payload: Payload<C>): Promise<ErrorCode> {
    const ack = await this.send(command, payload);
    if (ack.ok) throw new Error(`${command} was not refused`);
    return (ack as { error: WireError }).error.code;
  }

  /** The first matching event of that name, already received or still to come. */
  async event<E extends SocketEventName>(name: E, fits: (event: Event<E>) => boolean = () => true): Promise<Event<E>> {
    let found: Event<E> | undefined;
    await this.until(() => (found = this.events(name).find(fits)) !== undefined, name);
    return found as Event<E>;
  }

  /** All received events of that name. */
  events<E extends SocketEventName>(name: E): Event<E>[] {
    return this.told.filter(({ event }) => event === name).map(({ payload }) => payload as Event<E>);
  }

  /** Resolves when the condition holds; it is checked after each event. */
  until(holds: () => boolean, what = 'the condition', timeoutMs = 30_000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`${what} did not come; there were ${JSON.stringify(this.told.slice(-10))}`));
      }, timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
    });
  }

  /** Resolves with the reason when the connection has ended. */
  closed(): Promise<string> {
    return this.raw.connected
      ? new Promise((resolve) => this.raw.once('disconnect', resolve))
      : Promise.resolve('closed already');
  }

  close(): void {
    this.raw.close();
  }

  /** Sets whether the device reads: otherwise data waits in the network and then at the server. */
  read(reading: boolean): void {
    const { transport } = this.raw.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } };
    if (reading) transport.ws.resume();
    else transport.ws.pause();
  }

  /** Cuts the connection like a lost network, with everything in flight. */
  cut(): void {
    const { transport } = this.raw.io.engine as unknown as { transport: { ws: { terminate: () => void } } };
    transport.ws.terminate();
  }
}
