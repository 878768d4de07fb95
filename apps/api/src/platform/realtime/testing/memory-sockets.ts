import type { SocketEventName } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../access/principal';
import type { RealtimeServer, ServerSocket } from '../server-socket';

/** A server whose sockets have no connections: each records the events that its client would have received. */
export class MemorySockets {
  readonly open = new Set<MemorySocket>();

  /** There are no other replicas. */
  readonly local = this;

  to(rooms: string | readonly string[]): MemoryBroadcastTarget {
    return new MemoryBroadcastTarget(this.open, [rooms].flat(), []);
  }

  in(rooms: string | readonly string[]): MemoryBroadcastTarget {
    return this.to(rooms);
  }

  /** Listens to nothing, as there are no other replicas. */
  on(): this {
    return this;
  }

  openMemorySocket(principal: Principal, rooms: readonly string[]): MemorySocket {
    const socket = new MemorySocket(principal);
    void socket.join(rooms);
    this.open.add(socket);
    return socket;
  }

  asRealtimeServer(): RealtimeServer {
    return this as unknown as RealtimeServer;
  }
}

/** The sockets that are in any of some rooms and in none of the excluded ones. */
class MemoryBroadcastTarget {
  constructor(
    private readonly open: Iterable<MemorySocket>,
    private readonly rooms: readonly string[],
    private readonly excluded: readonly string[],
  ) {}

  to(rooms: string | readonly string[]): MemoryBroadcastTarget {
    return new MemoryBroadcastTarget(this.open, [...this.rooms, ...[rooms].flat()], this.excluded);
  }

  except(rooms: string | readonly string[]): MemoryBroadcastTarget {
    return new MemoryBroadcastTarget(this.open, this.rooms, [...this.excluded, ...[rooms].flat()]);
  }

  emit(event: SocketEventName, payload: unknown): void {
    for (const socket of this.selectSockets()) socket.emit(event, payload);
  }

  socketsJoin(room: string): void {
    for (const socket of this.selectSockets()) void socket.join(room);
  }

  socketsLeave(room: string): void {
    for (const socket of this.selectSockets()) void socket.leave(room);
  }

  private selectSockets(): MemorySocket[] {
    const isInAnyRoom = (socket: MemorySocket, rooms: readonly string[]): boolean =>
      rooms.some((room) => socket.rooms.has(room));
    return [...this.open].filter((socket) => isInAnyRoom(socket, this.rooms) && !isInAnyRoom(socket, this.excluded));
  }
}

/** The server side of one socket. Its client acknowledges events only if `acknowledges` is set. */
export class MemorySocket {
  readonly id = randomUUID() as string;
  readonly rooms: Set<string>;
  readonly data: { principal: Principal };
  readonly sentEvents: { event: SocketEventName; payload: unknown }[] = [];
  connected = true;
  acknowledges = false;
  /** Called when the server closes the socket. */
  onClosed: (over: boolean) => void = () => undefined;
  readonly conn = { close: (): void => this.onClosed(false) };

  constructor(principal: Principal) {
    this.data = { principal };
    // As in Socket.IO, every socket is in a room of its own id.
    this.rooms = new Set([this.id]);
  }

  async join(rooms: string | readonly string[]): Promise<void> {
    for (const room of [rooms].flat()) this.rooms.add(room);
  }

  async leave(room: string): Promise<void> {
    this.rooms.delete(room);
  }

  emit(event: SocketEventName, payload: unknown): void {
    // Through JSON, as over the wire: later changes and undefined fields do not arrive.
    if (this.connected) this.sentEvents.push({ event, payload: JSON.parse(JSON.stringify(payload)) as unknown });
  }

  timeout(ms: number) {
    return {
      emit: (event: SocketEventName, payload: unknown, onAcknowledged: (error: Error | null) => void): void => {
        this.emit(event, payload);
        if (this.connected && this.acknowledges) return onAcknowledged(null);
        setTimeout(() => onAcknowledged(new Error('operation has timed out')), ms);
      },
    };
  }

  asServerSocket(): ServerSocket {
    return this as unknown as ServerSocket;
  }
}
