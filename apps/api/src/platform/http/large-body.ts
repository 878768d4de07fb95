import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { PROTOCOL_LIMITS, REST_BASE_PATH, type RestRoute } from '@webcall/contracts';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { AuthenticatedRequest } from '../access/current-user';
import { tooManyRequestsError } from './app-error';

/** Endpoints with bodies of up to `PROTOCOL_LIMITS.body.large`. The handler of each has `@LargeBody()`. */
const LARGE_BODY_ROUTES: readonly RestRoute[] = [
  'POST /rooms/:roomId/groups/:groupId/commits',
  'POST /rooms/:roomId/key-requests/:userId/:deviceId/answers',
  'PUT /devices/list',
  'PUT /devices/pairings/:pairingId/approval',
  'POST /vaults/:identity/entries',
  'POST /vaults/:identity/wraps',
];

/** How many large bodies of one user are read at once, and when to come again with one more. */
const MOST_LARGE_BODIES_AT_ONCE = 4;
const SHORT_WAIT_MS = 1000;

const LARGE_BODY_PATHS = LARGE_BODY_ROUTES.map((route) => {
  const [method, path] = route.split(' ') as [string, string];
  return { method, pattern: new RegExp(`^${REST_BASE_PATH}${path.replace(/:\w+/g, '[^/]+')}$`) };
});

/** Reads the bodies of requests, except those that may be large. */
export function readSmallBodies(): RequestHandler {
  const readBody = express.json({ limit: PROTOCOL_LIMITS.body.max });
  return (request, response, next) => {
    if (mayHaveLargeBody(request)) next();
    else readBody(request, response, next);
  };
}

function mayHaveLargeBody({ method, path }: Request): boolean {
  return LARGE_BODY_PATHS.some((known) => known.method === method && known.pattern.test(path));
}

/**
 * Reads a large body once the guards have let its sender in, and few of one user at a time: else anybody could fill the
 * memory of the server with bodies that never end.
 */
@Injectable()
class LargeBodyReader implements NestInterceptor {
  private readonly parseBody = express.json({ limit: PROTOCOL_LIMITS.body.large });
  private readonly readingByUser = new Map<string, number>();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<AuthenticatedRequest>(), http.getResponse<Response>()];
    const userId = request.principal?.userId ?? '';
    const reading = this.readingByUser.get(userId) ?? 0;
    if (reading >= MOST_LARGE_BODIES_AT_ONCE) throw tooManyRequestsError(SHORT_WAIT_MS);
    this.readingByUser.set(userId, reading + 1);
    try {
      await this.readBody(request, response);
    } finally {
      this.noteEnd(userId);
    }
    return next.handle();
  }

  private readBody(request: Request, response: Response): Promise<void> {
    return new Promise((resolve, reject) => {
      this.parseBody(request, response, (error?: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  }

  private noteEnd(userId: string): void {
    const left = (this.readingByUser.get(userId) ?? 0) - 1;
    if (left > 0) this.readingByUser.set(userId, left);
    else this.readingByUser.delete(userId);
  }
}

/** Lets a handler of `LARGE_BODY_ROUTES` take a large body. */
export const LargeBody = (): MethodDecorator => UseInterceptors(LargeBodyReader);
