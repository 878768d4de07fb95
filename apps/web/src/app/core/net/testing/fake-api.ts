import type { RestAnswer, RestRequest, RestRoute } from '@webcall/contracts';

type Answer<R extends RestRoute> = (request: RestRequest<R>) => RestAnswer<R> | Promise<RestAnswer<R>>;

/** Replaces ApiClient in tests: the test answers requests. */
export class FakeApi {
  private readonly answers = new Map<RestRoute, (request: never) => unknown>();
  /** The requests that were sent, in order. */
  readonly sent: { route: RestRoute; request: unknown }[] = [];

  answerRequest<R extends RestRoute>(route: R, answer: Answer<R>): void {
    this.answers.set(route, answer);
  }

  requestsTo<R extends RestRoute>(route: R): RestRequest<R>[] {
    return this.sent.filter((s) => s.route === route).map((s) => s.request as RestRequest<R>);
  }

  async sendRequest(route: RestRoute, request: unknown = {}): Promise<unknown> {
    this.sent.push({ route, request });
    return this.answers.get(route)?.(request as never);
  }
}
