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
  holdMedia,
  lowerHand,
  type Moderator,
  raiseHand,
  readmit,
  removeFromCall,
  stopCall,
  whomToAsk,
} from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoom, type ServerSocket } from '../../platform/realtime/socket';
import { RoomsService } from '../../rooms/rooms.service';
import { LiveCalls } from '../core/live-calls';
import { LocalSeats } from '../core/local-seats';
import { Seats } from '../core/seats';

/** A step of a moderator that was taken. */
interface Moderated {
  call: CallState;
  actor: Moderator;
  /** What the moderator is called. */
  by: string;
}

/** What moderators do in calls, and the signs that participants give. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly local: LocalSeats,
    private readonly realtime: Realtime,
  ) {}

  async hold(who: Principal, { roomId, kinds, participantId }: CallHoldDto): Promise<number> {
    const { call } = await this.moderate(who, roomId, (c, actor) => holdMedia(c, actor, kinds, participantId));
    return call.version;
  }

  async allow(who: Principal, { roomId, kinds, participantId, ask }: CallAllowDto): Promise<number> {
    const allow = (c: CallState, moderator: Moderator): CallStep => allowMedia(c, moderator, kinds, participantId);
    const { call, actor, by } = await this.moderate(who, roomId, allow);
    for (const { id, media } of ask ? whomToAsk(call, actor, kinds, participantId) : []) {
      const asked = { roomId: call.roomId, by, kinds: kinds.filter((kind) => !media[kind]) };
      this.realtime.server.to(socketRoom.participant(id)).emit('call:asked', asked);
    }
    return call.version;
  }

  async remove(who: Principal, { roomId, participantId }: CallRemoveDto): Promise<number> {
    const { call } = await this.moderate(who, roomId, (c, actor) => removeFromCall(c, actor, participantId));
    return call.version;
  }

  async readmit(who: Principal, { roomId, userId }: CallReadmitDto): Promise<number> {
    const { call } = await this.moderate(who, roomId, (c, actor) => readmit(c, actor, userId.toLowerCase()));
    return call.version;
  }

  async end(who: Principal, { roomId }: RoomRefDto): Promise<void> {
    await this.moderate(who, roomId, stopCall);
  }

  async answerKnock(who: Principal, { roomId, admit, knockId }: KnockAnswerDto): Promise<number> {
    const { call } = await this.moderate(who, roomId, (c, actor) => answerKnock(c, actor, admit, knockId));
    return call.version;
  }

  /** One's own hand goes up and down; somebody else's is only taken down, by a moderator. */
  async hand(who: Principal, socket: ServerSocket, { raised, participantId }: CallHandDto): Promise<number> {
    const seat = this.local.require(socket);
    if (participantId !== undefined && participantId !== seat.participantId) {
      if (raised) throw new AppError('forbidden');
      const { call } = await this.moderate(who, seat.roomId, (c, actor) => lowerHand(c, actor, participantId));
      return call.version;
    }
    const taken = await this.seats.take(seat.roomId, (live) => {
      if (live?.holders[seat.participantId] !== socket.id) throw new AppError('not_in_call');
      return { step: raiseHand(live.call, seat.participantId, raised) };
    });
    return taken?.state.version ?? 0;
  }

  /** Everybody in the call sees it, the one who gives it as well. */
  async react(socket: ServerSocket, { reaction }: CallReactDto): Promise<void> {
    const { roomId, participantId } = this.local.require(socket);
    const live = await this.calls.read(roomId);
    if (live?.holders[participantId] !== socket.id) throw new AppError('not_in_call');
    const participants = live.call.seats.map(({ id }) => socketRoom.participant(id));
    this.realtime.server.to(participants).emit('call:reacted', { roomId, participantId, reaction });
  }

  /** Whether somebody may is judged by their role in the room at this moment; the rules know the rest. */
  private async moderate(
    who: Principal,
    room: string,
    step: (call: CallState, actor: Moderator) => CallStep,
  ): Promise<Moderated> {
    const { roomId, userId, userName: by, role } = await this.rooms.requireMember(who, room, 'call:moderate');
    const actor: Moderator = { userId, role };
    const taken = await this.seats.take(roomId, (live) => {
      if (!live) throw new AppError('call_not_running');
      return { step: step(live.call, actor) };
    });
    if (!taken) throw new Error('a step was decided and not taken');
    return { call: taken.state, actor, by };
  }
}
