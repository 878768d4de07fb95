import type { ErrorBody, ErrorCode } from '@webcall/contracts';

export interface SeenRequest {
  method: string;
  url: string;
  authorization: string | undefined;
  body: unknown;
}

type Answer = [status: number, body?: unknown];

/** An answer that never comes. */
const SILENCE = Symbol('silence');
const BROKEN = Symbol('broken');

/** The server's error in its envelope. */
export function refusal(code: ErrorCode, details?: Record<string, unknown>): ErrorBody {
  return { error: { code, message: code, ...(details && { details }) } };
}

/** Stands in for `fetch`: answers in turn or by a rule, and remembers what was asked. */
export class FakeFetch {
  readonly requests: SeenRequest[] = [];
  private readonly original = globalThis.fetch;
  private readonly answers: (Answer | Error | typeof SILENCE)[] = [];
  private rule: ((request: SeenRequest) => Answer) | null = null;

  constructor() {
    globalThis.fetch = (url, init) =>
      this.take(typeof url === 'string' ? url : 'href' in url ? url.href : url.url, init);
  }

  answer(...answer: Answer): void {
    this.answers.push(answer);
  }

  fail(error: Error): void {
    this.answers.push(error);
  }

  /** Answers the next request, and is cut off in the middle. */
  breakOff(status: number): void {
    this.answers.push([status, BROKEN]);
  }

  /** Leaves the next request without an answer. */
  hang(): void {
    this.answers.push(SILENCE);
  }

  route(rule: (request: SeenRequest) => Answer): void {
    this.rule = rule;
  }

  restore(): void {
    globalThis.fetch = this.original;
  }

  private async take(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = init.headers as Record<string, string> | undefined;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { method: init.method ?? 'GET', url, authorization: headers?.['Authorization'], body };
    this.requests.push(request);
    const answer = this.rule ? this.rule(request) : this.answers.shift();
    if (!answer) throw new Error(`No answer for ${request.method} ${url}`);
    if (answer instanceof Error) throw answer;
    if (answer === SILENCE) {
      return new Promise((_, reject) => {
        const { signal } = init;
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
    }
    const [status, content] = answer;
    const html = typeof content === 'string' && content.startsWith('<');
    const text = async (): Promise<string> => {
      if (content === BROKEN) throw new TypeError('network error');
      return html ? content : JSON.stringify(content ?? null);
    };
    return { status, ok: status < 400, text } as Response;
  }
}
