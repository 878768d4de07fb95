import { SubscribeMessage } from '@nestjs/websockets';
import type { ClientToServerCommands, SocketCommandName } from '@webcall/contracts';
import type { Principal } from '../access/principal';
import { MethodNotes } from '../method-notes';
import type { CommandLimitName } from '../throttling/limits';
import type { ServerSocket } from './server-socket';

/** The payload of a command. */
type CommandPayload<C extends SocketCommandName> = Parameters<ClientToServerCommands[C]>[0];

/** What a command is answered with if it succeeds. */
export type CommandResult<C extends SocketCommandName> = Omit<
  Extract<Parameters<Parameters<ClientToServerCommands[C]>[1]>[0], { ok: true }>,
  'ok'
>;

/** A handler may return nothing only if the contract promises nothing. */
type HandlerResult<C extends SocketCommandName> =
  CommandResult<C> | (object extends CommandResult<C> ? void : CommandResult<C>);

/** The handlers that fit a command. What they take is given to them by the decorators of their parameters. */
type CommandHandler<C extends SocketCommandName, R = HandlerResult<C>> =
  | ((who: Principal, socket: ServerSocket, payload: CommandPayload<C>) => R | Promise<R>)
  | ((who: Principal, payload: CommandPayload<C>) => R | Promise<R>)
  | ((socket: ServerSocket, payload: CommandPayload<C>) => R | Promise<R>);

/** How a command is run. */
interface CommandRules {
  /**
   * True for commands about the user's own seat, knocks and rings, whose outcome depends on the ones before: they get
   * their place in the queue of their socket, and their service waits for its turn (`SocketCommandQueue`).
   */
  ordered?: boolean;
  /** How often a user may send it; every command is counted by itself. */
  limit?: CommandLimitName;
}

/** What `@Command` notes at a handler. */
export interface DeclaredCommand {
  readonly name: SocketCommandName;
  readonly ordered: boolean;
  readonly limits: readonly [CommandLimitName];
}

/** The notes of `@Command`. */
export const commandNotes = new MethodNotes<DeclaredCommand>();

/**
 * Makes a method of a gateway the handler of a command. This is the only place that says how the command is run; the
 * contract says what it carries, and does not compile with a handler that takes or answers something else.
 */
export function Command<C extends SocketCommandName>(
  name: C,
  { ordered = false, limit = 'socket:any' }: CommandRules = {},
) {
  return <H extends CommandHandler<C>>(gateway: object, key: string, method: TypedPropertyDescriptor<H>): void => {
    SubscribeMessage(name)(gateway, key, method);
    commandNotes.addNote(gateway, key, { name, ordered, limits: [limit] });
  };
}

/** @returns the command that a method handles, if it handles one */
export function commandOfHandler(method: object): DeclaredCommand | undefined {
  return commandNotes.listNotes(method)[0];
}
