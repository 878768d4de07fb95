import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type CallChange, type CallState, leaveCall } from '@webcall/domain';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Lease, Leases } from '../../platform/live/leases';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import { Live } from '../../platform/live/live';
import { CallJournal } from '../records/call-journal';
import { CALL_METRICS } from '../records/call-metrics';
import { CallRecords } from '../records/call-records';
import { Engaged } from './engaged';
import { type CallTaken, type Decision, LiveCalls, type LiveCall } from './live-calls';
import { RingTerms } from '../rings/ring-terms';

/** Injection token of the time for which a seat is kept without its socket, in ms. */
export const SEAT_LEASE_MS = Symbol('SeatLeaseMs');

/**
 * Steps in calls with all that follows from them: the leases of the seats and rings and the rows of the calls. The replica that
 * holds a seat's socket renews its lease; any replica frees the seat when the lease has run out.
 */
@Injectable()
export class Seats implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Seats.name);
  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;

  constructor(
    live: Live,
    private readonly calls: LiveCalls,
    private readonly records: CallRecords,
    private readonly engaged: Engaged,
    private readonly journal: CallJournal,
    private readonly terms: RingTerms,
    @Inject(SEAT_LEASE_MS) ttlMs: number,
    @InjectMetric(CALL_METRICS.started) private readonly started: Counter,
    @InjectMetric(CALL_METRICS.ended) private readonly ended: Counter,
    @InjectMetric(CALL_METRICS.left) private readonly left: Counter<'reason'>,
    @InjectMetric(CALL_METRICS.rings) private readonly rings: Counter<'outcome'>,
  ) {
    this.leases = live.leases('seats');
    this.keeper = new LeaseKeeper(this.leases, { name: 'seats', ttlMs, onExpired: (lease) => this.free(lease) });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  /** The socket of a seat is here: its lease is renewed until it goes. */
  async hold(roomId: string, participantId: string): Promise<void> {
    await this.keeper.keep({ group: roomId, member: participantId });
  }

  /** The socket of a seat is gone: the lease runs. */
  abandon(roomId: string, participantId: string): Promise<void> {
    return this.keeper.abandon({ group: roomId, member: participantId });
  }

  /** The seat is held elsewhere, or is no more. */
  forget(roomId: string, participantId: string): void {
    this.keeper.forget({ group: roomId, member: participantId });
  }

  /**
   * See `LiveCalls.take`.
   * @throws AppError when the rules of calls refuse the step
   */
  async take(
    roomId: string,
    step: (live: LiveCall | undefined) => Promise<Decision | undefined> | Decision | undefined,
  ): Promise<CallTaken | undefined> {
    let before: CallState | undefined;
    const taken = await this.calls.take(roomId, (live) => {
      before = live?.call;
      return step(live);
    });
    if (!taken) return undefined;
    try {
      for (const change of taken.changes) await this.followUp(taken, change);
    } finally {
      this.engaged.follow(before?.seats ?? [], taken.state.seats);
      await this.terms.follow(before?.rings ?? [], taken.state);
      await this.journal.follow(taken);
    }
    return taken;
  }

  private async followUp({ state, changes }: CallTaken, change: CallChange): Promise<void> {
    if (change.type === 'joined') {
      if (state.version === changes.length) this.started.inc();
      const leftOver = await this.records.joined(state, change.participant);
      for (const call of leftOver) await this.journal.noteEnd(call);
    }
    if (change.type === 'ended') this.ended.inc();
    if (change.type === 'ring' && change.ring.status !== 'ringing') this.rings.inc({ outcome: change.ring.status });
    if (change.type === 'left') {
      this.left.inc({ reason: change.reason });
      // The seat is free and the others know: nobody is helped if the one who left hears of an error.
      try {
        await this.keeper.release({ group: state.roomId, member: change.participantId });
        await this.records.left(change.participantId);
      } catch (error) {
        this.logger.error({ err: error, callId: state.id, msg: 'the rows of a call are behind' });
      }
    }
  }

  /** Frees the seat of a lease that has run out, unless its device was back in the meantime. */
  private async free({ group: roomId, member }: Lease): Promise<void> {
    await this.take(roomId, async (live) => {
      if (!live?.call.seats.some((seat) => seat.id === member)) return undefined;
      const [held = []] = await this.leases.members([roomId]);
      return held.includes(member) ? undefined : { step: leaveCall(live.call, member, 'lost') };
    });
  }
}
