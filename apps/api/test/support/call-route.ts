import type { ErrorCode, RestAnswer, RestRequestArguments, RestRoute } from '@webcall/contracts';
import type { RestClient } from './rest';

/** A refusal of an endpoint. */
class RouteRefusal extends Error {
  constructor(readonly code: ErrorCode) {
    super(code);
  }
}

/** @returns a function that calls an endpoint as that client, and throws what it refuses */
export function routeCaller(client: RestClient) {
  return async <R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): Promise<RestAnswer<R>> => {
    const { status, body } = await client.request(route, ...request);
    if (status >= 300) throw new RouteRefusal(body.error.code);
    return body as RestAnswer<R>;
  };
}
