import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RingCancelDto, RingDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import {
  acceptRing,
  type CallChange,
  type CallState,
  type CallStep,
  cancelRing,
  declineRing,
  dropRings,
  holdRing,
  hushRing,
  isRung,
  renameInCall,
  type Ring,
  startRings,
} from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/socket';
import { Turns } from '../../platform/realtime/turns';
import { Budgets } from '../../platform/throttling/budgets';
import type { Membership } from '../../rooms/membership';
import { RoomsService } from '../../rooms/rooms.service';
import { CallJournal } from '../records/call-journal';
import { type LiveCall, LiveCalls } from '../core/live-calls';
import { type Callee, RingCallees } from './ring-callees';
import { RingDevices } from './ring-devices';
import { RingRecords } from './ring-records';
import { RingTerms } from './ring-terms';
import { placeOf, ringDto, ringFor } from './ring-views';
import { Seats } from '../core/seats';

/** What callers and callees do with rings. */
@Injectable()
export class RingsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly callees: RingCallees,
    private readonly terms: RingTerms,
    private readonly devices: RingDevices,
    private readonly journal: CallJournal,
    private readonly records: RingRecords,
    private readonly turns: Turns,
    private readonly budgets: Budgets,
  ) {}

  /** Rings members into the call that the caller is in. */
  start(who: Principal, socket: ServerSocket, dto: RingStartDto): Promise<RingDto[]> {
    return this.turns.whileConnected(socket, () => this.ring(who, dto));
  }

  /** Rings that go on for or by the user. */
  async list(who: Principal): Promise<RingDto[]> {
    const lives = await this.calls.readAll(await this.rooms.roomIds(who.userId));
    return lives.flatMap((live) =>
      shown(live, who, (ring) => ring.status === 'ringing' && [ring.calleeId, ring.callerId].includes(who.userId)),
    );
  }

  /** The device of the callee rings. */
  async reach(who: Principal, socket: ServerSocket, ref: RingRefDto): Promise<void> {
    const ringId = ref.ringId.toLowerCase();
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'call:join');
    const live = await this.calls.read(roomId);
    const ring = live?.call.rings.find((other) => other.id === ringId && other.calleeId === who.userId);
    if (!ring) throw new AppError('ring_not_found');
    if (ring.status !== 'ringing') throw new AppError('ring_over');
    await this.devices.reached(socket, roomId, ringId);
  }

  /** The time to come begins before: else the time of the ring could run out between the two. */
  accept(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answer(who, ref, (call, ringId) => acceptRing(call, ringId, who.userId, who.sessionId), {
      before: (roomId, ringId) => this.terms.start(roomId, ringId, [who.userId]),
    });
  }

  decline(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answer(who, ref, (call, ringId) => declineRing(call, ringId, who.userId));
  }

  /** The caller is asked to hold on, and has longer to do so. */
  hold(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answer(who, ref, (call, ringId) => holdRing(call, ringId, who.userId), {
      then: (roomId, ringId) => this.terms.extend(roomId, ringId, who.userId),
    });
  }

  /** In turn with the start: giving up at once must not come before it. */
  async cancel(who: Principal, socket: ServerSocket, { ringId, userId, ...ref }: RingCancelDto): Promise<void> {
    await this.turns.whileConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
      await this.seats.take(roomId, (live = notFound()) => ({
        step: cancelRing(live.call, ringId.toLowerCase(), who.userId, userId?.toLowerCase()),
      }));
    });
  }

  private async ring(who: Principal, { userIds, ...ref }: RingStartDto): Promise<RingDto[]> {
    const id = (ref.id ?? randomUUID()).toLowerCase();
    const member = await this.rooms.requireMember(who, ref.roomId, 'call:ring');
    const { roomId, door, name: roomName } = member;
    const before = (await this.calls.read(roomId))?.call;
    if (!before?.seats.some((seat) => seat.userId === who.userId)) throw new AppError('not_in_call');
    const named = userIds?.map((userId) => userId.toLowerCase());
    const callees = await this.callees.find(member, before, named);
    const step = (call: CallState, whom: readonly Callee[]): CallStep => {
      const starts = whom.map(({ busy, quiet, ...callee }) => ({
        id,
        caller: { userId: who.userId },
        door,
        callee,
        busy,
        quiet,
      }));
      return startRings(call, starts, !named);
    };
    const judged = step(before, callees);
    if (!judged.ok) throw new AppError(judged.refusal);
    const rung = judged.changes.flatMap(ringsIn);
    if (rung.length > 0 && (await this.records.isOfAnotherCall(id, before.id))) throw new AppError('id_taken');
    const begins = new Set(await this.notTooOften(who, rung.map(calleeOf)));
    const tooOften = new Set(rung.map(calleeOf).filter((userId) => !begins.has(userId)));
    // Saying again that somebody is to be rung does not give the ring more time.
    const ringing = rung.filter((ring) => isRinging(ring) && begins.has(ring.calleeId));
    await this.terms.start(roomId, id, ringing.map(calleeOf));
    const taken = await this.seats.take(roomId, (live) => {
      if (!live) throw new AppError('not_in_call');
      // Nobody is rung whose time has not begun.
      const whom = callees.filter(({ userId }) => begins.has(userId) || isRung(live.call, id, userId));
      return { step: step(live.call, whom), roomName };
    });
    const { state, changes } = taken ?? { state: before, changes: [] };
    await this.settle(
      roomId,
      callees.filter(({ userId }) => begins.has(userId)),
    );
    const disturbed = callees.filter(({ userId, quiet }) => begins.has(userId) && !quiet);
    await this.silenceBlocked(
      member,
      disturbed.map(({ userId }) => userId),
    );
    await this.journal.noteRings(state, changes.flatMap(ringsIn).filter(isRinging));
    const asked = new Set(callees.map(({ userId }) => userId).filter((userId) => !tooOften.has(userId)));
    return shown({ call: state, holders: {}, roomName }, who, (ring) => asked.has(ring.calleeId));
  }

  /**
   * Also counts rings that stay silent: whoever is blocked must not learn it by ringing more often than others can.
   * @returns those whom the caller may ring again
   * @throws AppError too_many_requests when there is nobody left
   */
  private async notTooOften({ userId }: Principal, calleeIds: readonly string[]): Promise<string[]> {
    const judged = await Promise.allSettled(
      calleeIds.map((calleeId) => this.budgets.spend(1, ['ring:pair', `${userId}:${calleeId}`])),
    );
    const refusals = judged.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    if (refusals.length > 0 && refusals.length === calleeIds.length) throw refusals[0];
    return calleeIds.filter((_, i) => judged[i]?.status === 'fulfilled');
  }

  /** Who was taken out of the room, or renamed, in the meantime had no ring yet that could follow. */
  private async settle(roomId: string, rung: readonly Callee[]): Promise<void> {
    const asked = rung.map(({ userId }) => userId);
    const { members } = await this.rooms.standingOf(roomId, asked);
    for (const { userId, name } of rung) {
      const now = members.get(userId);
      if (now?.name === name) continue;
      await this.seats.take(roomId, (live) => {
        if (!live) return undefined;
        return { step: now ? renameInCall(live.call, userId, now.name) : dropRings(live.call, userId) };
      });
    }
  }

  /** Nor had who has blocked the caller in the meantime. */
  private async silenceBlocked({ roomId, userId }: Membership, rung: readonly string[]): Promise<void> {
    for (const calleeId of await this.callees.blockers(userId, rung)) {
      await this.seats.take(roomId, (live) => live && { step: hushRing(live.call, userId, calleeId) });
    }
  }

  /** In the order in which a socket answers; it need not stay for that. */
  private answer(
    who: Principal,
    ref: RingRefDto,
    step: (call: CallState, ringId: string) => CallStep,
    { before, then }: { before?: Beside; then?: Beside } = {},
  ): Promise<RingDto> {
    return this.turns.inTurn(async () => {
      const ringId = ref.ringId.toLowerCase();
      const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
      if (before) {
        const judged = step(((await this.calls.read(roomId)) ?? notFound()).call, ringId);
        if (!judged.ok) throw new AppError(judged.refusal);
        if (judged.changes.length > 0) await before(roomId, ringId);
      }
      let seen: LiveCall | undefined;
      const taken = await this.seats.take(roomId, (live = notFound()) => {
        seen = live;
        return { step: step(live.call, ringId) };
      });
      if (!taken || !seen) return notFound();
      if (taken.changes.length > 0) await then?.(roomId, ringId);
      const mine = (ring: RingDto): boolean => ring.id === ringId && ring.calleeId === who.userId;
      const [ring] = shown({ ...seen, call: taken.state }, who, mine);
      return ring ?? notFound();
    });
  }
}

/** What has to be done beside an answer that changes something. */
type Beside = (roomId: string, ringId: string) => Promise<void>;

function notFound(): never {
  throw new AppError('ring_not_found');
}

function ringsIn(change: CallChange): Ring[] {
  return change.type === 'ring' ? [change.ring] : [];
}

function isRinging({ status }: Ring): boolean {
  return status === 'ringing';
}

function calleeOf({ calleeId }: Ring): string {
  return calleeId;
}

function shown(live: LiveCall, who: Principal, which: (ring: RingDto) => boolean): RingDto[] {
  const [place, room] = placeOf(live);
  return live.call.rings.map((ring) => ringDto(ringFor(who.userId, ring), place, room)).filter(which);
}
