import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Limiter } from '../throttling/limiter';
import type { ServerSocket } from './socket';

/** Holds every command to its limit. */
@Injectable()
export class CommandLimitGuard implements CanActivate {
  constructor(private readonly limiter: Limiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const ws = context.switchToWs();
    await this.limiter.takeCommand(ws.getPattern(), ws.getClient<ServerSocket>().data.principal.userId);
    return true;
  }
}
