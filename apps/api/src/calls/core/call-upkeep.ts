import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { fromOutside } from '@webcall/domain';
import { Background } from '../../platform/realtime/background';
import { Live } from '../../platform/live/live';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoom } from '../../platform/realtime/socket';
import { CallJournal } from '../records/call-journal';
import { CallRecords } from '../records/call-records';
import { type CallTold, LiveCalls } from './live-calls';
import { type LocalSeat, LocalSeats } from './local-seats';
import { RingRecords } from '../rings/ring-records';
import { SEAT_LEASE_MS, Seats } from './seats';

/** How often rows of calls are compared with the calls that run, in ms. */
const STALE_EVERY = 60_000;

/** When to look again for a seat that is missing, in ms: it may be about to be taken. */
const SECOND_LOOK = 1000;

/** What calls need without anybody asking: telling of changes, and cleaning up. */
@Injectable()
export class CallUpkeep implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];
  private forgotten = new Set<LocalSeat>();

  constructor(
    private readonly live: Live,
    private readonly realtime: Realtime,
    private readonly background: Background,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly local: LocalSeats,
    private readonly records: CallRecords,
    private readonly ringRecords: RingRecords,
    private readonly journal: CallJournal,
    @Inject(SEAT_LEASE_MS) private readonly leaseMs: number,
  ) {}

  onModuleInit(): void {
    this.calls.told.subscribe((told) => this.background.run('telling of a call', async () => this.tell(told)));
  }

  onApplicationBootstrap(): void {
    const closeStale = (): void => this.background.run('closing stale calls', () => this.closeStale());
    closeStale();
    const findForgotten = (): void => this.background.run('finding forgotten seats', () => this.findForgotten());
    this.live.restored.subscribe(findForgotten);
    this.timers = [setInterval(closeStale, STALE_EVERY).unref(), setInterval(findForgotten, this.leaseMs / 3).unref()];
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Each replica tells its own sockets, so that all of them hear the changes in the order of the versions. */
  private tell({ holder, room: _, ...event }: CallTold): void {
    const { roomId, change } = event;
    const room = this.realtime.server.local.to(socketRoom.room(roomId));
    if (change.type === 'left') {
      // A member who was taken out of the room no longer hears the room, but has to hear this.
      room.to(socketRoom.participant(change.participantId)).emit('call:changed', event);
      for (const seat of this.local.find(change.participantId)) this.detach(seat);
    } else if (change.type === 'ring') {
      const both = [change.ring.callerId, change.ring.calleeId].map(socketRoom.user);
      this.realtime.server.local.to(both).emit('call:changed', event);
      room.except(both).emit('call:changed', { ...event, change: { ...change, ring: fromOutside(change.ring) } });
    } else if (change.type !== 'joined' && change.type !== 'updated') {
      room.emit('call:changed', event);
    } else {
      const { id } = change.participant;
      const evicted = this.local.find(id).filter(({ socket }) => holder && socket.id !== holder);
      room.except(evicted.map(({ socket }) => socket.id)).emit('call:changed', event);
      for (const seat of evicted) this.evict(seat, event);
    }
  }

  /** Another socket has taken the seat: for the one here that had it, the call is over. */
  private evict(seat: LocalSeat, event: CallChangedEvent): void {
    const { participantId } = seat;
    seat.socket.emit('call:changed', { ...event, change: { type: 'left', participantId, reason: 'moved' } });
    this.detach(seat);
  }

  private detach(seat: LocalSeat): void {
    if (this.local.detach(seat)) this.seats.forget(seat.roomId, seat.participantId);
  }

  /** Rows come after the live state and go before it, so a row without one is left over from a process that died. */
  private async closeStale(): Promise<void> {
    const rows = await this.records.running();
    const running = await this.calls.running(rows.map(({ roomId }) => roomId));
    const stale = rows.filter(({ callId }) => !running.some((call) => call.id === callId));
    for (const call of stale) await this.journal.noteEnd(call);
    for (const rings of await this.ringRecords.forgotten()) await this.journal.noteForgotten(rings);
  }

  /**
   * A store that has lost its data has lost the seats too, and tells nobody. Devices whose seat is missing twice in a row
   * lose their connection: coming back, they find out and take a new seat.
   */
  private async findForgotten(): Promise<void> {
    const seats = this.local.all();
    const running = await this.calls.running(seats.map(({ roomId }) => roomId));
    const known = new Set(running.flatMap((call) => call.seats.map(({ id }) => id)));
    const missing = seats.filter(({ participantId }) => !known.has(participantId));
    for (const seat of missing) if (this.forgotten.has(seat)) seat.socket.conn.close(true);
    this.forgotten = new Set(missing);
    const again = (): void => this.background.run('finding forgotten seats', () => this.findForgotten());
    if (missing.length > 0) setTimeout(again, SECOND_LOOK).unref();
  }
}
