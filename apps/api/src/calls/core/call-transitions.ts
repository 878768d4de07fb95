import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CallChange, type CallState, leaveCall } from '@webcall/domain';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { LeaseKeeper } from '../../platform/live/lease-keeper';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { Lease } from '../../platform/live/leases';
import type { TypedLeases } from '../../platform/live/typed-leases';
import { CallJournal } from '../records/call-journal';
import { CALL_METRICS } from '../records/call-metrics';
import { CallRecords } from '../records/call-records';
import { RingDeadlines } from '../rings/ring-deadlines';
import { SEAT_LEASES } from './call-leases';
import { LiveCallPresence } from './live-call-presence';
import { type AppliedCallStep, type CallStepDecision, type LiveCall, LiveCalls } from './live-calls';

/** Injection token of the time for which a seat is kept after its socket is lost, in ms. */
export const SEAT_LEASE_MS = Symbol('SeatLeaseMs');

/**
 * Applies steps to calls, with everything that follows from them: leases of seats and rings, and rows of the calls. The
 * replica with a seat's socket renews the seat's lease; any replica frees the seat when the lease has expired.
 */
@Injectable()
export class CallTransitions {
  private readonly logger = new Logger(CallTransitions.name);
  private readonly leases: TypedLeases<string, string>;
  private readonly keeper: LeaseKeeper<string, string>;

  constructor(
    keepers: LeaseKeepers,
    private readonly calls: LiveCalls,
    private readonly records: CallRecords,
    private readonly callPresence: LiveCallPresence,
    private readonly journal: CallJournal,
    private readonly deadlines: RingDeadlines,
    @Inject(SEAT_LEASE_MS) ttlMs: number,
    @InjectMetric(CALL_METRICS.started) private readonly started: Counter,
    @InjectMetric(CALL_METRICS.ended) private readonly ended: Counter,
    @InjectMetric(CALL_METRICS.left) private readonly left: Counter<'reason'>,
    @InjectMetric(CALL_METRICS.rings) private readonly rings: Counter<'outcome'>,
  ) {
    this.leases = keepers.createLeases(SEAT_LEASES);
    this.keeper = keepers.createKeeper(this.leases, { ttlMs, onExpired: (lease) => this.freeExpiredSeat(lease) });
  }

  /** Renews the lease of a seat while its socket is connected to this process. */
  async holdSeatLease(roomId: string, participantId: string): Promise<void> {
    await this.keeper.keepLeaseRenewed({ group: roomId, member: participantId });
  }

  /** The seat's socket is lost: from now on its lease is not renewed and will expire. */
  abandonSeatLease(roomId: string, participantId: string): Promise<void> {
    return this.keeper.holdLeaseForOneTerm({ group: roomId, member: participantId });
  }

  /** Stops renewing the lease of a seat that another replica holds now, or that no longer exists. */
  forgetSeatLease(roomId: string, participantId: string): void {
    this.keeper.stopRenewing({ group: roomId, member: participantId });
  }

  /**
   * Applies one step as `LiveCalls.compareAndSet` does, and then everything that follows from it.
   * @throws AppError when the rules of calls refuse the step
   */
  async applyTransition(
    roomId: string,
    step: (live: LiveCall | undefined) => Promise<CallStepDecision | undefined> | CallStepDecision | undefined,
  ): Promise<AppliedCallStep | undefined> {
    let before: CallState | undefined;
    const applied = await this.calls.compareAndSet(roomId, (live) => {
      before = live?.call;
      return step(live);
    });
    if (!applied) return undefined;
    try {
      for (const change of applied.changes) await this.recordCallChange(applied, change);
    } finally {
      this.callPresence.announceSeatChanges(before?.seats ?? [], applied.state.seats);
      await this.deadlines.releaseEndedDeadlines(before?.rings ?? [], applied.state);
      await this.journal.recordStepOutcome(applied);
    }
    return applied;
  }

  private async recordCallChange({ state, changes }: AppliedCallStep, change: CallChange): Promise<void> {
    if (change.type === 'joined') {
      if (state.version === changes.length) this.started.inc();
      const leftOver = await this.records.insertParticipant(state, change.participant);
      for (const call of leftOver) await this.journal.recordCallEnd(call);
    }
    if (change.type === 'ended') this.ended.inc();
    if (change.type === 'ring' && change.ring.status !== 'ringing') this.rings.inc({ outcome: change.ring.status });
    if (change.type === 'left') {
      this.left.inc({ reason: change.reason });
      await this.releaseFreedSeat(state, change.participantId);
    }
  }

  /** The seat is already free, so an error would not help the one who left; the lease expires by itself. */
  private async releaseFreedSeat({ id, roomId }: CallState, participantId: string): Promise<void> {
    try {
      await this.keeper.releaseKeptLease({ group: roomId, member: participantId });
    } catch (error) {
      this.logger.warn({ err: error, callId: id, msg: 'the lease of a freed seat could not be released' });
    }
  }

  /** Frees the seat of an expired lease, unless its device has come back meanwhile. */
  private async freeExpiredSeat({ group: roomId, member }: Lease<string, string>): Promise<void> {
    await this.applyTransition(roomId, async (live) => {
      if (!live?.call.seats.some((seat) => seat.id === member)) return undefined;
      const [held = []] = await this.leases.listLivingMembers([roomId]);
      return held.includes(member) ? undefined : { step: leaveCall(live.call, member, 'lost') };
    });
  }
}
