import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Ack } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { AppError } from '../http/app-error';
import { refusalOf } from '../http/error-translation';
import { METRICS } from './realtime-metrics';
import type { ServerSocket } from './socket';

/** Answers `{ok: false, error}` to whatever goes wrong. What is not a refusal is logged and told without its reason. */
@Catch()
export class AckFilter implements ExceptionFilter {
  private readonly logger = new Logger(AckFilter.name);

  constructor(@InjectMetric(METRICS.refusals) private readonly refusals: Counter<'command' | 'code'>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const [socket, , ack] = host.getArgs<[ServerSocket, unknown, ((answer: Ack<object>) => void) | undefined]>();
    const command = host.switchToWs().getPattern();
    const refusal = refusalOf(error);
    if (!refusal) {
      this.logger.error({ err: error, command, userId: socket.data.principal.userId, msg: 'a command failed' });
    }
    const { code, message, details } = refusal ?? new AppError('internal_error');
    this.refusals.inc({ command, code });
    ack?.({ ok: false, error: { code, message, ...(details && { details }) } });
  }
}
