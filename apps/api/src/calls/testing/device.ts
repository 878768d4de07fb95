import type { ClientToServer, CommandName, ErrorCode, EventName, ServerToClient } from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { Answer } from '../../platform/realtime/realtime-gateway';
import type { ServerSocket } from '../../platform/realtime/socket';
import type { MemorySocket } from '../../platform/realtime/testing/memory-sockets';
import type { CallsService } from '../session/calls.service';
import type { KnocksService } from '../knocks/knocks.service';
import type { ModerationService } from '../moderation/moderation.service';
import type { RingsService } from '../rings/rings.service';
import type { SignalsService } from '../signals/signals.service';

/** Who answers what devices ask. */
interface Services {
  calls: CallsService;
  rings: RingsService;
  knocks: KnocksService;
  moderation: ModerationService;
  signals: SignalsService;
}

type Feature = 'room:open' | 'ice:get' | 'signal:send' | `${'call' | 'knock' | 'ring'}:${string}`;

/** The commands that calls answer; reports of links are no more than counted. */
type CallCommand = Exclude<Extract<CommandName, Feature>, 'call:report'>;

type Payload<C extends CallCommand> = Parameters<ClientToServer[C]>[0];
type Handlers = {
  [C in CallCommand]: (who: Principal, socket: ServerSocket, body: Payload<C>) => Promise<Answer<C> | void>;
};

/** What the gateways do, without the wire. */
export function handlersOf({ calls, rings, knocks, moderation, signals }: Services): Handlers {
  return {
    'room:open': (who, _, { roomId }) => calls.open(who, roomId),
    'call:get': async (who, _, { roomId }) => ({ call: await calls.get(who, roomId) }),
    'call:join': (who, socket, body) => calls.join(who, socket, body),
    'call:resume': (who, socket, body) => calls.resume(who, socket, body),
    'call:leave': (_, socket) => calls.leave(socket),
    'call:update': async (_, socket, body) => ({ version: await calls.update(socket, body) }),
    'ice:get': (who, socket) => calls.ice(who, socket),
    'signal:send': (_, socket, body) => signals.send(socket, body),
    'call:hold': async (who, _, body) => ({ version: await moderation.hold(who, body) }),
    'call:allow': async (who, _, body) => ({ version: await moderation.allow(who, body) }),
    'call:remove': async (who, _, body) => ({ version: await moderation.remove(who, body) }),
    'call:readmit': async (who, _, body) => ({ version: await moderation.readmit(who, body) }),
    'call:end': (who, _, body) => moderation.end(who, body),
    'call:hand': async (who, socket, body) => ({ version: await moderation.hand(who, socket, body) }),
    'call:react': (_, socket, body) => moderation.react(socket, body),
    'knock:start': (who, socket, { roomId }) => knocks.start(who, socket, roomId),
    'knock:cancel': (who, socket, { roomId }) => knocks.cancel(who, socket, roomId),
    'knock:answer': async (who, _, body) => ({ version: await moderation.answerKnock(who, body) }),
    'ring:start': async (who, socket, body) => ({ rings: await rings.start(who, socket, body) }),
    'ring:list': async (who) => ({ rings: await rings.list(who) }),
    'ring:reach': (who, socket, body) => rings.reach(who, socket, body),
    'ring:accept': async (who, _, body) => ({ ring: await rings.accept(who, body) }),
    'ring:decline': async (who, _, body) => ({ ring: await rings.decline(who, body) }),
    'ring:hold': async (who, _, body) => ({ ring: await rings.hold(who, body) }),
    'ring:cancel': (who, socket, body) => rings.cancel(who, socket, body),
  };
}

/** Asks one command and waits until all that follows from it is done. */
type Ask = (socket: MemorySocket, command: CallCommand, payload: object) => Promise<unknown>;

type Event<E extends EventName> = Parameters<ServerToClient[E]>[0];

/** A client's end of a socket: what it asks, and what it was told. */
export class Device {
  constructor(
    readonly socket: MemorySocket,
    private readonly command: Ask,
    private readonly settled: () => Promise<void>,
  ) {}

  /** The answer of a command that is not to be refused. */
  async ask<C extends CallCommand>(command: C, payload: Payload<C>): Promise<Answer<C>> {
    return (await this.command(this.socket, command, payload)) as Answer<C>;
  }

  /** The refusal of a command that is not to be answered. */
  async refusal<C extends CallCommand>(command: C, payload: Payload<C>): Promise<ErrorCode> {
    return (await this.refused(command, payload)).code;
  }

  async refused<C extends CallCommand>(command: C, payload: Payload<C>): Promise<AppError> {
    const outcome = await this.command(this.socket, command, payload).catch((error: unknown) => error);
    if (outcome instanceof AppError) return outcome;
    throw outcome instanceof Error ? outcome : new Error(`${command} was not refused`);
  }

  /** All events of that name so far. */
  events<E extends EventName>(name: E): Event<E>[] {
    return this.socket.told.filter(({ event }) => event === name).map(({ payload }) => payload as Event<E>);
  }

  /** What became of the call, as it was told. */
  changes(): Event<'call:changed'>['change'][] {
    return this.events('call:changed').map(({ change }) => change);
  }

  /** The last state of a ring for somebody that it was told. */
  ring(calleeId: string): Event<'ring:changed'>['ring'] | undefined {
    return this.events('ring:changed').findLast(({ ring }) => ring.calleeId === calleeId)?.ring;
  }

  /** The line goes dead, and the server notices. */
  async cut(): Promise<void> {
    this.socket.onClosed(false);
    await this.settled();
  }

  /** Its session is over, so the server closes it. */
  async end(): Promise<void> {
    this.socket.onClosed(true);
    await this.settled();
  }
}
