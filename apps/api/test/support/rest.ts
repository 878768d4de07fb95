import {
  type ErrorBody,
  type RestAnswer,
  type RestRequestArguments,
  type RestRoute,
  toHttpRequest,
} from '@webcall/contracts';
import { requireDocumentedRefusal } from './documented-refusals';

/** A response of the server. */
export interface RestResponse<Body = ErrorBody> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** A response of an endpoint: a spec knows from the status whether its body is the answer or a refusal. */
export type RouteResponse<R extends RestRoute> = RestResponse<
  RestAnswer<R> extends void ? ErrorBody : RestAnswer<R> & ErrorBody
>;

/** A REST client like a browser: it keeps the refresh cookie and sends the access token. */
export class RestClient {
  /** Value of the refresh cookie. */
  cookie: string | undefined;

  constructor(
    readonly url: string,
    public token?: string,
  ) {}

  request<R extends RestRoute>(route: R, ...request: RestRequestArguments<R>): Promise<RouteResponse<R>> {
    const { method, url, body } = toHttpRequest(route, ...request);
    return this.send(method, url, body);
  }

  /**
   * Sends anything to any path: input that an endpoint refuses, headers of its own, and what is not in the table of
   * routes. `body` of the response is the parsed JSON, else the text, or undefined.
   */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- specs look into answers of every shape
  ): Promise<RestResponse<any>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(this.cookie && { cookie: `webcall_refresh=${this.cookie}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    this.keepCookie(response.headers);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text;
    const answer = {
      status: response.status,
      body: json ? JSON.parse(text) : text || undefined,
      headers: response.headers,
    };
    await requireDocumentedRefusal(method, response.url, answer);
    return answer;
  }

  private keepCookie(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const value = /^webcall_refresh=([^;]*)/.exec(line)?.[1];
      if (value !== undefined) this.cookie = value || undefined;
    }
  }
}

/** A client that is not signed in. */
export function rest(url: string): RestClient {
  return new RestClient(url);
}
