import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { deviceName } from '../access/device-name';
import { addressKey } from '../throttling/address-key';

/** Where a request comes from. */
export interface Client {
  /** Under which key its address is counted. */
  readonly address: string;
  /** What a list of sessions calls it. */
  readonly device: string;
  /** Aborted when the client has gone away: nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  /** When the request came, by `performance.now()`. */
  readonly since: number;
}

/** Where the request comes from. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): Client => {
  const http = context.switchToHttp();
  const request = http.getRequest<Request>();
  const response = http.getResponse<Response>();
  const leaving = new AbortController();
  if (response.closed) leaving.abort();
  else response.once('close', () => leaving.abort());
  return {
    address: addressKey(request.ip),
    device: deviceName(request.get('user-agent')),
    gone: leaving.signal,
    since: performance.now(),
  };
});
