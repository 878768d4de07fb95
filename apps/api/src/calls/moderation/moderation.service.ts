import { Injectable } from '@nestjs/common';
import type {
  CallAllowDto,
  CallHandDto,
  CallHoldDto,
  CallReactDto,
  CallReadmitDto,
  CallRemoveDto,
  KnockAnswerDto,
  RoomRefDto,
} from '@webcall/contracts';
import {
  allowMedia,
  answerKnock,
  type CallState,
  type CallStep,
  changeRaisedHand,
  endCallByModerator,
  holdMedia,
  lowerHandOf,
  type Moderator,
  readmitBarredUser,
  removeFromCall,
  selectSeatsToAsk,
} from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { Realtime } from '../../platform/realtime/realtime';
import { type ServerSocket, socketRoomName } from '../../platform/realtime/server-socket';
import { RoomsService } from '../../rooms/rooms.service';
import { CallTransitions } from '../core/call-transitions';
import { LiveCalls } from '../core/live-calls';
import { LocalSeats } from '../core/local-seats';

/** A call after a moderator's step was applied. */
interface ModeratedCall {
  call: CallState;
  actor: Moderator;
  /** Name of the moderator. */
  by: string;
}

/** Applies what moderators do in calls, and the raised hands and reactions of participants. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly local: LocalSeats,
    private readonly realtime: Realtime,
  ) {}

  async holdParticipantMedia(who: Principal, { roomId, kinds, participantId }: CallHoldDto): Promise<number> {
    const { call } = await this.applyModeratorStep(who, roomId, (c, actor) =>
      holdMedia(c, actor, kinds, participantId),
    );
    return call.version;
  }

  async allowParticipantMedia(who: Principal, { roomId, kinds, participantId, ask }: CallAllowDto): Promise<number> {
    const allowStep = (c: CallState, moderator: Moderator): CallStep => allowMedia(c, moderator, kinds, participantId);
    const { call, actor, by } = await this.applyModeratorStep(who, roomId, allowStep);
    for (const { id, media } of ask ? selectSeatsToAsk(call, actor, kinds, participantId) : []) {
      const request = { roomId: call.roomId, by, kinds: kinds.filter((kind) => !media[kind]) };
      this.realtime.socketServer.to(socketRoomName.participant(id)).emit('call:asked', request);
    }
    return call.version;
  }

  async removeParticipant(who: Principal, { roomId, participantId }: CallRemoveDto): Promise<number> {
    const { call } = await this.applyModeratorStep(who, roomId, (c, actor) => removeFromCall(c, actor, participantId));
    return call.version;
  }

  async readmitRemovedUser(who: Principal, { roomId, userId }: CallReadmitDto): Promise<number> {
    const { call } = await this.applyModeratorStep(who, roomId, (c, actor) =>
      readmitBarredUser(c, actor, userId.toLowerCase()),
    );
    return call.version;
  }

  async endCallForEverybody(who: Principal, { roomId }: RoomRefDto): Promise<void> {
    await this.applyModeratorStep(who, roomId, endCallByModerator);
  }

  async admitOrRefuseKnock(who: Principal, { roomId, admit, knockId }: KnockAnswerDto): Promise<number> {
    const { call } = await this.applyModeratorStep(who, roomId, (c, actor) => answerKnock(c, actor, admit, knockId));
    return call.version;
  }

  /** Participants raise and lower their own hand; a moderator can only lower somebody else's. */
  async setHandRaised(who: Principal, socket: ServerSocket, { raised, participantId }: CallHandDto): Promise<number> {
    const seat = this.local.requireSeatOfSocket(socket);
    if (participantId !== undefined && participantId !== seat.participantId) {
      if (raised) throw new AppError('forbidden');
      const { call } = await this.applyModeratorStep(who, seat.roomId, (c, actor) =>
        lowerHandOf(c, actor, participantId),
      );
      return call.version;
    }
    const applied = await this.transitions.applyTransition(seat.roomId, (live) => {
      if (live?.holders[seat.participantId] !== socket.id) throw new AppError('not_in_call');
      return { step: changeRaisedHand(live.call, seat.participantId, raised) };
    });
    return applied?.state.version ?? 0;
  }

  /** Sends the reaction to everybody in the call, including its sender. */
  async broadcastReaction(socket: ServerSocket, { reaction }: CallReactDto): Promise<void> {
    const { roomId, participantId } = this.local.requireSeatOfSocket(socket);
    const live = await this.calls.loadLiveCall(roomId);
    if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
    const participants = live.call.seats.map(({ id }) => socketRoomName.participant(id));
    this.realtime.socketServer.to(participants).emit('call:reacted', { roomId, participantId, reaction });
  }

  /** Applies a step of a user who may moderate the room now; the rules of calls check everything else. */
  private async applyModeratorStep(
    who: Principal,
    room: string,
    step: (call: CallState, actor: Moderator) => CallStep,
  ): Promise<ModeratedCall> {
    const { roomId, userId, userName: by, role } = await this.rooms.requireMember(who, room, 'call:moderate');
    const actor: Moderator = { userId, role };
    const applied = await this.transitions.applyTransition(roomId, (live) => {
      if (!live) throw new AppError('call_not_running');
      return { step: step(live.call, actor) };
    });
    if (!applied) throw new Error('a step was decided and not taken');
    return { call: applied.state, actor, by };
  }
}
