import { Injectable, Logger } from '@nestjs/common';
import type { CallChangedEvent } from '@webcall/contracts';
import { type CallChange, type CallState, type CallStep, isCallOver, type RoomKind } from '@webcall/domain';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Observable } from 'rxjs';
import { AppError } from '../../platform/http/app-error';
import { type LiveFormat, UnreadableLiveValue } from '../../platform/live/live-format';
import type { LiveState } from '../../platform/live/live-state';
import { LiveStore } from '../../platform/live/live-store';
import type { RoomCalls } from '../../platform/ports';
import { CALL_METRICS } from '../records/call-metrics';

/** A running call, with the id of the socket that holds each seat; a seat whose socket is gone has none. */
export interface LiveCall {
  call: CallState;
  holders: Readonly<Record<string, string>>;
  /** Name of the room when somebody last rang: a callee's device may not have loaded the room. */
  roomName?: string;
}

/**
 * Replicas of the release before run beside this one during an update: `WRITES_VERSION` is raised in the release after
 * the one that has raised `READS_UP_TO`.
 */
const WRITES_VERSION = 1;
const READS_UP_TO = 1;

const LIVE_CALL_FORMAT: LiveFormat<LiveCall> = {
  writesVersion: WRITES_VERSION,
  readsUpTo: READS_UP_TO,
  encode: (live) => live,
  decode: (stored) => (isLiveCall(stored) ? stored : undefined),
};

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

/** The running calls of some rooms. */
export interface RunningCalls {
  calls: readonly CallState[];
  /** Rooms whose call only a newer release understands: it runs, and nobody may think that it does not. */
  unreadableRoomIds: ReadonlySet<string>;
}

/** The running calls, at most one per room. Every change of a call goes through `compareAndSet`. */
@Injectable()
export class LiveCalls implements RoomCalls {
  private readonly logger = new Logger(LiveCalls.name);
  private readonly live: LiveState<LiveCall, LiveCallEvent>;

  constructor(live: LiveStore, @InjectMetric(CALL_METRICS.unreadable) unreadable: Counter) {
    this.live = live.createLiveState('calls', LIVE_CALL_FORMAT);
    this.live.unreadable.subscribe(({ key, version }) => {
      unreadable.inc();
      this.logger.warn({ key, version, msg: 'a call of a newer release is not understood, and left alone' });
    });
  }

  /** Changes made by any replica, those of a call in the order of its versions. */
  get callEvents(): Observable<LiveCallEvent> {
    return this.live.events;
  }

  /** @throws AppError unavailable, for a call that only a newer release understands */
  loadLiveCall(roomId: string): Promise<LiveCall | undefined> {
    return this.live.readLiveValue(roomId);
  }

  /** @returns the running calls of the rooms that this release understands, with the sockets that hold their seats */
  async loadLiveCalls(roomIds: readonly string[]): Promise<LiveCall[]> {
    const values = await this.live.readLiveValues([...new Set(roomIds)]);
    return values.filter(isReadable);
  }

  /** For those who conclude something from there being no call. */
  async loadRunningCalls(roomIds: readonly string[]): Promise<RunningCalls> {
    const values = await this.live.readLiveValues([...new Set(roomIds)]);
    const unreadable = values.filter((value) => value instanceof UnreadableLiveValue);
    return {
      calls: values.filter(isReadable).map(({ call }) => call),
      unreadableRoomIds: new Set(unreadable.map(({ key }) => key)),
    };
  }

  async countParticipantsByRoom(roomIds: readonly string[]): Promise<Map<string, number>> {
    const calls = await this.loadLiveCalls(roomIds);
    return new Map(calls.map(({ call }) => [call.roomId, call.seats.length]));
  }

  async isBarredFromCall(roomId: string, userId: string): Promise<boolean> {
    const live = await this.loadLiveCall(roomId);
    return live !== undefined && live.call.barred.some((barred) => barred.userId === userId);
  }

  /**
   * Applies one step to the call of a room, atomically. `step` may be called several times, so it must only decide and
   * have no side effects. If it returns nothing, nothing changes.
   * @throws AppError when the rules of calls refuse the step; unavailable, for a call that only a newer release
   * understands
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

function isLiveCall(stored: Partial<LiveCall>): stored is LiveCall {
  const { call, holders } = stored;
  if (typeof call?.id !== 'string' || typeof call.version !== 'number') return false;
  const { seats, rings, rung, knocks, barred, admitted, moved, holds } = call;
  return [seats, rings, rung, knocks, barred, admitted, moved].every(Array.isArray) && !!holds && !!holders;
}

function isReadable(value: LiveCall | UnreadableLiveValue | undefined): value is LiveCall {
  return value !== undefined && !(value instanceof UnreadableLiveValue);
}
