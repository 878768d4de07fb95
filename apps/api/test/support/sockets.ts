import type {
  Ack,
  ClientToServer,
  CommandName,
  ErrorCode,
  EventName,
  ServerToClient,
  WireError,
} from '@webcall/contracts';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

type Payload<C extends CommandName> = Parameters<ClientToServer[C]>[0];
type Answer<C extends CommandName> = Extract<Parameters<Parameters<ClientToServer[C]>[1]>[0], { ok: true }>;
type Event<E extends EventName> = Parameters<ServerToClient[E]>[0];

/** A client's end of a socket that remembers what it was told. */
export class TestSocket {
  readonly told: { event: EventName; payload: unknown }[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(readonly raw: Socket) {
    raw.onAny((event: EventName, payload: unknown) => {
      this.told.push({ event, payload });
      for (const look of this.waiting) look();
    });
  }

  /** @throws an error with `data: {code}` when the server does not let it in */
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
      raw.once('connect_error', (error) => {
        raw.close();
        reject(error);
      });
    });
    return socket;
  }

  /** The acknowledgement of a command, whatever it says. */
  send<C extends CommandName>(command: C, payload: Payload<C>): Promise<Answer<C> | Ack<never>> {
    return this.raw.timeout(20_000).emitWithAck(command, payload) as Promise<Answer<C> | Ack<never>>;
  }

  /** The answer of a command that is not to be refused. */
  async ask<C extends CommandName>(command: C, payload: Payload<C>): Promise<Answer<C>> {
    const ack = await this.send(command, payload);
    if (!ack.ok) throw new Error(`${command}: ${JSON.stringify(ack.error)}`);
    return ack;
  }

  /** The refusal of a command that is not to be answered. */
  async refusal<C extends CommandName>(command: C, payload: Payload<C>): Promise<ErrorCode> {
    const ack = await this.send(command, payload);
    if (ack.ok) throw new Error(`${command} was not refused`);
    return (ack as { error: WireError }).error.code;
  }

  /** The first event of that name that fits, of those that came and those that come. */
  async event<E extends EventName>(name: E, fits: (event: Event<E>) => boolean = () => true): Promise<Event<E>> {
    let found: Event<E> | undefined;
    await this.until(() => (found = this.events(name).find(fits)) !== undefined, name);
    return found as Event<E>;
  }

  /** All events of that name so far. */
  events<E extends EventName>(name: E): Event<E>[] {
    return this.told.filter(({ event }) => event === name).map(({ payload }) => payload as Event<E>);
  }

  /** Resolves when something holds; looked at after each event. */
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

  /** Whether the device takes what it is sent: without it, that waits on the way and then at the server. */
  read(reading: boolean): void {
    const { transport } = this.raw.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } };
    if (reading) transport.ws.resume();
    else transport.ws.pause();
  }

  /** Cuts the connection under the socket, as a lost network does: what is on its way is gone. */
  cut(): void {
    const { transport } = this.raw.io.engine as unknown as { transport: { ws: { terminate: () => void } } };
    transport.ws.terminate();
  }
}
