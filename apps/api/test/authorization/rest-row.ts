import type { RestAnswer, RestClient } from '../support/rest';
import type { Actor, Outcomes, World } from './world';

/** An endpoint, how to call it so that only the right to do so can be missing, and what comes of it for each actor. */
export interface RestRow {
  /** As the router knows it. */
  readonly route: string;
  readonly call: (client: RestClient, world: World, actor: Actor) => Promise<RestAnswer>;
  readonly outcomes: Outcomes;
}
