import type { RestRequest, RestRequestArguments, RestRoute } from '@webcall/contracts';
import type { RestClient, RestResponse } from '../support/rest';
import type { Actor, Outcomes, World } from './world';

/** Endpoints outside the REST API, for those who run the server. */
type ProbeRoute = 'GET /healthz' | 'GET /readyz' | 'GET /metrics';

/** An endpoint, a call of it that can only fail for lack of rights, and the outcome for each actor. */
export interface RestRow {
  readonly route: RestRoute | ProbeRoute;
  readonly call: (client: RestClient, world: World, actor: Actor) => Promise<RestResponse>;
  readonly outcomes: Outcomes;
}

/** Does what has to happen before the request, and returns the request. */
type Prepare<R extends RestRoute> = (world: World, actor: Actor) => RestRequest<R> | Promise<RestRequest<R>>;

type PrepareArguments<R extends RestRoute> =
  Record<never, never> extends RestRequest<R> ? [prepare?: Prepare<R>] : [prepare: Prepare<R>];

export function restRow<R extends RestRoute>(route: R, outcomes: Outcomes, ...[prepare]: PrepareArguments<R>): RestRow {
  const call: RestRow['call'] = async (client, world, actor) =>
    client.request(route, ...([await prepare?.(world, actor)] as RestRequestArguments<R>));
  return { route, outcomes, call };
}

export function probeRow(route: ProbeRoute, outcomes: Outcomes): RestRow {
  const [method, path] = route.split(' ') as [string, string];
  return { route, outcomes, call: (client) => client.send(method, path) };
}
