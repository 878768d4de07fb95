import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import type { AppConfig } from '../../config/app-config';
import { createLogOutput, writeToStderr } from './log-output';

/**
 * Creates the module that writes the log as JSON lines. Entries inside a request carry its id. `observeRequests` logs
 * the requests, by route template: paths, headers and bodies are never written.
 */
export function createLoggingModule({ logLevel }: AppConfig): DynamicModule {
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
      createLogOutput(writeToStderr),
    ],
  });
}

/** Keeps the safe properties of an error: drivers attach the query and its parameters, which are personal data. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause !== undefined && { cause: describeError(cause) }) };
}
