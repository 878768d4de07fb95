import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SOCKET_COMMANDS } from '@webcall/contracts';
import { LIMITS_BY_NAME } from '../throttling/limits';
import { commandNotes, type DeclaredCommand } from './command';
import { REALTIME_GATEWAY } from './realtime-gateway';

/** A command with the class and the name of the method that handles it. */
interface HandledCommand extends DeclaredCommand {
  readonly gateway: Type;
  readonly method: string;
}

/** The commands of this server, as `@Command` declares them at their handlers. */
@Injectable()
export class SocketCommands implements OnModuleInit {
  private ordered: ReadonlySet<string> = new Set();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error if handlers and contract do not match */
  onModuleInit(): void {
    const providers = this.discovery.getProviders().map(({ instance }) => instance as object | null | undefined);
    const types = new Set(providers.flatMap((provider) => provider?.constructor ?? []));
    const commands = [...types].flatMap((type) => commandsOfGateway(type as Type));
    const mistakes = findCommandMistakes(commands);
    if (mistakes.length > 0) throw new Error(['The socket commands are wrong:', ...mistakes].join('\n- '));
    this.ordered = new Set(commands.filter(({ ordered }) => ordered).map(({ name }) => name));
  }

  isOrderedCommand(name: string): boolean {
    return this.ordered.has(name);
  }
}

/** @returns the commands that the methods of a class handle */
export function commandsOfGateway(gateway: Type): HandledCommand[] {
  return commandNotes
    .listNotedMethods(gateway.prototype as object)
    .map(({ note, method }) => ({ ...note, gateway, method }));
}

/** @returns what is wrong, one sentence each */
function findCommandMistakes(commands: readonly HandledCommand[]): string[] {
  const known = new Set<string>(SOCKET_COMMANDS);
  return [
    ...commands.flatMap(({ name, limits: [limit], gateway, method }) => {
      const handler = `${gateway.name}.${method}`;
      return [
        ...(known.has(name) ? [] : [`${handler} handles ${name}, which is not in the contract.`]),
        ...(Object.hasOwn(LIMITS_BY_NAME, limit) ? [] : [`${handler} has the limit ${limit}, which does not exist.`]),
        ...(Reflect.hasMetadata(REALTIME_GATEWAY, gateway) ? [] : [`${gateway.name} is not a @RealtimeGateway.`]),
      ];
    }),
    ...SOCKET_COMMANDS.flatMap((name) => {
      const handlers = commands.filter((command) => command.name === name);
      return handlers.length === 1 ? [] : [`${name} has ${handlers.length} handlers instead of one.`];
    }),
  ];
}
