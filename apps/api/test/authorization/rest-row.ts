import type { RestAnswer, RestClient } from '../support/rest';
import type { Actor, Outcomes, World } from './world';

/** An endpoint, a call of it that can only fail for lack of rights, and the outcome for each actor. */
export interface RestRow {
  /** Method and path as in the router. */
  readonly route: string;
  readonly call: (client: RestClient, world: World, actor: Actor) => Promise<RestAnswer>;
  readonly outcomes: Outcomes;
}
