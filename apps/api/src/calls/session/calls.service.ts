import { Inject, Injectable } from '@nestjs/common';
import type {
  CallDto,
  CallJoinDto,
  CallJoinedDto,
  CallResumeDto,
  CallUpdateDto,
  IceServerList,
  RoomOpenedDto,
} from '@webcall/contracts';
import {
  applyMemberChange,
  type CallState,
  type CallStep,
  createCall,
  joinCall,
  leaveCall,
  type LeaveReason,
  markSeatDisconnected,
  resumeSeat,
  updateSeatMedia,
  withoutMediaKinds,
} from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { SocketCommandQueue } from '../../platform/realtime/socket-command-queue';
import { RoomsService } from '../../rooms/rooms.service';
import { CallTransitions } from '../core/call-transitions';
import { createResumeKey, createSeat, hashResumeKey, mediaChangesOf, toCallDto } from '../core/call-views';
import { type LiveCall, LiveCalls } from '../core/live-calls';
import { type LocalSeat, LocalSeats } from '../core/local-seats';
import { buildIceServers } from './ice-servers';

/** Lets devices join, resume, update and leave calls. */
@Injectable()
export class CallsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly local: LocalSeats,
    private readonly turns: SocketCommandQueue,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Loads the current state of a room and its call. */
  async loadRoomWithCall(who: Principal, roomId: string): Promise<RoomOpenedDto> {
    const room = await this.rooms.loadRoomForMember(who, roomId);
    const live = await this.calls.loadLiveCall(room.id);
    return { room, call: live ? toCallDto(live.call, who.userId) : null };
  }

  async loadCallForMember(who: Principal, id: string): Promise<CallDto | null> {
    const { roomId } = await this.rooms.requireMember(who, id, 'room:read');
    const live = await this.calls.loadLiveCall(roomId);
    return live ? toCallDto(live.call, who.userId) : null;
  }

  /** Takes a new seat, and starts the call if there is none. */
  async joinRoomCall(
    who: Principal,
    socket: ServerSocket,
    { media, takeOver, ...ref }: CallJoinDto,
  ): Promise<CallJoinedDto> {
    return this.turns.runInTurnIfConnected(socket, async () => {
      const member = await this.rooms.requireMember(who, ref.roomId, 'call:join');
      const { roomId } = member;
      const former = this.local.findSeatOfSocket(socket);
      const otherSeat = former && former.roomId !== roomId ? former : undefined;
      if (otherSeat && !takeOver) throw new AppError('already_in_call', { roomId: otherSeat.roomId });
      const resumeKey = createResumeKey();
      const seat = createSeat(who, member, media, resumeKey);
      const localSeat: LocalSeat = { roomId, participantId: seat.id, socket };
      await this.claimLocalSeat(localSeat);
      try {
        const applied = await this.transitions.applyTransition(roomId, (live) => {
          const call = live?.call ?? createCall(randomUUID(), { id: roomId, kind: member.kind }, Date.now());
          // A socket that joins again because the answer was lost need not ask to take over from itself.
          const own = former !== undefined && live?.holders[former.participantId] === socket.id;
          const step = joinCall(call, seat, { takeOver: takeOver === true || own, door: member.door });
          return { step, holders: { ...live?.holders, [seat.id]: socket.id } };
        });
        // If the member was removed or got another role or name meanwhile, there was no seat to apply it to yet.
        const { role, userName: name } = await this.rooms.requireMember(who, roomId, 'call:join');
        const changed =
          (role !== member.role || name !== member.userName) &&
          (await this.transitions.applyTransition(
            roomId,
            (live) => live && { step: applyMemberChange(live.call, who.userId, { role, name }) },
          ));
        // Only once the new seat is certain: a participant who is refused stays in the other call.
        if (otherSeat) {
          await this.leaveCallIfHolder(otherSeat, 'moved');
          this.dropLocalSeat(otherSeat);
        }
        return this.buildJoinedDto(who, (changed || applied)?.state, seat.id, resumeKey);
      } catch (error) {
        await this.restoreFormerSeat(former);
        // Not as 'left': hanging up in a direct room would end the call for the other user too.
        await this.vacateLocalSeat(localSeat, 'lost');
        throw error;
      }
    });
  }

  /** Takes the device's seat again, with a new socket or the same one. */
  async resumeRoomCall(who: Principal, socket: ServerSocket, dto: CallResumeDto): Promise<CallJoinedDto> {
    const { participantId, resumeKey } = dto;
    return this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, dto.roomId, 'call:join');
      const former = this.local.findSeatOfSocket(socket);
      if (former && former.participantId !== participantId) throw new AppError('already_in_call');
      const decide = (live: LiveCall | undefined) => decideSeatResume(live, who, dto);
      // Checked before the lease is touched: a wrong key must neither prolong nor end somebody else's seat.
      throwIfRefused(decide(await this.calls.loadLiveCall(roomId)));
      const localSeat: LocalSeat = former ?? { roomId, participantId, socket };
      await this.claimLocalSeat(localSeat);
      try {
        const applied = await this.transitions.applyTransition(roomId, (live) => ({
          step: decide(live),
          holders: { ...live?.holders, [participantId]: socket.id },
        }));
        return this.buildJoinedDto(who, applied?.state, participantId, resumeKey);
      } catch (error) {
        if (!former) this.dropLocalSeat(localSeat);
        throw error;
      }
    });
  }

  /** Issues new ICE credentials to a participant whose call outlasts the first ones. */
  async issueIceServers(who: Principal, socket: ServerSocket): Promise<IceServerList> {
    return this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId, participantId } = this.local.requireSeatOfSocket(socket);
      await this.rooms.requireMember(who, roomId, 'call:join');
      // The event that another replica has just freed the seat may not have arrived here yet.
      const live = await this.calls.loadLiveCall(roomId);
      if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
      return buildIceServers(who.userId, this.config);
    });
  }

  async leaveRoomCall(socket: ServerSocket): Promise<void> {
    await this.turns.runInTurnIfConnected(socket, () =>
      this.vacateLocalSeat(this.local.requireSeatOfSocket(socket), 'left'),
    );
  }

  /** Updates the media that the participant sends. */
  async updateOwnMedia(socket: ServerSocket, { media }: CallUpdateDto): Promise<number> {
    return this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId, participantId } = this.local.requireSeatOfSocket(socket);
      const applied = await this.transitions.applyTransition(roomId, (live) => {
        if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
        return { step: updateSeatMedia(live.call, participantId, mediaChangesOf(media)) };
      });
      return applied?.state.version ?? 0;
    });
  }

  /**
   * Frees the seat if the session is over; else it is kept for its lease, and the others see that its socket is lost.
   */
  async handleSeatDisconnect(socket: ServerSocket, sessionOver: boolean): Promise<void> {
    await this.turns.runAfterCommands(socket, async () => {
      const seat = this.local.findSeatOfSocket(socket);
      if (!seat) return;
      if (sessionOver) return this.vacateLocalSeat(seat, 'removed');
      const { roomId, participantId } = seat;
      if (this.local.detachSeatSocket(seat)) await this.transitions.abandonSeatLease(roomId, participantId);
      await this.transitions.applyTransition(roomId, (live) => {
        if (live?.holders[participantId] !== socket.id) return undefined;
        const { [participantId]: _, ...holders } = live.holders;
        return { step: markSeatDisconnected(live.call, participantId), holders };
      });
    });
  }

  /** The lease comes before the seat: a seat without a lease would never be freed. */
  private async claimLocalSeat(seat: LocalSeat): Promise<void> {
    await this.transitions.holdSeatLease(seat.roomId, seat.participantId);
    await this.local.attachSeatSocket(seat);
  }

  /** After a failed join: the socket holds its former seat again, unless that has been detached meanwhile. */
  private async restoreFormerSeat(former: LocalSeat | undefined): Promise<void> {
    if (former && this.local.findSeatsOfParticipant(former.participantId).includes(former))
      await this.local.attachSeatSocket(former);
  }

  private dropLocalSeat(seat: LocalSeat): void {
    if (this.local.detachSeatSocket(seat)) this.transitions.forgetSeatLease(seat.roomId, seat.participantId);
  }

  private async vacateLocalSeat(seat: LocalSeat, reason: LeaveReason): Promise<void> {
    this.dropLocalSeat(seat);
    await this.leaveCallIfHolder(seat, reason);
  }

  private async leaveCallIfHolder({ roomId, participantId, socket }: LocalSeat, reason: LeaveReason): Promise<void> {
    await this.transitions.applyTransition(roomId, (live) =>
      live?.holders[participantId] === socket.id ? { step: leaveCall(live.call, participantId, reason) } : undefined,
    );
  }

  private buildJoinedDto(
    who: Principal,
    call: CallState | undefined,
    participantId: string,
    resumeKey: string,
  ): CallJoinedDto {
    if (!call) throw new Error('a seat was taken in no call');
    const dto = toCallDto(call, who.userId);
    const self = dto.participants.find(({ id }) => id === participantId);
    if (!self) throw new Error('a seat was taken and is not there');
    const participants = dto.participants.filter((other) => other !== self);
    return { ...dto, participants, self, participantId, resumeKey, ...buildIceServers(who.userId, this.config) };
  }
}

/** A seat belongs to one device, so resuming it needs both the session and the resume key. */
function decideSeatResume(live: LiveCall | undefined, who: Principal, dto: CallResumeDto): CallStep {
  const seat = live?.call.seats.find(({ id }) => id === dto.participantId);
  if (!live || !seat) return { ok: false, refusal: 'participant_not_found' };
  if (seat.sessionId !== who.sessionId) return { ok: false, refusal: 'resume_key_wrong' };
  const resumed = resumeSeat(live.call, seat.id, hashResumeKey(dto.resumeKey), dto.fresh === true);
  if (!resumed.ok || !dto.media) return resumed;
  // Media that a moderator has held meanwhile stay off; the device keeps its seat all the same.
  const media = withoutMediaKinds({ ...seat.media, ...mediaChangesOf(dto.media) }, seat.held);
  const updated = updateSeatMedia(resumed.state, seat.id, media);
  return updated.ok ? { ...updated, changes: [...resumed.changes, ...updated.changes] } : updated;
}

function throwIfRefused(step: CallStep): void {
  if (!step.ok) throw new AppError(step.refusal);
}
