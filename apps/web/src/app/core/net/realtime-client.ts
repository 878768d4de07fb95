import { computed, DestroyRef, effect, inject, Injectable, signal, type Signal, untracked } from '@angular/core';
import type {
  ClientToServerCommands,
  CommandAck,
  ServerToClientEvents,
  SocketCommandName,
  SocketEventName,
  WireError,
} from '@webcall/contracts';
import { merge, type Observable, Subject } from 'rxjs';
import { AccessTokenStore } from '../session/access-token-store';
import { ApiError, isApiError } from './api-error';
import { HeartbeatWatch } from './heartbeat-watch';
import { NetworkMonitor } from './network-monitor';
import { type ClientSocket, SOCKET_FACTORY } from './socket-factory';

export type CommandData<C extends SocketCommandName> = Parameters<ClientToServerCommands[C]>[0];
export type CommandAnswer<C extends SocketCommandName> =
  Parameters<Parameters<ClientToServerCommands[C]>[1]>[0] extends CommandAck<infer Out> ? Out : never;
export type EventData<E extends SocketEventName> = Parameters<ServerToClientEvents[E]>[0];
export type SignalHandler = ServerToClientEvents['signal:received'];

export interface CommandOptions {
  /** Fail at once unless there is a connection, instead of waiting for the first one. */
  volatile?: boolean;
  /** Wait also for a connection that was lost, because the page repeats the command until it works. */
  patient?: boolean;
  /** How long to wait for the connection and the answer together, in ms. */
  timeout?: number;
}

/** After that nobody expects what they asked for any more. */
const COMMAND_TIMEOUT_MS = 10_000;
/** The token is renewed this long before its end, in ms; a timer of a hidden tab may be a minute late. */
const RENEW_AHEAD = 120_000;
const RETRY_DELAY = 2_000;
/** How long the first connection may take until people see what can be loaded without it, in ms. */
const LOAD_PATIENCE = 1_500;
/** Pause before the next try when the user has too many sockets: they may close one of their tabs. */
const FULL_DELAY = 30_000;

/** The socket to the server, open as long as somebody is signed in. */
@Injectable({ providedIn: 'root' })
export class RealtimeClient {
  private readonly access = inject(AccessTokenStore);
  private readonly makeSocket = inject(SOCKET_FACTORY);
  private readonly network = inject(NetworkMonitor);
  private readonly state = signal<'connecting' | 'online' | 'offline'>('connecting');
  private readonly refused = signal<ApiError | null>(null);
  private readonly events = new Map<SocketEventName, Subject<unknown>>();
  private readonly signalHandlers = new Set<SignalHandler>();
  private readonly again = new Subject<void>();
  private readonly up = new Subject<void>();
  private readonly rounds = signal(0);
  private readonly userId = computed(() => this.access.grant()?.user.id ?? null);
  private socket: ClientSocket | null = null;
  private token = '';
  private wasOnline = false;
  /** Whether a refused handshake has brought a new token since the last connection. */
  private hasRenewedForHandshake = false;
  private readonly silent = signal(false);
  private readonly heartbeat = new HeartbeatWatch((isSilent) => this.silent.set(isSilent));
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  readonly status: Signal<'connecting' | 'online' | 'offline'> = this.state.asReadonly();

  /** Whether the server cannot be reached, as far as is known. */
  readonly isCutOff = computed(() =>
    this.userId() === null ? !this.network.online() : this.state() === 'offline' && !this.refused(),
  );

  /**
   * Whether the line seems dead: it is cut, or a ping of the server is overdue. That is shown, and nothing is refused for
   * it, since an open connection may only hang for a moment.
   */
  readonly seemsCutOff = computed(() => this.isCutOff() || this.silent());

  /** Why the server refuses this page for now, if the person should know it. */
  readonly refusal: Signal<ApiError | null> = this.refused.asReadonly();

  /** Emits on each connection, also the first. */
  readonly connected: Observable<void> = this.up.asObservable();

  /**
   * Another number whenever everything has to be loaded that events keep up to date; 0 as long as it has to wait. It is
   * loaded on each connection, because an answer from before may be older than the first event, and not before the
   * first one, unless that takes long.
   */
  readonly loadRound: Signal<number> = this.rounds.asReadonly();

