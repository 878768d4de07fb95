import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { CommandAck } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { AppError } from '../http/app-error';
import { toAppError } from '../http/error-translation';
import { REALTIME_METRIC_NAMES } from './realtime-metrics';
import type { ServerSocket } from './server-socket';

/** Answers failed commands with `{ok: false, error}`. Unexpected errors are logged, and their cause is not sent. */
@Catch()
export class AckFilter implements ExceptionFilter {
  private readonly logger = new Logger(AckFilter.name);

  constructor(@InjectMetric(REALTIME_METRIC_NAMES.refusals) private readonly refusals: Counter<'command' | 'code'>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const [socket, , ack] = host.getArgs<[ServerSocket, unknown, ((answer: CommandAck<object>) => void) | undefined]>();
    const command = host.switchToWs().getPattern();
    const refusal = toAppError(error);
    if (!refusal) {
      this.logger.error({ err: error, command, userId: socket.data.principal.userId, msg: 'a command failed' });
    }
    const { code, message, details } = refusal ?? new AppError('internal_error');
    this.refusals.inc({ command, code });
    ack?.({ ok: false, error: { code, message, ...(details && { details }) } });
  }
}
