import { Injectable } from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { type CallChange, type CallState, type CallStep, isOver, type RoomKind } from '@webcall/domain';
import type { Observable } from 'rxjs';
import { AppError } from '../../platform/http/app-error';
import { Live } from '../../platform/live/live';
import type { LiveState } from '../../platform/live/live-state';
import type { RoomCalls } from '../../platform/live/room-calls';

/** A running call, with the id of the socket that holds each seat; a seat whose socket is gone has none. */
export interface LiveCall {
  call: CallState;
  holders: Readonly<Record<string, string>>;
  /** Name of the room, as who rings knew it: those who are rung may not have the room at hand. */
  roomName?: string;
}

/** A change of a call, as replicas tell it to each other. */
export interface CallTold extends CallChangedEvent {
  /** The socket that holds the seat after a change that seats or updates a participant. */
  holder?: string;
  /** The room of a ring. */
  room?: RingRoom;
}

/** What a ring shows of its room. */
export interface RingRoom {
  name: string;
  kind: RoomKind;
}

/** A step that was taken. */
export interface CallTaken {
  state: CallState;
  changes: readonly CallChange[];
}

/** The running calls, one per room at most. Whatever changes one goes through `take`. */
@Injectable()
export class LiveCalls implements RoomCalls {
  private readonly live: LiveState<LiveCall, CallTold>;

  constructor(live: Live) {
    this.live = live.state('calls');
  }

  /** Changes made by any replica, those of a call in the order of its versions. */
  get told(): Observable<CallTold> {
    return this.live.events;
  }

  read(roomId: string): Promise<LiveCall | undefined> {
    return this.live.read(roomId);
  }

  /** @returns the calls that run in the rooms, with what is known beside them */
  async readAll(roomIds: readonly string[]): Promise<LiveCall[]> {
    const calls = await this.live.readMany([...new Set(roomIds)]);
    return calls.filter((live) => live !== undefined);
  }

  /** @returns the calls that run in the rooms */
  async running(roomIds: readonly string[]): Promise<CallState[]> {
    return (await this.readAll(roomIds)).map(({ call }) => call);
  }

  async callSizes(roomIds: readonly string[]): Promise<Map<string, number>> {
    const calls = await this.live.readMany(roomIds);
    return new Map(roomIds.flatMap((roomId, i) => (calls[i] ? [[roomId, calls[i].call.seats.length] as const] : [])));
  }

  async isBarred(roomId: string, userId: string): Promise<boolean> {
    const live = await this.read(roomId);
    return live !== undefined && live.call.barred.some((barred) => barred.userId === userId);
  }

  /**
   * Takes one step in the call of a room, atomically. `step` may be asked more than once, so it only decides. If it
   * decides nothing, nothing changes.
   * @throws AppError when the rules of calls refuse the step
   */
  async take(
    roomId: string,
    step: (live: LiveCall | undefined) => Promise<Decision | undefined> | Decision | undefined,
  ): Promise<CallTaken | undefined> {
    const made = await this.live.update(roomId, async (current) => {
      const decision = await step(current);
      if (!decision) return undefined;
      const taken = decision.step;
      if (!taken.ok) throw new AppError(taken.refusal);
      const { holders = current?.holders ?? {}, roomName = current?.roomName } = decision;
      return { ...changeOf(roomId, taken, holders, roomName), taken };
    });
    return made?.taken;
  }
}

/** What a step comes to, who holds the seats after it, and how the room is called (by default as before). */
export interface Decision {
  step: CallStep;
  holders?: Readonly<Record<string, string>>;
  roomName?: string;
}

function changeOf(
  roomId: string,
  { state, changes }: CallTaken,
  holders: Readonly<Record<string, string>>,
  roomName: string | undefined,
) {
  const seated = new Set(state.seats.map((seat) => seat.id));
  const before = state.version - changes.length;
  return {
    next: isOver(state)
      ? undefined
      : {
          call: state,
          holders: Object.fromEntries(Object.entries(holders).filter(([id]) => seated.has(id))),
          ...(roomName !== undefined && { roomName }),
        },
    events: changes.map((change, i): CallTold => {
      const holder = 'participant' in change ? holders[change.participant.id] : undefined;
      const room = change.type === 'ring' ? { name: roomName ?? '', kind: state.kind } : undefined;
      return { roomId, callId: state.id, version: before + i + 1, change, holder, room };
    }),
  };
}
