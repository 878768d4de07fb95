import type {
  ClientToServerCommands,
  ErrorCode,
  ServerToClientEvents,
  SocketCommandName,
  SocketEventName,
} from '@webcall/contracts';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { CommandResult } from '../../platform/realtime/command';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import type { MemorySocket } from '../../platform/realtime/testing/memory-sockets';
import type { KnocksService } from '../knocks/knocks.service';
import type { ModerationService } from '../moderation/moderation.service';
import type { RingsService } from '../rings/rings.service';
import type { CallsService } from '../session/calls.service';
import type { SignalsService } from '../signals/signals.service';

/** The services that answer the commands of devices. */
interface Services {
  calls: CallsService;
  rings: RingsService;
  knocks: KnocksService;
  moderation: ModerationService;
  signals: SignalsService;
}

type Feature = 'room:open' | 'ice:get' | 'signal:send' | `${'call' | 'knock' | 'ring'}:${string}`;

/** The commands that the calls module answers, except link reports, which are only counted. */
type CallCommand = Exclude<Extract<SocketCommandName, Feature>, 'call:report'>;

type Payload<C extends CallCommand> = Parameters<ClientToServerCommands[C]>[0];
type Handlers = {
  [C in CallCommand]: (who: Principal, socket: ServerSocket, body: Payload<C>) => Promise<CommandResult<C> | void>;
};

/** Command handlers that do what the gateways do, without a connection. */
export function commandHandlersOf({ calls, rings, knocks, moderation, signals }: Services): Handlers {
  return {
    'room:open': (who, _, { roomId }) => calls.loadRoomWithCall(who, roomId),
    'call:get': async (who, _, { roomId }) => ({ call: await calls.loadCallForMember(who, roomId) }),
    'call:join': (who, socket, body) => calls.joinRoomCall(who, socket, body),
    'call:resume': (who, socket, body) => calls.resumeRoomCall(who, socket, body),
    'call:leave': (_, socket) => calls.leaveRoomCall(socket),
    'call:update': async (_, socket, body) => ({ version: await calls.updateOwnMedia(socket, body) }),
    'ice:get': (who, socket) => calls.issueIceServers(who, socket),
    'signal:send': (_, socket, body) => signals.relaySignal(socket, body),
    'call:hold': async (who, _, body) => ({ version: await moderation.holdParticipantMedia(who, body) }),
    'call:allow': async (who, _, body) => ({ version: await moderation.allowParticipantMedia(who, body) }),
    'call:remove': async (who, _, body) => ({ version: await moderation.removeParticipant(who, body) }),
    'call:readmit': async (who, _, body) => ({ version: await moderation.readmitRemovedUser(who, body) }),
    'call:end': (who, _, body) => moderation.endCallForEverybody(who, body),
    'call:hand': async (who, socket, body) => ({ version: await moderation.setHandRaised(who, socket, body) }),
    'call:react': (_, socket, body) => moderation.broadcastReaction(socket, body),
    'knock:start': (who, socket, { roomId }) => knocks.startKnocking(who, socket, roomId),
    'knock:cancel': (who, socket, { roomId }) => knocks.cancelOwnKnock(who, socket, roomId),
    'knock:answer': async (who, _, body) => ({ version: await moderation.admitOrRefuseKnock(who, body) }),
    'ring:start': async (who, socket, body) => ({ rings: await rings.startRinging(who, socket, body) }),
    'ring:list': async (who) => ({ rings: await rings.listRingsOfUser(who) }),
    'ring:reach': (who, socket, body) => rings.registerRingingDevice(who, socket, body),
    'ring:accept': async (who, _, body) => ({ ring: await rings.acceptIncomingRing(who, body) }),
    'ring:decline': async (who, _, body) => ({ ring: await rings.declineIncomingRing(who, body) }),
    'ring:hold': async (who, _, body) => ({ ring: await rings.holdIncomingRing(who, body) }),
    'ring:cancel': (who, socket, body) => rings.cancelOutgoingRing(who, socket, body),
  };
}

/** Sends one command and waits until everything that follows from it is done. */
type CommandSender = (socket: MemorySocket, command: CallCommand, payload: object) => Promise<unknown>;

type Event<E extends SocketEventName> = Parameters<ServerToClientEvents[E]>[0];

/** The client end of a socket: sends commands, and has the events that were sent to it. */
export class Device {
  constructor(
    readonly socket: MemorySocket,
    private readonly command: CommandSender,
    private readonly settled: () => Promise<void>,
  ) {}

  /** @returns the answer of a command that must not be refused */
  async requestCommand<C extends CallCommand>(command: C, payload: Payload<C>): Promise<CommandResult<C>> {
    return (await this.command(this.socket, command, payload)) as CommandResult<C>;
  }

  /** @returns the error code of a command that must be refused */
  async requestRefusalCode<C extends CallCommand>(command: C, payload: Payload<C>): Promise<ErrorCode> {
    return (await this.requestRefusal(command, payload)).code;
  }

  async requestRefusal<C extends CallCommand>(command: C, payload: Payload<C>): Promise<AppError> {
    const outcome = await this.command(this.socket, command, payload).catch((error: unknown) => error);
    if (outcome instanceof AppError) return outcome;
    throw outcome instanceof Error ? outcome : new Error(`${command} was not refused`);
  }

  /** @returns the payloads of all events with this name so far */
  receivedEvents<E extends SocketEventName>(name: E): Event<E>[] {
    return this.socket.sentEvents.filter(({ event }) => event === name).map(({ payload }) => payload as Event<E>);
  }

  /** @returns the changes of calls that were sent to the device */
  receivedCallChanges(): Event<'call:changed'>['change'][] {
    return this.receivedEvents('call:changed').map(({ change }) => change);
  }

  /** @returns the last state of the callee's ring that was sent to the device */
  lastReceivedRing(calleeId: string): Event<'ring:changed'>['ring'] | undefined {
    return this.receivedEvents('ring:changed').findLast(({ ring }) => ring.calleeId === calleeId)?.ring;
  }

  /** Cuts the connection; the server notices it at once. */
  async cutConnection(): Promise<void> {
    this.socket.onClosed(false);
    await this.settled();
  }

  /** Ends the device's session, so that the server closes the socket. */
  async endDeviceSession(): Promise<void> {
    this.socket.onClosed(true);
    await this.settled();
  }
}
