import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import type { AuthenticatedRequest } from '../access/current-user';
import { requestIdFrom } from './request-id';

/** What is known of a request when it has been answered. `route` is a template: never a path with ids or codes in it. */
export interface Answered {
  readonly requestId: string;
  readonly userId: string | undefined;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** The client went away before the answer was complete. */
  readonly aborted: boolean;
}

/** The very first to see a request: gives it an id, measures it, and tells when it has been answered. */
export function observeRequests(onAnswered: (answered: Answered) => void) {
  return (request: AuthenticatedRequest & { id?: unknown }, response: Response, next: NextFunction): void => {
    const start = performance.now();
    const elapsed = (): number => Math.round((performance.now() - start) * 10) / 10;
    const requestId = requestIdFrom(request.headers['x-request-id']);
    request.id = requestId;
    response.setHeader('X-Request-ID', requestId);
    timeHeader(response, elapsed);
    response.once('close', () => {
      const answered: Answered = {
        requestId,
        userId: request.principal?.userId,
        method: request.method,
        route: routeOf(request, response),
        status: response.statusCode,
        ms: elapsed(),
        aborted: !response.writableFinished,
      };
      // Not the logger of the request: that one would repeat the id, and there is none for files and pages.
      PinoLogger.root.info({ context: 'Http', ...answered }, 'answered');
      onAnswered(answered);
    });
    next();
  };
}

/** Names what answers a request that no route template stands for, such as a file of the web client. */
export function nameRoute(response: Response, route: string): void {
  response.locals['route'] = route;
}

function routeOf(request: Request, response: Response): string {
  const named: unknown = response.locals['route'];
  if (typeof named === 'string') return named;
  const template: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof template === 'string' && !template.includes('*') ? template : '(none)';
}

/** The time is known only when the head of the answer goes out, so that is when the header is set. */
function timeHeader(response: Response, elapsed: () => number): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
  response.writeHead = ((...args: unknown[]) => {
    if (!response.headersSent) response.setHeader('Server-Timing', `app;dur=${elapsed()}`);
    return writeHead(...args);
  }) as typeof response.writeHead;
}
