import { DestroyRef, Injectable, type Signal, computed, effect, inject, signal, untracked } from '@angular/core';
import type { Ack, ClientToServer, CommandName, EventName, ServerToClient, WireError } from '@webcall/contracts';
import { type Observable, Subject } from 'rxjs';
import { Access } from '../session/access';
import { ApiError, isApiError } from './api-error';
import { Network } from './network';
import { type ClientSocket, SOCKET_FACTORY } from './socket-factory';

export type CommandData<C extends CommandName> = Parameters<ClientToServer[C]>[0];
export type CommandAnswer<C extends CommandName> =
  Parameters<Parameters<ClientToServer[C]>[1]>[0] extends Ack<infer Out> ? Out : never;
export type EventData<E extends EventName> = Parameters<ServerToClient[E]>[0];
export type SignalHandler = ServerToClient['signal:received'];

export interface SendOptions {
  /** Fail at once when there is no connection, instead of waiting for one. */
  volatile?: boolean;
  /** How long to wait for the connection and the answer together, in ms. */
  timeout?: number;
}

const TIMEOUT = 10_000;
/** The token is renewed this long before its end; a timer of a hidden tab may be a minute late. */
const RENEW_AHEAD = 120_000;
const RETRY_DELAY = 2_000;
/** Where too many sockets of the user are open: until somebody closes one of their tabs. */
const FULL_DELAY = 30_000;

/** The socket: there as long as somebody is signed in. */
@Injectable({ providedIn: 'root' })
export class RealtimeClient {
  private readonly access = inject(Access);
  private readonly makeSocket = inject(SOCKET_FACTORY);
  private readonly state = signal<'connecting' | 'online' | 'offline'>('connecting');
  private readonly refused = signal<ApiError | null>(null);
  private readonly events = new Map<EventName, Subject<unknown>>();
  private readonly signalHandlers = new Set<SignalHandler>();
  private readonly again = new Subject<void>();
  private readonly up = new Subject<void>();
  private readonly userId = computed(() => this.access.grant()?.user.id ?? null);
  private socket: ClientSocket | null = null;
  private token = '';
  private wasOnline = false;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  readonly status: Signal<'connecting' | 'online' | 'offline'> = this.state.asReadonly();

  /** Why the server does not let this page in for now, if that is for the person to know. */
  readonly refusal: Signal<ApiError | null> = this.refused.asReadonly();

  /** Each time the socket is up, also the first: what was asked over REST before may be older than the first event. */
  readonly connected: Observable<void> = this.up.asObservable();

  /** Each time the socket is up again: events may have been missed meanwhile. */
  readonly reconnected: Observable<void> = this.again.asObservable();

  constructor() {
    effect((onCleanup) => {
      if (this.userId() === null) return;
      let wanted = true;
      void untracked(() => this.start(() => wanted));
      onCleanup(() => {
        wanted = false;
        this.stop();
      });
    });
    effect((onCleanup) => {
      const grant = this.access.grant();
      if (!grant) return;
      if (grant.token !== this.token && this.socket?.connected) void this.renewSocket(grant.token);
      const wait = Math.max(0, grant.endsAt - performance.now() - RENEW_AHEAD);
      const timer = setTimeout(() => void this.renewToken(), wait);
      onCleanup(() => clearTimeout(timer));
    });
    const changes = inject(Network).changed.subscribe(() => this.reconnect());
    inject(DestroyRef).onDestroy(() => {
      changes.unsubscribe();
      this.stop();
    });
  }

  /** Events of one kind; for `signal:received` use `onSignal`, which can acknowledge. */
  on<E extends Exclude<EventName, 'signal:received'>>(event: E): Observable<EventData<E>> {
    let subject = this.events.get(event);
    if (!subject) this.events.set(event, (subject = new Subject()));
    return subject.asObservable() as Observable<EventData<E>>;
  }

  /** @returns a function that ends it */
  onSignal(handler: SignalHandler): () => void {
    this.signalHandlers.add(handler);
    return () => this.signalHandlers.delete(handler);
  }

  /**
   * Sends a command and waits for its answer. A command whose answer got lost may have been carried out.
   * @throws ApiError with the server's code, or `offline` or `timeout`
   */
  async send<C extends CommandName>(
    command: C,
    data: CommandData<C>,
    { volatile = false, timeout = TIMEOUT }: SendOptions = {},
  ): Promise<CommandAnswer<C>> {
    const deadline = performance.now() + timeout;
    if (!this.socket?.connected) {
      if (volatile) throw new ApiError('offline', 'There is no connection.');
      await this.connection(timeout);
    }
    const answer = await this.emit(command, data, Math.max(1, deadline - performance.now()));
    if (answer.ok) return answer as CommandAnswer<C>;
    throw ApiError.fromWire(answer.error);
  }

