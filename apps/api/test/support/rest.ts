import { requireDocumentedRefusal } from './documented-refusals';

/** A response of the server. `body` is the parsed JSON, or undefined. */
export interface RestAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- specs look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
}

/** A REST client like a browser: it keeps the refresh cookie and sends the access token. */
export class RestClient {
  /** Value of the refresh cookie. */
  cookie: string | undefined;

  constructor(
    readonly url: string,
    public token?: string,
  ) {}

  get = (path: string): Promise<RestAnswer> => this.send('GET', path);
  post = (path: string, body?: unknown): Promise<RestAnswer> => this.send('POST', path, body);
  put = (path: string, body?: unknown): Promise<RestAnswer> => this.send('PUT', path, body);
  patch = (path: string, body?: unknown): Promise<RestAnswer> => this.send('PATCH', path, body);
  delete = (path: string, body?: unknown): Promise<RestAnswer> => this.send('DELETE', path, body);

  /** @param path below /api/v1, or a whole path that begins with `//` without its first slash, such as `//healthz` */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<RestAnswer> {
    const response = await fetch(`${this.url}${path.startsWith('//') ? path.slice(1) : `/api/v1${path}`}`, {
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
