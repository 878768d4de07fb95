import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { randomUUID } from 'node:crypto';
import type { AuthenticatedRequest } from '../access/current-user';

/** The facts of an answered request. `route` is a template, never a path, which could contain ids or codes. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly userId: string | undefined;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Whether the client disconnected before the response was complete. */
  readonly aborted: boolean;
}

/** The first middleware of all: gives each request an id, measures it, and reports it once it is answered. */
export function observeRequests(onAnswered: (answered: AnsweredRequest) => void) {
  return (request: AuthenticatedRequest & { id?: unknown }, response: Response, next: NextFunction): void => {
    const start = performance.now();
    const elapsed = (): number => Math.round((performance.now() - start) * 10) / 10;
    const requestId = requestIdFrom(request.headers['x-request-id']);
    request.id = requestId;
    response.setHeader('X-Request-ID', requestId);
    addServerTimingHeader(response, elapsed);
    response.once('close', () => {
      const answered: AnsweredRequest = {
        requestId,
        userId: request.principal?.userId,
        method: request.method,
        route: routeNameOf(request, response),
        status: response.statusCode,
        ms: elapsed(),
        aborted: !response.writableFinished,
      };
      // Not the request's own logger: it would repeat the id, and files and pages have none.
      PinoLogger.root.info({ context: 'Http', ...answered, msg: 'request answered' });
      onAnswered(answered);
    });
    next();
  };
}

/** Sets the name that is logged for a request without a route template, such as a file of the web client. */
export function setRouteName(response: Response, route: string): void {
  response.locals['route'] = route;
}

function routeNameOf(request: Request, response: Response): string {
  const named: unknown = response.locals['route'];
  if (typeof named === 'string') return named;
  const template: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof template === 'string' && !template.includes('*') ? template : '(none)';
}

/** Sets the header when the response head is sent, since the time is not known before. */
function addServerTimingHeader(response: Response, elapsed: () => number): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
  response.writeHead = ((...args: unknown[]) => {
    if (!response.headersSent) response.setHeader('Server-Timing', `app;dur=${elapsed()}`);
    return writeHead(...args);
  }) as typeof response.writeHead;
}

/** Fits every common kind of request id, and allows no characters that could break a log line or a header. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9_.:-]{7,99}$/;

/** @returns the id that came with the request if it is well-formed, else a new one. */
function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}
