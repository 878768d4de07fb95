import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { LimitBudgets } from '../throttling/limit-budgets';
import type { MaybePromise } from '../throttling/limit-storage';
import { commandOfHandler, type DeclaredCommand } from './command';
import type { ServerSocket } from './server-socket';

/** Enforces the limits of a user's commands. Global guards do not reach gateways, so each gateway uses this guard. */
@Injectable()
export class CommandLimitGuard implements CanActivate {
  constructor(private readonly budgets: LimitBudgets) {}

  /**
   * Commands with the same limit are counted separately.
   * @throws AppError too_many_requests
   */
  canActivate(context: ExecutionContext): MaybePromise<boolean> {
    const { name: command, limits } = requireCommand(context);
    const key = `${command}:${context.switchToWs().getClient<ServerSocket>().data.principal.userId}`;
    const spent = this.budgets.spendBudget(1, ...limits.map((limit) => [limit, key] as const));
    return spent?.then(() => true) ?? true;
  }
}

function requireCommand(context: ExecutionContext): DeclaredCommand {
  const handler = context.getHandler();
  const command = commandOfHandler(handler);
  if (!command) throw new Error(`${handler.name} is not declared by @Command`);
  return command;
}
