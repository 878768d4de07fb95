import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type {
  CallDto,
  CallJoinDto,
  CallJoinedDto,
  CallResumeDto,
  CallUpdateDto,
  IceServers,
  RoomOpenedDto,
} from '@webcall/contracts';
import {
  type CallState,
  type CallStep,
  changeMemberInCall,
  disconnectSeat,
  joinCall,
  leaveCall,
  type LeaveReason,
  resumeSeat,
  startCall,
  updateSeat,
  without,
} from '@webcall/domain';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/socket';
import { Turns } from '../../platform/realtime/turns';
import { RoomsService } from '../../rooms/rooms.service';
import { callDto, hashOf, mediaOf, newResumeKey, newSeat } from '../core/call-views';
import { iceFor } from './ice-servers';
import { type LiveCall, LiveCalls } from '../core/live-calls';
import { type LocalSeat, LocalSeats } from '../core/local-seats';
import { Seats } from '../core/seats';

/** What devices do in calls. */
@Injectable()
export class CallsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly local: LocalSeats,
    private readonly turns: Turns,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Where a room stands now. */
  async open(who: Principal, roomId: string): Promise<RoomOpenedDto> {
    const room = await this.rooms.roomFor(who, roomId);
    const live = await this.calls.read(room.id);
    return { room, call: live ? callDto(live.call, who.userId) : null };
  }

  async get(who: Principal, id: string): Promise<CallDto | null> {
    const { roomId } = await this.rooms.requireMember(who, id, 'room:read');
    const live = await this.calls.read(roomId);
    return live ? callDto(live.call, who.userId) : null;
  }

  /** Takes a new seat, and starts the call if there is none. */
  async join(who: Principal, socket: ServerSocket, { media, takeOver, ...ref }: CallJoinDto): Promise<CallJoinedDto> {
    return this.turns.whileConnected(socket, async () => {
      const member = await this.rooms.requireMember(who, ref.roomId, 'call:join');
      const { roomId } = member;
      const former = this.local.of(socket);
      const elsewhere = former && former.roomId !== roomId ? former : undefined;
      if (elsewhere && !takeOver) throw new AppError('already_in_call', { roomId: elsewhere.roomId });
      const resumeKey = newResumeKey();
      const seat = newSeat(who, member, media, resumeKey);
      const place: LocalSeat = { roomId, participantId: seat.id, socket };
      await this.hold(place);
      try {
        const taken = await this.seats.take(roomId, (live) => {
          const call = live?.call ?? startCall(randomUUID(), { id: roomId, kind: member.kind }, Date.now());
          // A socket that asks again, because the answer was lost, need not say that it takes over from itself.
          const own = former !== undefined && live?.holders[former.participantId] === socket.id;
          const step = joinCall(call, seat, { takeOver: takeOver === true || own, door: member.door });
          return { step, holders: { ...live?.holders, [seat.id]: socket.id } };
        });
        // Who was taken out of the room, or got another role or name, in the meantime had no seat yet that could follow.
        const { role, userName: name } = await this.rooms.requireMember(who, roomId, 'call:join');
        const changed =
          (role !== member.role || name !== member.userName) &&
          (await this.seats.take(
            roomId,
            (live) => live && { step: changeMemberInCall(live.call, who.userId, { role, name }) },
          ));
        // Not before the new seat is sure: whoever is refused stays where they are.
        if (elsewhere) {
          await this.giveUp(elsewhere, 'moved');
          this.drop(elsewhere);
        }
        return this.joined(who, (changed || taken)?.state, seat.id, resumeKey);
      } catch (error) {
        await this.restore(former);
        // Not as one who hangs up, which in a direct room would end the call for the other one too.
        await this.free(place, 'lost');
        throw error;
      }
    });
  }

  /** Takes the same seat again. */
  async resume(who: Principal, socket: ServerSocket, dto: CallResumeDto): Promise<CallJoinedDto> {
    const { participantId, resumeKey } = dto;
    return this.turns.whileConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, dto.roomId, 'call:join');
      const former = this.local.of(socket);
      if (former && former.participantId !== participantId) throw new AppError('already_in_call');
      const decide = (live: LiveCall | undefined) => resumeStep(live, who, dto);
      // Before the lease is touched: a wrong key must not keep alive, nor end, what belongs to somebody else.
      refuseUnlessOk(decide(await this.calls.read(roomId)));
      const place: LocalSeat = former ?? { roomId, participantId, socket };
      await this.hold(place);
      try {
        const taken = await this.seats.take(roomId, (live) => ({
          step: decide(live),
          holders: { ...live?.holders, [participantId]: socket.id },
        }));
        return this.joined(who, taken?.state, participantId, resumeKey);
      } catch (error) {
        if (!former) this.drop(place);
        throw error;
      }
    });
  }

  /** The servers with new credentials, for a call that outlasts those it began with: for whoever still has their seat in it. */
  async ice(who: Principal, socket: ServerSocket): Promise<IceServers> {
    return this.turns.whileConnected(socket, async () => {
      const { roomId, participantId } = this.local.require(socket);
      await this.rooms.requireMember(who, roomId, 'call:join');
      // A seat that was freed elsewhere a moment ago may not have been told here yet.
      const live = await this.calls.read(roomId);
      if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
      return iceFor(who.userId, this.config);
    });
  }

  async leave(socket: ServerSocket): Promise<void> {
    await this.turns.whileConnected(socket, () => this.free(this.local.require(socket), 'left'));
  }

  /** Tells the others what the participant sends now. */
  async update(socket: ServerSocket, { media }: CallUpdateDto): Promise<number> {
    return this.turns.whileConnected(socket, async () => {
      const { roomId, participantId } = this.local.require(socket);
      const taken = await this.seats.take(roomId, (live) => {
        if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
        return { step: updateSeat(live.call, participantId, mediaOf(media)) };
      });
      return taken?.state.version ?? 0;
    });
  }

  /** The seat stays for its lease, and the others see at once that its socket is gone. It goes if the session is over. */
  async disconnected(socket: ServerSocket, over: boolean): Promise<void> {
    await this.turns.afterAll(socket, async () => {
      const seat = this.local.of(socket);
      if (!seat) return;
      if (over) return this.free(seat, 'removed');
      const { roomId, participantId } = seat;
      if (this.local.detach(seat)) await this.seats.abandon(roomId, participantId);
      await this.seats.take(roomId, (live) => {
        if (live?.holders[participantId] !== socket.id) return undefined;
        const { [participantId]: _, ...holders } = live.holders;
        return { step: disconnectSeat(live.call, participantId), holders };
      });
    });
  }

  /** The lease comes before the seat: a seat without one would never be freed. */
  private async hold(seat: LocalSeat): Promise<void> {
    await this.seats.hold(seat.roomId, seat.participantId);
    await this.local.attach(seat);
  }

  /** Another seat could not be taken: the socket holds the one that it had, unless it has been told that it is gone. */
  private async restore(former: LocalSeat | undefined): Promise<void> {
    if (former && this.local.find(former.participantId).includes(former)) await this.local.attach(former);
  }

  private drop(seat: LocalSeat): void {
    if (this.local.detach(seat)) this.seats.forget(seat.roomId, seat.participantId);
  }

  private async free(seat: LocalSeat, reason: LeaveReason): Promise<void> {
    this.drop(seat);
    await this.giveUp(seat, reason);
  }

  private async giveUp({ roomId, participantId, socket }: LocalSeat, reason: LeaveReason): Promise<void> {
    await this.seats.take(roomId, (live) =>
      live?.holders[participantId] === socket.id ? { step: leaveCall(live.call, participantId, reason) } : undefined,
    );
  }

  private joined(who: Principal, call: CallState | undefined, participantId: string, resumeKey: string): CallJoinedDto {
    if (!call) throw new Error('a seat was taken in no call');
    const dto = callDto(call, who.userId);
    const self = dto.participants.find(({ id }) => id === participantId);
    if (!self) throw new Error('a seat was taken and is not there');
    const participants = dto.participants.filter((other) => other !== self);
    return { ...dto, participants, self, participantId, resumeKey, ...iceFor(who.userId, this.config) };
  }
}

/** A seat is its device's: neither its key nor its session alone is enough. */
function resumeStep(live: LiveCall | undefined, who: Principal, dto: CallResumeDto): CallStep {
  const seat = live?.call.seats.find(({ id }) => id === dto.participantId);
  if (!live || !seat) return { ok: false, refusal: 'participant_not_found' };
  if (seat.sessionId !== who.sessionId) return { ok: false, refusal: 'resume_key_wrong' };
  const resumed = resumeSeat(live.call, seat.id, hashOf(dto.resumeKey), dto.fresh === true);
  if (!resumed.ok || !dto.media) return resumed;
  // What was held in the meantime stays off: that is no reason to lose the seat.
  const media = without({ ...seat.media, ...mediaOf(dto.media) }, seat.held);
  const updated = updateSeat(resumed.state, seat.id, media);
  return updated.ok ? { ...updated, changes: [...resumed.changes, ...updated.changes] } : updated;
}

function refuseUnlessOk(step: CallStep): void {
  if (!step.ok) throw new AppError(step.refusal);
}