  /** Connects anew at once: to be called when the network has changed. */
  reconnect(): void {
    if (!this.socket) return;
    // An open connection may hang on the former network without noticing; the end of its transport starts over by itself.
    // The engine's own end would wait until all is sent.
    if (this.socket.connected) this.socket.io.engine.transport.close();
    else this.socket.disconnect().connect();
  }

  private async start(wanted: () => boolean): Promise<void> {
    this.state.set('connecting');
    try {
      const socket = await this.makeSocket(() => ({ token: (this.token = this.access.grant()?.token ?? '') }));
      if (!wanted()) return;
      this.listen(socket);
      this.socket = socket;
      socket.connect();
    } catch (error) {
      console.warn('The part of the page that keeps the connection could not be loaded', error);
      this.state.set('offline');
      this.later(() => wanted() && void this.start(wanted));
    }
  }

  private stop(): void {
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.socket?.disconnect();
    this.socket = null;
    this.wasOnline = false;
    this.refused.set(null);
    this.state.set('connecting');
  }

  private listen(socket: ClientSocket): void {
    socket.on('connect', () => {
      this.refused.set(null);
      this.state.set('online');
      this.up.next();
      if (this.wasOnline) this.again.next();
      this.wasOnline = true;
    });
    socket.on('disconnect', (reason) => {
      if (this.socket !== socket) return;
      this.state.set('offline');
      if (reason === 'io server disconnect') this.later(() => socket.connect());
    });
    socket.on('connect_error', (error) => void this.onRefused(socket, error));
    socket.on('session:ended', ({ code }) => {
      if (code === 'session_ended') this.access.lose(new ApiError(code, 'This session has ended.'));
      else void this.renewToken();
    });
    socket.on('signal:received', (event, ack) => this.signalHandlers.forEach((handler) => handler(event, ack)));
    socket.onAny((event: EventName, data: unknown) => this.events.get(event)?.next(data));
  }

  /** Socket.IO retries by itself when the server is out of reach, but not when the server refused the handshake. */
  private async onRefused(socket: ClientSocket, error: Error & { data?: Partial<WireError> }): Promise<void> {
    this.state.set('offline');
    if (socket.active) return;
    const { code = error.message, message = error.message, details } = error.data ?? {};
    if (['unauthorized', 'token_expired', 'session_ended'].includes(code)) await this.renewToken();
    const isFull = code === 'quota_reached';
    this.refused.set(isFull ? new ApiError(code, message, 0, undefined, details) : null);
    this.later(() => socket.connect(), isFull ? FULL_DELAY : RETRY_DELAY);
  }

  private async renewToken(): Promise<void> {
    try {
      await this.access.refresh();
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (this.access.grant()) this.later(() => void this.renewToken());
    }
  }

  private async renewSocket(token: string): Promise<void> {
    this.token = token;
    try {
      await this.send('auth:renew', { token }, { volatile: true });
    } catch (error) {
      // The next handshake brings the token.
      console.debug('The open socket did not take the new token', error);
    }
  }

  /** Resolves once connected. */
  private connection(timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.unsubscribe();
        reject(new ApiError('offline', 'There is no connection.'));
      }, timeout);
      const waiting = this.up.subscribe(() => {
        clearTimeout(timer);
        waiting.unsubscribe();
        resolve();
      });
    });
  }

  private emit<C extends CommandName>(command: C, data: CommandData<C>, timeout: number): Promise<Ack<object>> {
    const socket = this.socket;
    if (!socket) return Promise.reject(new ApiError('offline', 'There is no connection.'));
    return new Promise((resolve, reject) => {
      const emitter = socket.timeout(timeout) as unknown as {
        emit(name: string, data: unknown, ack: (error: Error | null, answer: Ack<object>) => void): void;
      };
      emitter.emit(command, data, (error, answer) => {
        if (!error) resolve(answer);
        else if (socket.connected) reject(new ApiError('timeout', 'The server takes too long to answer.'));
        else reject(new ApiError('offline', 'The connection was lost.'));
      });
    });
  }

  private later(action: () => void, delay = RETRY_DELAY): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delay);
    this.timers.add(timer);
  }
}
