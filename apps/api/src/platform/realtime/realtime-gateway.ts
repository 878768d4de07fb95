import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { ClientToServer, CommandName } from '@webcall/contracts';
import type { Principal } from '../access/principal';
import { AckFilter } from './ack.filter';
import { CommandLimitGuard } from './command-limit.guard';
import type { ServerSocket } from './socket';

/** Marks a gateway that has all that it needs; a test looks for it. */
export const REALTIME_GATEWAY = 'realtime:gateway';

/** A gateway. The global pipe checks what is sent to it; this brings what is not the same as over REST. */
export function RealtimeGateway(): ClassDecorator {
  return applyDecorators(
    WebSocketGateway(),
    SetMetadata(REALTIME_GATEWAY, true),
    UseFilters(AckFilter),
    UseGuards(CommandLimitGuard),
  );
}

/** Who sends the command. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToWs().getClient<ServerSocket>().data.principal,
);

/** What a handler of a command has to answer. */
export type Answer<C extends CommandName> = Omit<
  Extract<Parameters<Parameters<ClientToServer[C]>[1]>[0], { ok: true }>,
  'ok'
>;
