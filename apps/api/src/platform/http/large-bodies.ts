import { json, type RequestHandler } from 'express';
import type { AccessTokens } from '../access/access-tokens';
import { bearerTokenOf } from '../access/access.guard';

/**
 * Reads JSON bodies that are larger than others, of signed-in users alone: the memory of the server would be for
 * anybody to fill otherwise.
 */
export function readLargeBodies(tokens: Pick<AccessTokens, 'verifyAccessToken'>, limit: number): RequestHandler {
  const readBody = json({ limit });
  return (request, response, next) => {
    const token = bearerTokenOf(request);
    // Refused later, with a body of the common size or for its size.
    if (token === undefined) return next();
    tokens.verifyAccessToken(token).then(() => readBody(request, response, next), next);
  };
}
