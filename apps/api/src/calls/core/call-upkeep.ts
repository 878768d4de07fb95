import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { redactRingForRoom } from '@webcall/domain';
import { ForgottenFinder } from '../../platform/live/forgotten-finder';
import { LiveStore } from '../../platform/live/live-store';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoomName } from '../../platform/realtime/server-socket';
import { CallTransitions, SEAT_LEASE_MS } from './call-transitions';
import { type LiveCallEvent, LiveCalls } from './live-calls';
import { type LocalSeat, LocalSeats } from './local-seats';

/** When to check a missing seat again, in ms: a device may just be taking it. */
const FORGOTTEN_SEAT_RECHECK = 1000;

const DISCONNECT_FORGOTTEN = 'disconnecting forgotten seats';

/** Background work for the sockets of this replica: sends them changes of calls, and cleans up after failures. */
@Injectable()
export class CallUpkeep implements OnModuleInit, OnApplicationBootstrap {
  private readonly forgottenSeats = new ForgottenFinder(() => this.findSeatsWithoutCall());

  constructor(
    private readonly live: LiveStore,
    private readonly realtime: Realtime,
    private readonly background: BackgroundTasks,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly local: LocalSeats,
    @Inject(SEAT_LEASE_MS) private readonly leaseMs: number,
  ) {}

  onModuleInit(): void {
    this.calls.callEvents.subscribe((event) =>
      this.background.runInBackground('broadcasting a call change', async () => this.broadcastCallChange(event)),
    );
  }

  onApplicationBootstrap(): void {
    const disconnectForgotten = (): Promise<void> => this.disconnectForgottenSeats();
    this.live.restored.subscribe(() => this.background.runInBackground(DISCONNECT_FORGOTTEN, disconnectForgotten));
    this.background.repeatInBackground(DISCONNECT_FORGOTTEN, this.leaseMs / 3, disconnectForgotten);
  }

  /** Each replica sends to its own sockets, so that all of them receive the changes in the order of the versions. */
  private broadcastCallChange({ holder, room: _, ...event }: LiveCallEvent): void {
    const { roomId, change } = event;
    const room = this.realtime.socketServer.local.to(socketRoomName.room(roomId));
    if (change.type === 'left') {
      // A member removed from the room no longer gets the room's events, but has to get this one.
      room.to(socketRoomName.participant(change.participantId)).emit('call:changed', event);
      for (const seat of this.local.findSeatsOfParticipant(change.participantId)) this.detachLostSeat(seat);
    } else if (change.type === 'ring') {
      const both = [change.ring.callerId, change.ring.calleeId].map(socketRoomName.user);
      this.realtime.socketServer.local.to(both).emit('call:changed', event);
      room.except(both).emit('call:changed', { ...event, change: { ...change, ring: redactRingForRoom(change.ring) } });
    } else if (change.type !== 'joined' && change.type !== 'updated') {
      room.emit('call:changed', event);
    } else {
      const { id } = change.participant;
      const evicted = this.local.findSeatsOfParticipant(id).filter(({ socket }) => holder && socket.id !== holder);
      room.except(evicted.map(({ socket }) => socket.id)).emit('call:changed', event);
      for (const seat of evicted) this.evictFormerHolder(seat, event);
    }
  }

  /** Another socket has taken over the seat: for its former socket here, the call is over. */
  private evictFormerHolder(seat: LocalSeat, event: CallChangedEvent): void {
    const { participantId } = seat;
    seat.socket.emit('call:changed', { ...event, change: { type: 'left', participantId, reason: 'moved' } });
    this.detachLostSeat(seat);
  }

  private detachLostSeat(seat: LocalSeat): void {
    if (this.local.detachSeatSocket(seat)) this.transitions.forgetSeatLease(seat.roomId, seat.participantId);
  }

  /**
   * A store that loses its data loses the seats too. Their devices are disconnected: when they reconnect, they learn
   * that the seat is gone and take a new one.
   */
  private async disconnectForgottenSeats(): Promise<void> {
    for (const seat of await this.forgottenSeats.findForgotten()) seat.socket.conn.close(true);
    if (!this.forgottenSeats.hasSuspects) return;
    const recheck = (): void =>
      this.background.runInBackground(DISCONNECT_FORGOTTEN, () => this.disconnectForgottenSeats());
    setTimeout(recheck, FORGOTTEN_SEAT_RECHECK).unref();
  }

  private async findSeatsWithoutCall(): Promise<LocalSeat[]> {
    const seats = this.local.listLocalSeats();
    const { calls, unreadableRoomIds } = await this.calls.loadRunningCalls(seats.map(({ roomId }) => roomId));
    const known = new Set(calls.flatMap((call) => call.seats.map(({ id }) => id)));
    return seats.filter(({ roomId, participantId }) => !unreadableRoomIds.has(roomId) && !known.has(participantId));
  }
}
