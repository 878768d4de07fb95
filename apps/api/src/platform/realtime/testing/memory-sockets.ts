import { randomUUID } from 'node:crypto';
import type { EventName } from '@webcall/contracts';
import type { Principal } from '../../access/principal';
import type { RealtimeServer, ServerSocket } from '../socket';

/** The server's ends of sockets without connections: each remembers what its client would have been told. */
export class MemorySockets {
  readonly open = new Set<MemorySocket>();

  /** This process is the only one. */
  readonly local = this;

  to(rooms: string | readonly string[]): Audience {
    return new Audience(this.open, [rooms].flat(), []);
  }

  in(rooms: string | readonly string[]): Audience {
    return this.to(rooms);
  }

  /** What other replicas ask, of which there are none. */
  on(): this {
    return this;
  }

  connect(principal: Principal, rooms: readonly string[]): MemorySocket {
    const socket = new MemorySocket(principal);
    void socket.join(rooms);
    this.open.add(socket);
    return socket;
  }

  asServer(): RealtimeServer {
    return this as unknown as RealtimeServer;
  }
}

/** Those sockets that hear any of some rooms, and none of others. */
class Audience {
  constructor(
    private readonly open: Iterable<MemorySocket>,
    private readonly rooms: readonly string[],
    private readonly excluded: readonly string[],
  ) {}

  to(rooms: string | readonly string[]): Audience {
    return new Audience(this.open, [...this.rooms, ...[rooms].flat()], this.excluded);
  }

  except(rooms: string | readonly string[]): Audience {
    return new Audience(this.open, this.rooms, [...this.excluded, ...[rooms].flat()]);
  }

  emit(event: EventName, payload: unknown): void {
    for (const socket of this.heard()) socket.emit(event, payload);
  }

  socketsJoin(room: string): void {
    for (const socket of this.heard()) void socket.join(room);
  }

  socketsLeave(room: string): void {
    for (const socket of this.heard()) void socket.leave(room);
  }

  private heard(): MemorySocket[] {
    const hears = (socket: MemorySocket, rooms: readonly string[]): boolean =>
      rooms.some((room) => socket.rooms.has(room));
    return [...this.open].filter((socket) => hears(socket, this.rooms) && !hears(socket, this.excluded));
  }
}

/** One server's end. Its client acknowledges what it is sent only if `acknowledges` says so. */
export class MemorySocket {
  readonly id = randomUUID() as string;
  readonly rooms: Set<string>;
  readonly data: { principal: Principal };
  readonly told: { event: EventName; payload: unknown }[] = [];
  connected = true;
  acknowledges = false;
  /** What there is to do when the server closes it. */
  onClosed: (over: boolean) => void = () => undefined;
  readonly conn = { close: (): void => this.onClosed(false) };

  constructor(principal: Principal) {
    this.data = { principal };
    // Every socket hears itself alone by its id.
    this.rooms = new Set([this.id]);
  }

  async join(rooms: string | readonly string[]): Promise<void> {
    for (const room of [rooms].flat()) this.rooms.add(room);
  }

  async leave(room: string): Promise<void> {
    this.rooms.delete(room);
  }

  emit(event: EventName, payload: unknown): void {
    // Through JSON, as over the wire: what changes afterwards, or is not said, does not arrive.
    if (this.connected) this.told.push({ event, payload: JSON.parse(JSON.stringify(payload)) as unknown });
  }

  timeout(ms: number) {
    return {
      emit: (event: EventName, payload: unknown, given: (error: Error | null) => void): void => {
        this.emit(event, payload);
        if (this.connected && this.acknowledges) return given(null);
        setTimeout(() => given(new Error('operation has timed out')), ms);
      },
    };
  }

  asServerSocket(): ServerSocket {
    return this as unknown as ServerSocket;
  }
}
