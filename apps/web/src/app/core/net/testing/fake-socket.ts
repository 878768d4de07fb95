import type { ClientSocket } from '../socket-factory';

type Listener = (...args: never[]) => unknown;
type Answer = (error: Error | null, answer?: object) => void;

/** Replaces a Socket.IO client in tests: the test plays the server. */
export class FakeSocket {
  connected = false;
  /** Whether Socket.IO itself would try again. */
  active = true;
  /** How often `connect` was called. */
  connects = 0;
  transportClosed = 0;
  readonly sent: { command: string; data: unknown; timeout: number; answer: Answer }[] = [];
  readonly io = {
    engine: { transport: { close: (): void => void this.transportClosed++ } },
    on: (_: 'ping', listener: Listener): void => void this.pingListeners.push(listener),
  };
  private readonly pingListeners: Listener[] = [];
  private readonly listeners = new Map<string, Listener[]>();
  private readonly any: Listener[] = [];

  constructor(readonly auth: () => { token: string }) {}

  get asClientSocket(): ClientSocket {
    return this as unknown as ClientSocket;
  }

  on(event: string, listener: Listener): this {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }

  onAny(listener: Listener): this {
    this.any.push(listener);
    return this;
  }

  connect(): this {
    this.connects++;
    return this;
  }

  disconnect(): this {
    this.connected = false;
    return this;
  }

  timeout(timeout: number): { emit: (command: string, data: unknown, answer: Answer) => void } {
    return { emit: (command, data, answer) => this.sent.push({ command, data, timeout, answer }) };
  }

  acceptConnection(): void {
    this.connected = true;
    this.auth();
    this.callListeners('connect');
  }

  /** The connection breaks; commands without an answer fail, as with the real one. */
  breakConnection(reason = 'transport close'): void {
    this.connected = false;
    for (const { answer } of this.sent.splice(0)) answer(new Error('socket has been disconnected'));
    this.callListeners('disconnect', reason);
  }

  refuseHandshake(code: string, data: object = { code }): void {
    this.active = false;
    this.callListeners('connect_error', Object.assign(new Error(code), { data }));
  }

  receivePing(): void {
    this.pingListeners.forEach((listener) => listener());
  }

  receiveEvent(event: string, ...args: unknown[]): void {
    this.any.forEach((listener) => (listener as (...args: unknown[]) => void)(event, ...args));
    this.callListeners(event, ...args);
  }

  private callListeners(event: string, ...args: unknown[]): void {
    this.listeners.get(event)?.forEach((listener) => (listener as (...args: unknown[]) => void)(...args));
  }
}
