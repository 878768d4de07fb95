import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { AppError } from '../../platform/http/app-error';
import { socketRoom, type ServerSocket } from '../../platform/realtime/socket';
import { CALL_METRICS } from '../records/call-metrics';

/** A seat that is held by a socket of this process. */
export interface LocalSeat {
  readonly roomId: string;
  readonly participantId: string;
  readonly socket: ServerSocket;
}

/**
 * Which socket of this process holds which seat. A socket holds one at most; a seat has two only while the new one takes
 * it from the old one.
 */
@Injectable()
export class LocalSeats {
  private readonly bySocket = new Map<string, LocalSeat>();
  private readonly byParticipant = new Map<string, Set<LocalSeat>>();
  private readonly held = new Map<string, LocalSeat>();

  constructor(@InjectMetric(CALL_METRICS.participants) private readonly participants: Gauge) {}

  of(socket: ServerSocket): LocalSeat | undefined {
    return this.bySocket.get(socket.id);
  }

  /** @throws AppError not_in_call */
  require(socket: ServerSocket): LocalSeat {
    const seat = this.of(socket);
    if (!seat) throw new AppError('not_in_call');
    return seat;
  }

  find(participantId: string): LocalSeat[] {
    return [...(this.byParticipant.get(participantId) ?? [])];
  }

  /**
   * The seat of a participant that a socket of this process holds for sure: the call has said so. One that is only being
   * taken, and may yet be refused, is not held.
   */
  holder(participantId: string): LocalSeat | undefined {
    return this.held.get(participantId);
  }

  /** What the call says: the participant's seat is held by the socket of that id, or by none. */
  follow(participantId: string, socketId: string | undefined): void {
    const seat = this.find(participantId).find(({ socket }) => socket.id === socketId);
    if (seat) this.held.set(participantId, seat);
    else this.held.delete(participantId);
  }

  all(): LocalSeat[] {
    return [...this.bySocket.values()];
  }

  /** From now on the socket hears what is told to the participant. */
  async attach(seat: LocalSeat): Promise<void> {
    const seats = this.byParticipant.get(seat.participantId) ?? new Set();
    this.byParticipant.set(seat.participantId, seats.add(seat));
    this.bySocket.set(seat.socket.id, seat);
    this.participants.set(this.byParticipant.size);
    await seat.socket.join(socketRoom.participant(seat.participantId));
  }

  /** @returns whether no socket of this process holds the seat any more */
  detach(seat: LocalSeat): boolean {
    const { socket, participantId } = seat;
    const seats = this.byParticipant.get(participantId);
    seats?.delete(seat);
    if (this.held.get(participantId) === seat) this.held.delete(participantId);
    if (!seats?.size) this.byParticipant.delete(participantId);
    if (this.bySocket.get(socket.id) === seat) this.bySocket.delete(socket.id);
    if (this.bySocket.get(socket.id)?.participantId !== participantId) {
      void socket.leave(socketRoom.participant(participantId));
    }
    this.participants.set(this.byParticipant.size);
    return !seats?.size;
  }
}