  /** Emits on each connection after the first: events may have been missed meanwhile. */
  readonly reconnected: Observable<void> = this.again.asObservable();

  /** How long nothing was heard of the server before the last `reconnected`, in ms. */
  lastCutMs = 0;

  constructor() {
    effect((onCleanup) => {
      if (this.userId() === null) return;
      let isNeeded = true;
      void untracked(() => this.openSocket(() => isNeeded));
      onCleanup(() => {
        isNeeded = false;
        this.closeSocket();
      });
    });
    effect((onCleanup) => {
      const grant = this.access.grant();
      if (!grant) return;
      if (grant.token !== this.token && this.socket?.connected) void this.renewSocketToken(grant.token);
      const wait = Math.max(0, grant.endsAt - performance.now() - RENEW_AHEAD);
      const timer = setTimeout(() => void this.renewAccessToken(), wait);
      onCleanup(() => clearTimeout(timer));
    });
    // A server on this device can be reached without a network, so that is tried before the line counts as cut.
    const changes = merge(this.network.changed, this.network.lost).subscribe(() => this.reconnectSocket());
    inject(DestroyRef).onDestroy(() => {
      changes.unsubscribe();
      this.closeSocket();
    });
  }

  /** Events of one kind; for `signal:received` use `addSignalHandler`, which can acknowledge. */
  observeEvents<E extends Exclude<SocketEventName, 'signal:received'>>(event: E): Observable<EventData<E>> {
    let subject = this.events.get(event);
    if (!subject) this.events.set(event, (subject = new Subject()));
    return subject.asObservable() as Observable<EventData<E>>;
  }

  /** @returns a function that removes the handler */
  addSignalHandler(handler: SignalHandler): () => void {
    this.signalHandlers.add(handler);
    return () => this.signalHandlers.delete(handler);
  }

  /**
   * Sends a command and waits for its answer. A command whose answer got lost may have been carried out. Without a
   * connection it fails at once, and it is never sent later than somebody waits for it.
   * @throws ApiError with the server's code, or `offline` or `timeout`
   */
  async sendCommand<C extends SocketCommandName>(
    command: C,
    data: CommandData<C>,
    { volatile = false, patient = false, timeout = COMMAND_TIMEOUT_MS }: CommandOptions = {},
  ): Promise<CommandAnswer<C>> {
    // By the clock: timers and `performance.now()` stand still while the device sleeps or the tab is frozen.
    const deadline = Date.now() + timeout;
    if (!volatile && !patient) this.requireLine();
    if (!this.socket?.connected) {
      if (volatile) throw new ApiError('offline', 'There is no connection.');
      await this.waitUntilConnected(timeout);
      if (Date.now() >= deadline) throw new ApiError('offline', 'The connection came too late.');
    }
    const answer = await this.emitCommand(command, data, Math.max(1, deadline - Date.now()));
    if (Date.now() > deadline) throw new ApiError('timeout', 'The answer came too late.');
    if (answer.ok) return answer as CommandAnswer<C>;
    throw ApiError.fromWireError(answer.error);
  }

  /** For what a person asks for: it is refused at once while the line is cut. @throws ApiError */
  requireLine(): void {
    if (this.state() === 'offline') throw this.refused() ?? new ApiError('offline', 'There is no connection.');
  }

  /** Connects anew at once, because the network has changed. */
  reconnectSocket(): void {
    if (!this.socket) return;
    // An open connection may hang on the former network without noticing. When its transport ends, Socket.IO connects
    // anew by itself; closing the engine would first wait until everything is sent.
    if (this.socket.connected) this.socket.io.engine.transport.close();
    else this.socket.disconnect().connect();
  }

  private async openSocket(isNeeded: () => boolean): Promise<void> {
    this.state.set('connecting');
    this.scheduleSocketAction(() => this.rounds.update((round) => Math.max(1, round)), LOAD_PATIENCE);
    try {
      const socket = await this.makeSocket(() => ({ token: (this.token = this.access.grant()?.token ?? '') }));
      if (!isNeeded()) return;
      this.attachSocketListeners(socket);
      this.socket = socket;
      socket.connect();
    } catch (error) {
      console.warn('the code of the socket could not be loaded', error);
      this.state.set('offline');
      this.scheduleSocketAction(() => isNeeded() && void this.openSocket(isNeeded));
    }
  }

