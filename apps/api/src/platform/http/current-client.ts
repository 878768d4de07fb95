import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { deviceNameOf } from '../access/device-name';
import { addressKeyOf } from '../throttling/address-key';

/** The client that sent a request. */
export interface RequestClient {
  /** The key under which limits count its address. */
  readonly address: string;
  /** The name of the device in the list of sessions. */
  readonly device: string;
  /** Aborted when the client has disconnected and no longer waits for the response. */
  readonly gone: AbortSignal;
  /** When the request arrived, by `performance.now()`. */
  readonly since: number;
}

/** Parameter decorator: the client that sent the request. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): RequestClient => {
  const http = context.switchToHttp();
  const request = http.getRequest<Request>();
  const response = http.getResponse<Response>();
  const disconnect = new AbortController();
  if (response.closed) disconnect.abort();
  else response.once('close', () => disconnect.abort());
  return {
    address: addressKeyOf(request.ip),
    device: deviceNameOf(request.get('user-agent')),
    gone: disconnect.signal,
    since: performance.now(),
  };
});
