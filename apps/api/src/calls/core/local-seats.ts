import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { AppError } from '../../platform/http/app-error';
import { type ServerSocket, socketRoomName } from '../../platform/realtime/server-socket';
import { CALL_METRICS } from '../records/call-metrics';

/** A seat that is held by a socket of this process. */
export interface LocalSeat {
  readonly roomId: string;
  readonly participantId: string;
  readonly socket: ServerSocket;
}

/**
 * Which socket of this process holds which seat. A socket holds at most one seat; a seat has two sockets only while a
 * new one takes it over from the old one.
 */
@Injectable()
export class LocalSeats {
  private readonly bySocket = new Map<string, LocalSeat>();
  private readonly byParticipant = new Map<string, Set<LocalSeat>>();
  private readonly held = new Map<string, LocalSeat>();

  constructor(@InjectMetric(CALL_METRICS.participants) private readonly participants: Gauge) {}

  findSeatOfSocket(socket: ServerSocket): LocalSeat | undefined {
    return this.bySocket.get(socket.id);
  }

  /** @throws AppError not_in_call */
  requireSeatOfSocket(socket: ServerSocket): LocalSeat {
    const seat = this.findSeatOfSocket(socket);
    if (!seat) throw new AppError('not_in_call');
    return seat;
  }

  findSeatsOfParticipant(participantId: string): LocalSeat[] {
    return [...(this.byParticipant.get(participantId) ?? [])];
  }

  /**
   * The seat of a participant that a socket of this process holds for certain, as an event of the call has confirmed. A
   * seat that is still being taken, and may be refused, does not count.
   */
  findConfirmedSeat(participantId: string): LocalSeat | undefined {
    return this.held.get(participantId);
  }

  /** Records what an event of the call says: the socket with that id, or none, holds the participant's seat. */
  confirmSeatHolder(participantId: string, socketId: string | undefined): void {
    const seat = this.findSeatsOfParticipant(participantId).find(({ socket }) => socket.id === socketId);
    if (seat) this.held.set(participantId, seat);
    else this.held.delete(participantId);
  }

  listLocalSeats(): LocalSeat[] {
    return [...this.bySocket.values()];
  }

  /** From now on the socket receives what is sent to the participant. */
  async attachSeatSocket(seat: LocalSeat): Promise<void> {
    const seats = this.byParticipant.get(seat.participantId) ?? new Set();
    this.byParticipant.set(seat.participantId, seats.add(seat));
    this.bySocket.set(seat.socket.id, seat);
    this.participants.set(this.byParticipant.size);
    await seat.socket.join(socketRoomName.participant(seat.participantId));
  }

  /** @returns whether no socket of this process holds the seat any more */
  detachSeatSocket(seat: LocalSeat): boolean {
    const { socket, participantId } = seat;
    const seats = this.byParticipant.get(participantId);
    seats?.delete(seat);
    if (this.held.get(participantId) === seat) this.held.delete(participantId);
    if (!seats?.size) this.byParticipant.delete(participantId);
    if (this.bySocket.get(socket.id) === seat) this.bySocket.delete(socket.id);
    if (this.bySocket.get(socket.id)?.participantId !== participantId) {
      void socket.leave(socketRoomName.participant(participantId));
    }
    this.participants.set(this.byParticipant.size);
    return !seats?.size;
  }
}
