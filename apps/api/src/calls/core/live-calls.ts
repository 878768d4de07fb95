import { Injectable } from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { type CallChange, type CallState, type CallStep, isCallOver, type RoomKind } from '@webcall/domain';
import type { Observable } from 'rxjs';
import { AppError } from '../../platform/http/app-error';
import type { LiveState } from '../../platform/live/live-state';
import { LiveStore } from '../../platform/live/live-store';
import type { RoomCalls } from '../../platform/ports';

/** A running call, with the id of the socket that holds each seat; a seat whose socket is gone has none. */
export interface LiveCall {
  call: CallState;
  holders: Readonly<Record<string, string>>;
  /** Name of the room when somebody last rang: a callee's device may not have loaded the room. */
  roomName?: string;
}

/** A change of a call, as replicas publish it to each other. */
export interface LiveCallEvent extends CallChangedEvent {
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

/** A step that was applied to a call. */
export interface AppliedCallStep {
  state: CallState;
  changes: readonly CallChange[];
}

/** The running calls, at most one per room. Every change of a call goes through `compareAndSet`. */
@Injectable()
export class LiveCalls implements RoomCalls {
  private readonly live: LiveState<LiveCall, LiveCallEvent>;

  constructor(live: LiveStore) {
    this.live = live.createLiveState('calls');
  }

  /** Changes made by any replica, those of a call in the order of its versions. */
  get callEvents(): Observable<LiveCallEvent> {
    return this.live.events;
  }

  loadLiveCall(roomId: string): Promise<LiveCall | undefined> {
    return this.live.readLiveValue(roomId);
  }

  /** @returns the running calls of the rooms, with the sockets that hold their seats */
  async loadLiveCalls(roomIds: readonly string[]): Promise<LiveCall[]> {
    const calls = await this.live.readLiveValues([...new Set(roomIds)]);
    return calls.filter((live) => live !== undefined);
  }

  /** @returns the running calls of the rooms */
  async loadCallStates(roomIds: readonly string[]): Promise<CallState[]> {
    return (await this.loadLiveCalls(roomIds)).map(({ call }) => call);
  }

  async countParticipantsByRoom(roomIds: readonly string[]): Promise<Map<string, number>> {
    const calls = await this.live.readLiveValues(roomIds);
    return new Map(roomIds.flatMap((roomId, i) => (calls[i] ? [[roomId, calls[i].call.seats.length] as const] : [])));
  }

  async isBarredFromCall(roomId: string, userId: string): Promise<boolean> {
    const live = await this.loadLiveCall(roomId);
    return live !== undefined && live.call.barred.some((barred) => barred.userId === userId);
  }

  /**
   * Applies one step to the call of a room, atomically. `step` may be called several times, so it must only decide and
   * have no side effects. If it returns nothing, nothing changes.
   * @throws AppError when the rules of calls refuse the step
   */
  async compareAndSet(
    roomId: string,
    step: (live: LiveCall | undefined) => Promise<CallStepDecision | undefined> | CallStepDecision | undefined,
  ): Promise<AppliedCallStep | undefined> {
    const made = await this.live.updateAtomically(roomId, async (current) => {
      const decision = await step(current);
      if (!decision) return undefined;
      const applied = decision.step;
      if (!applied.ok) throw new AppError(applied.refusal);
      const { holders = current?.holders ?? {}, roomName = current?.roomName } = decision;
      return { ...buildLiveUpdate(roomId, applied, holders, roomName), applied };
    });
    return made?.applied;
  }
}

/** The step to apply, with the holders of the seats and the room's name after it, which by default stay as they are. */
export interface CallStepDecision {
  step: CallStep;
  holders?: Readonly<Record<string, string>>;
  roomName?: string;
}

function buildLiveUpdate(
  roomId: string,
  { state, changes }: AppliedCallStep,
  holders: Readonly<Record<string, string>>,
  roomName: string | undefined,
) {
  const seated = new Set(state.seats.map((seat) => seat.id));
  const before = state.version - changes.length;
  return {
    next: isCallOver(state)
      ? undefined
      : {
          call: state,
          holders: Object.fromEntries(Object.entries(holders).filter(([id]) => seated.has(id))),
          ...(roomName !== undefined && { roomName }),
        },
    events: changes.map((change, i): LiveCallEvent => {
      const holder = 'participant' in change ? holders[change.participant.id] : undefined;
      const room = change.type === 'ring' ? { name: roomName ?? '', kind: state.kind } : undefined;
      return { roomId, callId: state.id, version: before + i + 1, change, holder, room };
    }),
  };
}
