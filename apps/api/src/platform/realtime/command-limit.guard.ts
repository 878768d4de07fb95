import { type ExecutionContext, Injectable } from '@nestjs/common';
import { type LimitName, socketLimits } from '../throttling/limits';
import { NamedLimitsGuard } from '../throttling/named-limits.guard';
import type { ServerSocket } from './socket';

/** Holds every command of a user to its limit. Global guards do not reach gateways, so each of them has it. */
@Injectable()
export class CommandLimitGuard extends NamedLimitsGuard {
  protected override getRequestResponse(context: ExecutionContext): { req: ServerSocket; res: object } {
    return { req: context.switchToWs().getClient<ServerSocket>(), res: {} };
  }

  protected override namesOf(context: ExecutionContext): readonly LimitName[] {
    return socketLimits(context.switchToWs().getPattern());
  }

  /** What has no limit of its own shares the numbers of one and not the count. */
  protected override keyOf(name: LimitName, socket: ServerSocket, context: ExecutionContext): string {
    const { userId } = socket.data.principal;
    return name === 'socket:any' ? `${context.switchToWs().getPattern()}:${userId}` : userId;
  }
}
