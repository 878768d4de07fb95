import { Injectable } from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { type CallChange, type CallState, type CallStep, isOver } from '@webcall/domain';
import type { Observable } from 'rxjs';
import { AppError } from '../platform/http/app-error';
import type { CallSizes } from '../platform/live/call-sizes';
import { Live } from '../platform/live/live';
import type { LiveState } from '../platform/live/live-state';

/** A running call, with the id of the socket that holds each seat; a seat whose socket is gone has none. */
export interface LiveCall {
  call: CallState;
  holders: Readonly<Record<string, string>>;
}

/** A change of a call, as replicas tell it to each other. */
export interface CallTold extends CallChangedEvent {
  /** The socket that holds the seat after a change that seats or updates a participant. */
  holder?: string;
}

/** A step that was taken. */
export interface CallTaken {
  state: CallState;
  changes: readonly CallChange[];
}

/** The running calls, one per room at most. Whatever changes one goes through `take`. */
@Injectable()
export class LiveCalls implements CallSizes {
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

  /** @returns the calls that run in the rooms */
  async running(roomIds: readonly string[]): Promise<CallState[]> {
    const calls = await this.live.readMany([...new Set(roomIds)]);
    return calls.flatMap((live) => (live ? [live.call] : []));
  }

  async callSizes(roomIds: readonly string[]): Promise<Map<string, number>> {
    const calls = await this.live.readMany(roomIds);
    return new Map(roomIds.flatMap((roomId, i) => (calls[i] ? [[roomId, calls[i].call.seats.length] as const] : [])));
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
      return { ...changeOf(roomId, taken, decision.holders ?? current?.holders ?? {}), taken };
    });
    return made?.taken;
  }
}

/** What a step comes to, and who holds the seats after it (by default who did before). */
export interface Decision {
  step: CallStep;
  holders?: Readonly<Record<string, string>>;
}

function changeOf(roomId: string, { state, changes }: CallTaken, holders: Readonly<Record<string, string>>) {
  const seated = new Set(state.seats.map((seat) => seat.id));
  const before = state.version - changes.length;
  return {
    next: isOver(state)
      ? undefined
      : { call: state, holders: Object.fromEntries(Object.entries(holders).filter(([id]) => seated.has(id))) },
    events: changes.map((change, i): CallTold => {
      const holder = 'participant' in change ? holders[change.participant.id] : undefined;
      return { roomId, callId: state.id, version: before + i + 1, change, holder };
    }),
  };
}
