import { type ExecutionContext, Injectable } from '@nestjs/common';
import { commandLimitsOf, type LimitName } from '../throttling/limits';
import { NamedLimitsGuard } from '../throttling/named-limits.guard';
import type { ServerSocket } from './server-socket';

/** Enforces the limits of a user's commands. Global guards do not reach gateways, so each gateway uses this guard. */
@Injectable()
export class CommandLimitGuard extends NamedLimitsGuard {
  protected override getRequestResponse(context: ExecutionContext): { req: ServerSocket; res: object } {
    return { req: context.switchToWs().getClient<ServerSocket>(), res: {} };
  }

  protected override limitNamesOf(context: ExecutionContext): readonly LimitName[] {
    return commandLimitsOf(context.switchToWs().getPattern());
  }

  /** Commands without a limit of their own share the rate of `socket:any`, but each is counted separately. */
  protected override limitKeyOf(name: LimitName, socket: ServerSocket, context: ExecutionContext): string {
    const { userId } = socket.data.principal;
    return name === 'socket:any' ? `${context.switchToWs().getPattern()}:${userId}` : userId;
  }
}
