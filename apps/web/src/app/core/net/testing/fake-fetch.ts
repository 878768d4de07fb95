import type { ErrorBody, ErrorCode } from '@webcall/contracts';

export interface RecordedRequest {
  method: string;
  url: string;
  authorization: string | undefined;
  body: unknown;
}

type Answer = [status: number, body?: unknown];

/** An answer that never comes. */
const NO_ANSWER = Symbol('silence');
const BROKEN = Symbol('broken');

/** The server's error in its envelope. */
export function errorBodyOf(code: ErrorCode, details?: Record<string, unknown>): ErrorBody {
  return { error: { code, message: code, ...(details && { details }) } };
}

/** Replaces `fetch` in tests: answers in turn or by a rule, and records the requests. */
export class FakeFetch {
  readonly requests: RecordedRequest[] = [];
  private readonly original = globalThis.fetch;
  private readonly answers: (Answer | Error | typeof NO_ANSWER)[] = [];
  private rule: ((request: RecordedRequest) => Answer) | null = null;

  constructor() {
    globalThis.fetch = (url, init) =>
      this.answerRequest(typeof url === 'string' ? url : 'href' in url ? url.href : url.url, init);
  }

  queueAnswer(...answer: Answer): void {
    this.answers.push(answer);
  }

  queueFailure(error: Error): void {
    this.answers.push(error);
  }

  /** Answers the next request, but breaks off in the middle. */
  queueBrokenAnswer(status: number): void {
    this.answers.push([status, BROKEN]);
  }

  /** Leaves the next request without an answer. */
  queueMissingAnswer(): void {
    this.answers.push(NO_ANSWER);
  }

  answerByRule(rule: (request: RecordedRequest) => Answer): void {
    this.rule = rule;
  }

  restoreFetch(): void {
    globalThis.fetch = this.original;
  }

  private async answerRequest(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = init.headers as Record<string, string> | undefined;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { method: init.method ?? 'GET', url, authorization: headers?.['Authorization'], body };
    this.requests.push(request);
    const answer = this.rule ? this.rule(request) : this.answers.shift();
    if (!answer) throw new Error(`No answer for ${request.method} ${url}`);
    if (answer instanceof Error) throw answer;
    if (answer === NO_ANSWER) {
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
