import { Injectable } from '@nestjs/common';
import type { RingCancelDto, RingDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import {
  acceptRing,
  type CallChange,
  type CallState,
  type CallStep,
  cancelRing,
  cancelRingsOfUser,
  declineRing,
  endRingOfBlockedCaller,
  holdRing,
  isAlreadyRung,
  renameUserInCall,
  type Ring,
  startRings,
} from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { SocketCommandQueue } from '../../platform/realtime/socket-command-queue';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import type { Membership } from '../../rooms/membership';
import { RoomsService } from '../../rooms/rooms.service';
import { CallTransitions } from '../core/call-transitions';
import { type LiveCall, LiveCalls } from '../core/live-calls';
import { CallJournal } from '../records/call-journal';
import { type Callee, RingCallees } from './ring-callees';
import { RingDeadlines } from './ring-deadlines';
import { RingDevices } from './ring-devices';
import { RingRecords } from './ring-records';
import { ringPlaceOf, toRingDto, toVisibleRing } from './ring-views';

/** Starts, answers and cancels rings for callers and callees. */
@Injectable()
export class RingsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly callees: RingCallees,
    private readonly deadlines: RingDeadlines,
    private readonly devices: RingDevices,
    private readonly journal: CallJournal,
    private readonly records: RingRecords,
    private readonly turns: SocketCommandQueue,
    private readonly budgets: LimitBudgets,
  ) {}

  /** Rings members of the room so that they join the call that the caller is in. */
  startRinging(who: Principal, socket: ServerSocket, dto: RingStartDto): Promise<RingDto[]> {
    return this.turns.runInTurnIfConnected(socket, () => this.ringCallees(who, dto));
  }

  /** Lists the rings that are ringing and that the user is the caller or the callee of. */
  async listRingsOfUser(who: Principal): Promise<RingDto[]> {
    const lives = await this.calls.loadLiveCalls(await this.rooms.listRoomIdsOfUser(who.userId));
    return lives.flatMap((live) =>
      visibleRingDtos(
        live,
        who,
        (ring) => ring.status === 'ringing' && [ring.calleeId, ring.callerId].includes(who.userId),
      ),
    );
  }

  /** Registers that a device of the callee rings. */
  async registerRingingDevice(who: Principal, socket: ServerSocket, ref: RingRefDto): Promise<void> {
    const ringId = ref.ringId.toLowerCase();
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'call:join');
    const live = await this.calls.loadLiveCall(roomId);
    const ring = live?.call.rings.find((other) => other.id === ringId && other.calleeId === who.userId);
    if (!ring) throw new AppError('ring_not_found');
    if (ring.status !== 'ringing') throw new AppError('ring_over');
    await this.devices.markDeviceRinging(socket, roomId, ringId);
  }

  /** The time to join starts before the step: otherwise the ring could expire between the two. */
  acceptIncomingRing(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answerIncomingRing(who, ref, (call, ringId) => acceptRing(call, ringId, who.userId, who.sessionId), {
      before: (roomId, ringId) => this.deadlines.startRingDeadlines(roomId, ringId, [who.userId]),
    });
  }

  declineIncomingRing(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answerIncomingRing(who, ref, (call, ringId) => declineRing(call, ringId, who.userId));
  }

  /** Asks the caller to hold on, and extends the ring's deadline. */
  holdIncomingRing(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answerIncomingRing(who, ref, (call, ringId) => holdRing(call, ringId, who.userId), {
      then: (roomId, ringId) => this.deadlines.extendRingDeadline(roomId, ringId, who.userId),
    });
  }

  /** In the order of the socket's commands: a cancel right after the start must not overtake it. */
  async cancelOutgoingRing(
    who: Principal,
    socket: ServerSocket,
    { ringId, userId, ...ref }: RingCancelDto,
  ): Promise<void> {
    await this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
      await this.transitions.applyTransition(roomId, (live = throwRingNotFound()) => ({
        step: cancelRing(live.call, ringId.toLowerCase(), who.userId, userId?.toLowerCase()),
      }));
    });
  }

  private async ringCallees(who: Principal, { userIds, ...ref }: RingStartDto): Promise<RingDto[]> {
    const id = (ref.id ?? randomUUID()).toLowerCase();
    const member = await this.rooms.requireMember(who, ref.roomId, 'call:ring');
    const { roomId, door, name: roomName } = member;
    const before = (await this.calls.loadLiveCall(roomId))?.call;
    if (!before?.seats.some((seat) => seat.userId === who.userId)) throw new AppError('not_in_call');
    const namedIds = userIds?.map((userId) => userId.toLowerCase());
    const callees = await this.callees.findCallees(member, before, namedIds);
    const step = (call: CallState, whom: readonly Callee[]): CallStep => {
      const starts = whom.map(({ busy, quiet, ...callee }) => ({
        id,
        caller: { userId: who.userId },
        door,
        callee,
        busy,
        quiet,
      }));
      return startRings(call, starts, !namedIds);
    };
    const preview = step(before, callees);
    if (!preview.ok) throw new AppError(preview.refusal);
    const newRings = preview.changes.flatMap(ringsOfChange);
    if (newRings.length > 0 && (await this.records.isRingOfAnotherCall(id, before.id))) throw new AppError('id_taken');
    const withinBudget = new Set(await this.spendRingBudgets(who, newRings.map(calleeIdOf)));
    const overBudget = new Set(newRings.map(calleeIdOf).filter((userId) => !withinBudget.has(userId)));
    // Only new rings get a deadline: repeating the command does not give a ring more time.
    const startedRings = newRings.filter((ring) => isRinging(ring) && withinBudget.has(ring.calleeId));
    await this.deadlines.startRingDeadlines(roomId, id, startedRings.map(calleeIdOf));
    const applied = await this.transitions.applyTransition(roomId, (live) => {
      if (!live) throw new AppError('not_in_call');
      // A callee without a deadline must not start to ring; one whom this step would not ring anyway needs none.
      const ringable = callees.filter(({ userId }) => withinBudget.has(userId) || isAlreadyRung(live.call, id, userId));
      return { step: step(live.call, ringable), roomName };
    });
    const { state, changes } = applied ?? { state: before, changes: [] };
    await this.applyMissedRoomChanges(
      roomId,
      callees.filter(({ userId }) => withinBudget.has(userId)),
    );
    const notQuiet = callees.filter(({ userId, quiet }) => withinBudget.has(userId) && !quiet);
    await this.silenceBlockedRings(
      member,
      notQuiet.map(({ userId }) => userId),
    );
    await this.journal.recordRingStatuses(state, changes.flatMap(ringsOfChange).filter(isRinging));
    const returned = new Set(callees.map(({ userId }) => userId).filter((userId) => !overBudget.has(userId)));
    return visibleRingDtos({ call: state, holders: {}, roomName }, who, (ring) => returned.has(ring.calleeId));
  }

  /**
   * Silent rings count too: otherwise a blocked caller could tell from being allowed to ring more often than others.
   * @returns the callees whom the caller may ring now
   * @throws AppError too_many_requests when that is none of them
   */
  private async spendRingBudgets({ userId }: Principal, calleeIds: readonly string[]): Promise<string[]> {
    const results = await Promise.allSettled(
      calleeIds.map(async (calleeId) => this.budgets.spendBudget(1, ['ring:pair', `${userId}:${calleeId}`])),
    );
    const refusals = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    if (refusals.length > 0 && refusals.length === calleeIds.length) throw refusals[0];
    return calleeIds.filter((_, i) => results[i]?.status === 'fulfilled');
  }

  /** Callees who were removed or renamed while the ring was being started had no ring that the change could reach. */
  private async applyMissedRoomChanges(roomId: string, callees: readonly Callee[]): Promise<void> {
    const calleeIds = callees.map(({ userId }) => userId);
    const { members } = await this.rooms.loadMemberStandings(roomId, calleeIds);
    for (const { userId, name } of callees) {
      const now = members.get(userId);
      if (now?.name === name) continue;
      await this.transitions.applyTransition(roomId, (live) => {
        if (!live) return undefined;
        return { step: now ? renameUserInCall(live.call, userId, now.name) : cancelRingsOfUser(live.call, userId) };
      });
    }
  }

  /** The same for callees who have blocked the caller while the ring was being started. */
  private async silenceBlockedRings({ roomId, userId }: Membership, calleeIds: readonly string[]): Promise<void> {
    for (const calleeId of await this.callees.findBlockersOfCaller(userId, calleeIds)) {
      await this.transitions.applyTransition(
        roomId,
        (live) => live && { step: endRingOfBlockedCaller(live.call, userId, calleeId) },
      );
    }
  }

  /** In the order of the socket's commands; the answer counts even if the socket has disconnected meanwhile. */
  private answerIncomingRing(
    who: Principal,
    ref: RingRefDto,
    step: (call: CallState, ringId: string) => CallStep,
    { before, then }: { before?: RingSideEffect; then?: RingSideEffect } = {},
  ): Promise<RingDto> {
    return this.turns.runInCommandOrder(async () => {
      const ringId = ref.ringId.toLowerCase();
      const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
      if (before) {
        const preview = step(((await this.calls.loadLiveCall(roomId)) ?? throwRingNotFound()).call, ringId);
        if (!preview.ok) throw new AppError(preview.refusal);
        if (preview.changes.length > 0) await before(roomId, ringId);
      }
      let liveBefore: LiveCall | undefined;
      const applied = await this.transitions.applyTransition(roomId, (live = throwRingNotFound()) => {
        liveBefore = live;
        return { step: step(live.call, ringId) };
      });
      if (!applied || !liveBefore) return throwRingNotFound();
      if (applied.changes.length > 0) await then?.(roomId, ringId);
      const isOwnRing = (ring: RingDto): boolean => ring.id === ringId && ring.calleeId === who.userId;
      const [ring] = visibleRingDtos({ ...liveBefore, call: applied.state }, who, isOwnRing);
      return ring ?? throwRingNotFound();
    });
  }
}

/** Extra work before or after an answer that changes the ring. */
type RingSideEffect = (roomId: string, ringId: string) => Promise<void>;

function throwRingNotFound(): never {
  throw new AppError('ring_not_found');
}

function ringsOfChange(change: CallChange): Ring[] {
  return change.type === 'ring' ? [change.ring] : [];
}

function isRinging({ status }: Ring): boolean {
  return status === 'ringing';
}

function calleeIdOf({ calleeId }: Ring): string {
  return calleeId;
}

function visibleRingDtos(live: LiveCall, who: Principal, which: (ring: RingDto) => boolean): RingDto[] {
  const [place, room] = ringPlaceOf(live);
  return live.call.rings.map((ring) => toRingDto(toVisibleRing(who.userId, ring), place, room)).filter(which);
}
