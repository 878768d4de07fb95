import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { LimitName } from '../throttling/limits';
import { NamedLimitsGuard } from '../throttling/named-limits.guard';
import { commandOfHandler, type DeclaredCommand } from './command';
import type { ServerSocket } from './server-socket';

/** Enforces the limits of a user's commands. Global guards do not reach gateways, so each gateway uses this guard. */
@Injectable()
export class CommandLimitGuard extends NamedLimitsGuard {
  protected override getRequestResponse(context: ExecutionContext): { req: ServerSocket; res: object } {
    return { req: context.switchToWs().getClient<ServerSocket>(), res: {} };
  }

  protected override limitNamesOf(context: ExecutionContext): readonly LimitName[] {
    return requireCommand(context).limits;
  }

  /** Commands with the same limit are counted separately. */
  protected override limitKeyOf(_: LimitName, socket: ServerSocket, context: ExecutionContext): string {
    return `${requireCommand(context).name}:${socket.data.principal.userId}`;
  }
}

function requireCommand(context: ExecutionContext): DeclaredCommand {
  const handler = context.getHandler();
  const command = commandOfHandler(handler);
  if (!command) throw new Error(`${handler.name} is not declared by @Command`);
  return command;
}
