import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { redactRingForRoom } from '@webcall/domain';
import { LiveStore } from '../../platform/live/live-store';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoomName } from '../../platform/realtime/server-socket';
import { CallJournal } from '../records/call-journal';
import { CallRecords } from '../records/call-records';
import { RingRecords } from '../rings/ring-records';
import { CallTransitions, SEAT_LEASE_MS } from './call-transitions';
import { type LiveCallEvent, LiveCalls } from './live-calls';
import { type LocalSeat, LocalSeats } from './local-seats';

/** How often rows of calls are compared with the running calls, in ms. */
const STALE_CALLS_INTERVAL = 60_000;

/** When to check a missing seat again, in ms: a device may just be taking it. */
const FORGOTTEN_SEAT_RECHECK = 1000;

/** Background work of calls: sends their changes to the sockets of this replica, and cleans up after failures. */
@Injectable()
export class CallUpkeep implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];
  private forgotten = new Set<LocalSeat>();

  constructor(
    private readonly live: LiveStore,
    private readonly realtime: Realtime,
    private readonly background: BackgroundTasks,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly local: LocalSeats,
    private readonly records: CallRecords,
    private readonly ringRecords: RingRecords,
    private readonly journal: CallJournal,
    @Inject(SEAT_LEASE_MS) private readonly leaseMs: number,
  ) {}

  onModuleInit(): void {
    this.calls.callEvents.subscribe((event) =>
      this.background.runInBackground('broadcasting a call change', async () => this.broadcastCallChange(event)),
    );
  }

  onApplicationBootstrap(): void {
    const closeStale = (): void => this.background.runInBackground('closing stale calls', () => this.closeStaleCalls());
    closeStale();
    const disconnectForgotten = (): void =>
      this.background.runInBackground('disconnecting forgotten seats', () => this.disconnectForgottenSeats());
    this.live.restored.subscribe(disconnectForgotten);
    this.timers = [
      setInterval(closeStale, STALE_CALLS_INTERVAL).unref(),
      setInterval(disconnectForgotten, this.leaseMs / 3).unref(),
    ];
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
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
   * A row is inserted only when its live state exists. So an open row without a running call was left by a crashed
   * process, or is just being ended, and ending it twice does no harm.
   */
  private async closeStaleCalls(): Promise<void> {
    const rows = await this.records.listUnendedCalls();
    const running = await this.calls.loadCallStates(rows.map(({ roomId }) => roomId));
    const stale = rows.filter(({ callId }) => !running.some((call) => call.id === callId));
    for (const call of stale) await this.journal.recordCallEnd(call);
    for (const rings of await this.ringRecords.listForgottenRings()) await this.journal.recordForgottenRings(rings);
  }

  /**
   * A store that loses its data loses the seats too, without any event. Devices whose seat is missing twice in a row
   * are disconnected: when they reconnect, they learn that the seat is gone and take a new one.
   */
  private async disconnectForgottenSeats(): Promise<void> {
    const seats = this.local.listLocalSeats();
    const running = await this.calls.loadCallStates(seats.map(({ roomId }) => roomId));
    const known = new Set(running.flatMap((call) => call.seats.map(({ id }) => id)));
    const missing = seats.filter(({ participantId }) => !known.has(participantId));
    for (const seat of missing) if (this.forgotten.has(seat)) seat.socket.conn.close(true);
    this.forgotten = new Set(missing);
    const recheck = (): void =>
      this.background.runInBackground('disconnecting forgotten seats', () => this.disconnectForgottenSeats());
    if (missing.length > 0) setTimeout(recheck, FORGOTTEN_SEAT_RECHECK).unref();
  }
}