  private closeSocket(): void {
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.heartbeat.stopWatch();
    this.socket?.disconnect();
    this.socket = null;
    this.wasOnline = false;
    this.hasRenewedForHandshake = false;
    this.refused.set(null);
    this.rounds.set(0);
    this.state.set('connecting');
  }

  private attachSocketListeners(socket: ClientSocket): void {
    socket.on('connect', () => {
      this.refused.set(null);
      this.hasRenewedForHandshake = false;
      this.lastCutMs = Date.now() - this.heartbeat.lastPingAt;
      this.heartbeat.recordPing();
      this.state.set('online');
      this.rounds.update((round) => round + 1);
      this.up.next();
      if (this.wasOnline) this.again.next();
      this.wasOnline = true;
    });
    socket.io.on('ping', () => {
      if (this.socket === socket && socket.connected) this.heartbeat.recordPing();
    });
    socket.on('disconnect', (reason) => {
      if (this.socket !== socket) return;
      this.heartbeat.stopWatch();
      this.state.set('offline');
      if (reason === 'io server disconnect') this.scheduleSocketAction(() => socket.connect());
    });
    socket.on('connect_error', (error) => void this.handleConnectError(socket, error));
    socket.on('session:ended', ({ code }) => {
      if (code === 'session_ended') this.access.loseAccessGrant(new ApiError(code, 'This session has ended.'));
      else void this.renewAccessToken();
    });
    socket.on('signal:received', (event, ack) => this.signalHandlers.forEach((handler) => handler(event, ack)));
    socket.onAny((event: SocketEventName, data: unknown) => this.events.get(event)?.next(data));
  }

  /** Socket.IO retries by itself when the server cannot be reached, but not when the server refused the handshake. */
  private async handleConnectError(socket: ClientSocket, error: Error & { data?: Partial<WireError> }): Promise<void> {
    const { code = error.message, message = error.message, details } = error.data ?? {};
    const isFull = code === 'quota_reached';
    // A server that answers is there: what a person asks for waits for the next try.
    this.state.set(error.data && !isFull ? 'connecting' : 'offline');
    if (socket.active) return;
    this.refused.set(isFull ? new ApiError(code, message, 0, undefined, details) : null);
    const isTokenRefused = ['unauthorized', 'token_expired', 'session_ended'].includes(code);
    const isRenewed = isTokenRefused && (await this.renewAccessToken());
    if (this.socket !== socket) return;
    // Once: a new token that is refused as well must not have the page ask without a pause.
    if (isRenewed && !this.hasRenewedForHandshake) {
      this.hasRenewedForHandshake = true;
      socket.connect();
    } else this.scheduleSocketAction(() => socket.connect(), isFull ? FULL_DELAY : RETRY_DELAY);
  }

  /** @returns whether there is a new token */
  private async renewAccessToken(): Promise<boolean> {
    try {
      await this.access.refreshAccessGrant();
      return true;
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (this.access.grant()) this.scheduleSocketAction(() => void this.renewAccessToken());
      return false;
    }
  }

  private async renewSocketToken(token: string): Promise<void> {
    this.token = token;
    try {
      await this.sendCommand('auth:renew', { token }, { volatile: true });
    } catch (error) {
      // The next handshake sends the token.
      console.debug('the open socket did not accept the new token', error);
    }
  }

  private waitUntilConnected(timeout: number): Promise<void> {
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

  private emitCommand<C extends SocketCommandName>(
    command: C,
    data: CommandData<C>,
    timeout: number,
  ): Promise<CommandAck<object>> {
    const socket = this.socket;
    if (!socket) return Promise.reject(new ApiError('offline', 'There is no connection.'));
    return new Promise((resolve, reject) => {
      const emitter = socket.timeout(timeout) as unknown as {
        emit(name: string, data: unknown, ack: (error: Error | null, answer: CommandAck<object>) => void): void;
      };
      emitter.emit(command, data, (error, answer) => {
        if (!error) resolve(answer);
        else if (socket.connected) reject(new ApiError('timeout', 'The server takes too long to answer.'));
        else reject(new ApiError('offline', 'The connection was lost.'));
      });
    });
  }

  private scheduleSocketAction(action: () => void, delay = RETRY_DELAY): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delay);
    this.timers.add(timer);
  }
}
