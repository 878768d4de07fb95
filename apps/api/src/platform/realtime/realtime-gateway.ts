import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { Principal } from '../access/principal';
import { AckFilter } from './ack.filter';
import { CommandLimitGuard } from './command-limit.guard';
import type { ServerSocket } from './server-socket';

/** Metadata of gateways with this decorator: commands are refused at boot in any other class. */
export const REALTIME_GATEWAY = 'realtime:gateway';

/** Declares a gateway, with its filter and guard. Input is validated by the global pipe, as over REST. */
export function RealtimeGateway(): ClassDecorator {
  return applyDecorators(
    WebSocketGateway(),
    SetMetadata(REALTIME_GATEWAY, true),
    UseFilters(AckFilter),
    UseGuards(CommandLimitGuard),
  );
}

/** Parameter decorator: the user who sent the command. */
export const CommandPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToWs().getClient<ServerSocket>().data.principal,
);
