import {
  type RestAnswer,
  type RestRequestArguments,
  type RestRoute,
  toHttpRequest,
  type WireError,
} from '@webcall/contracts';
import { ApiError } from './api-error';

const REQUEST_TIMEOUT_MS = 20_000;
/**
 * How long each try of a GET waits for its answer before the next one, in ms: its connection may be dead.
 * After that only the server can be slow, and gets the remaining time.
 */
const RETRY_AFTER_MS = [4_000, REQUEST_TIMEOUT_MS];
/** Pause after a lost answer, in ms: a change of the network drops everything that is on its way. */
const RETRY_PAUSE_MS = 1_000;

type AbortableInit = RequestInit & { signal: AbortSignal };

interface HttpAnswer {
  status: number;
  ok: boolean;
  text: string;
}

/**
 * Sends one request to the REST API, with the access token if there is one.
 * @throws ApiError for every answer that is not a success, also for a missing one
 */
export async function sendHttpRequest<R extends RestRoute>(
  token: string | null,
  route: R,
  ...request: RestRequestArguments<R>
): Promise<RestAnswer<R>> {
  const { method, url, body } = toHttpRequest(route, ...request);
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const { status, ok, text } = await fetchFromServer(url, {
    method,
    headers,
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const answer = status === 204 ? undefined : parseJsonOrNull(text);
  if (ok && answer !== null) return answer as RestAnswer<R>;
  throw toApiError(status, answer);
}

async function fetchFromServer(url: string, init: AbortableInit): Promise<HttpAnswer> {
  try {
    return await (init.method === 'GET' ? fetchWithRetries(url, init) : fetchWholeAnswer(url, init));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new ApiError('timeout', 'The server takes too long to answer.');
    }
    throw new ApiError('offline', 'The server cannot be reached.');
  }
}

/** For GET requests: they change nothing, so they are repeated when the answer was lost. */
async function fetchWithRetries(url: string, init: AbortableInit): Promise<HttpAnswer> {
  for (const wait of RETRY_AFTER_MS) {
    const tryLimit = new AbortController();
    const timer = setTimeout(() => tryLimit.abort(), wait);
    try {
      return await fetchWholeAnswer(url, { ...init, signal: AbortSignal.any([init.signal, tryLimit.signal]) });
    } catch (error) {
      if (init.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
  }
  return fetchWholeAnswer(url, init);
}

async function fetchWholeAnswer(url: string, init: AbortableInit): Promise<HttpAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, ok: response.ok, text: await response.text() };
}

function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A proxy in front of the server may answer in a format of its own. */
function toApiError(status: number, answer: unknown): ApiError {
  const error = (answer as { error?: WireError } | null)?.error;
  if (error?.code) return ApiError.fromWireError(error, status);
  return status >= 502 && status <= 504
    ? new ApiError('unavailable', 'The server cannot do this at the moment.', status)
    : new ApiError('internal_error', 'The server gave an answer that makes no sense.', status);
}
