import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RingCancelDto, RingDto, RingRefDto, RingStartDto } from '@webcall/contracts';
import {
  acceptRing,
  advance,
  andThen,
  type CallState,
  type CallStep,
  cancelRing,
  declineRing,
  dropRings,
  holdRing,
  isRung,
  type RingStart,
  startRing,
} from '@webcall/domain';
import type { Principal } from '../platform/access/principal';
import { AppError } from '../platform/http/app-error';
import type { ServerSocket } from '../platform/realtime/socket';
import { Turns } from '../platform/realtime/turns';
import { RoomsService } from '../rooms/rooms.service';
import { CallJournal } from './call-journal';
import { type LiveCall, LiveCalls } from './live-calls';
import { type Callee, RingCallees } from './ring-callees';
import { RingClock } from './ring-clock';
import { RingDevices } from './ring-devices';
import { placeOf, ringDto, ringFor } from './ring-views';
import { Seats } from './seats';

/** What callers and callees do with rings. */
@Injectable()
export class RingsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly callees: RingCallees,
    private readonly clock: RingClock,
    private readonly devices: RingDevices,
    private readonly journal: CallJournal,
    private readonly turns: Turns,
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
  async reach(who: Principal, socket: ServerSocket, { ringId, ...ref }: RingRefDto): Promise<void> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'call:join');
    const live = await this.calls.read(roomId);
    const ring = live?.call.rings.find((other) => other.id === ringId && other.calleeId === who.userId);
    if (!ring) throw new AppError('ring_not_found');
    if (ring.status !== 'ringing') throw new AppError('ring_over');
    await this.devices.reached(socket, roomId, ringId);
  }

  /** The time to come begins before: else the time of the ring could run out between the two. */
  async accept(who: Principal, ref: RingRefDto): Promise<RingDto> {
    const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
    await this.clock.start(roomId, ref.ringId, [who.userId]);
    return this.answer(who, ref, (call) => acceptRing(call, ref.ringId, who.userId, who.sessionId));
  }

  decline(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answer(who, ref, (call) => declineRing(call, ref.ringId, who.userId));
  }

  /** The caller is asked to hold on, and has longer to do so. */
  hold(who: Principal, ref: RingRefDto): Promise<RingDto> {
    return this.answer(
      who,
      ref,
      (call) => holdRing(call, ref.ringId, who.userId),
      (roomId) => this.clock.extend(roomId, ref.ringId, who.userId),
    );
  }

  /** In turn with the start: giving up at once must not come before it. */
  async cancel(who: Principal, socket: ServerSocket, { ringId, userId, ...ref }: RingCancelDto): Promise<void> {
    await this.turns.whileConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, ref.roomId, 'room:read');
      await this.seats.take(roomId, (live) => {
        if (!live) throw new AppError('ring_not_found');
        return { step: cancelRing(live.call, ringId, who.userId, userId?.toLowerCase()) };
      });
    });
  }

  private async ring(who: Principal, { id = randomUUID(), userIds, ...ref }: RingStartDto): Promise<RingDto[]> {
    const member = await this.rooms.requireMember(who, ref.roomId, 'call:ring');
    const { roomId, door, name: roomName } = member;
    const before = (await this.calls.read(roomId))?.call;
    if (!before?.seats.some((seat) => seat.userId === who.userId)) throw new AppError('not_in_call');
    const named = userIds?.map((userId) => userId.toLowerCase());
    const callees = await this.callees.find(member, before, named);
    // Saying again that somebody is to be rung does not give the ring more time.
    const rung = callees.filter(({ userId }) => !isRung(before, id, userId)).map(({ userId }) => userId);
    await this.clock.start(roomId, id, rung);
    const taken = await this.seats.take(roomId, (live) => {
      if (!live) throw new AppError('not_in_call');
      return { step: ringAll(live.call, { id, caller: who, door }, callees), roomName };
    });
    const { state, changes } = taken ?? { state: before, changes: [] };
    await this.silenceStrangers(roomId, rung);
    const begun = changes.flatMap((change) => (change.type === 'ring' ? [change.ring] : []));
    await this.journal.noteRings(
      state,
      begun.filter(({ status }) => status === 'ringing'),
    );
    const asked = new Set(callees.map(({ userId }) => userId));
    return shown({ call: state, holders: {}, roomName }, who, (ring) => asked.has(ring.calleeId));
  }

  /** Who was taken out of the room in the meantime had no ring yet that could end with it. */
  private async silenceStrangers(roomId: string, rung: readonly string[]): Promise<void> {
    const members = new Set(await this.rooms.memberIds(roomId));
    for (const userId of rung.filter((id) => !members.has(id))) {
      await this.seats.take(roomId, (live) => live && { step: dropRings(live.call, userId) });
    }
  }

  private async answer(
    who: Principal,
    { roomId: id, ringId }: RingRefDto,
    step: (call: CallState) => CallStep,
    then?: (roomId: string) => Promise<void>,
  ): Promise<RingDto> {
    const { roomId } = await this.rooms.requireMember(who, id, 'room:read');
    let seen: LiveCall | undefined;
    const taken = await this.seats.take(roomId, (live) => {
      if (!live) throw new AppError('ring_not_found');
      seen = live;
      return { step: step(live.call) };
    });
    if (!taken || !seen) throw new AppError('ring_not_found');
    if (taken.changes.length > 0) await then?.(roomId);
    const mine = (ring: RingDto): boolean => ring.id === ringId && ring.calleeId === who.userId;
    const [ring] = shown({ ...seen, call: taken.state }, who, mine);
    if (!ring) throw new AppError('ring_not_found');
    return ring;
  }
}

/** Rings all of them in one step; who has come into the call meanwhile need not be rung. */
function ringAll(
  call: CallState,
  attempt: Pick<RingStart, 'id' | 'caller' | 'door'>,
  callees: readonly Callee[],
): CallStep {
  return callees.reduce<CallStep>(
    (step, { busy, quiet, ...callee }) =>
      andThen(step, (state) => {
        const rung = startRing(state, { ...attempt, callee, busy, quiet });
        return !rung.ok && rung.refusal === 'callee_in_call' ? advance(state, {}, []) : rung;
      }),
    advance(call, {}, []),
  );
}

function shown(live: LiveCall, who: Principal, which: (ring: RingDto) => boolean): RingDto[] {
  const [place, room] = placeOf(live);
  return live.call.rings.map((ring) => ringDto(ringFor(who.userId, ring), place, room)).filter(which);
}
