import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import type { AppConfig } from '../../config/app-config';
import { complain, logOutput } from './log-output';

/**
 * JSON lines. What is logged inside a request carries its id. Requests themselves are logged by `observeRequests`, with
 * their route template: nothing of a path, a header or a body is ever written.
 */
export function loggingModule({ logLevel }: AppConfig): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: [
      {
        level: logLevel,
        base: undefined,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { err: describeError },
        wrapSerializers: false,
        autoLogging: false,
        quietReqLogger: true,
        customAttributeKeys: { reqId: 'requestId' },
        genReqId: (request) => request.id,
      },
      logOutput(complain),
    ],
  });
}

/** What is safe to write of an error: drivers hang the query and its parameters, which are people's data, on theirs. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause !== undefined && { cause: describeError(cause) }) };
}
