import type { WireError } from '@webcall/contracts';
import { ApiError } from './api-error';

const BASE = '/api/v1';
const TIMEOUT = 20_000;
/**
 * How long a question waits for its answer before it is asked once more, in ms: the connection it went over may be dead.
 * After that only the server can be slow, and gets what is left.
 */
const PATIENCE = [4_000, TIMEOUT];
/** How long after an answer that was lost, in ms. A change of the network drops all that is on its way. */
const PAUSE = 1_000;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: object;
  body?: object;
  token?: string | null;
}

type Init = RequestInit & { signal: AbortSignal };

interface Answer {
  status: number;
  ok: boolean;
  text: string;
}

/**
 * One request to the API.
 * @throws ApiError for every answer that is not a success, also for none
 */
export async function request<T>({ method, path, query, body, token }: HttpRequest): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const { status, ok, text } = await reach(BASE + path + queryString(query), {
    method,
    headers,
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (status === 204) return undefined as T;
  const answer = parsed(text);
  if (ok && answer !== null) return answer as T;
  throw failure(status, answer);
}

async function reach(url: string, init: Init): Promise<Answer> {
  try {
    return await (init.method === 'GET' ? ask(url, init) : whole(url, init));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new ApiError('timeout', 'The server takes too long to answer.');
    }
    throw new ApiError('offline', 'The server cannot be reached.');
  }
}

/** A question does nothing twice: it is asked again when its answer was lost on the way. */
async function ask(url: string, init: Init): Promise<Answer> {
  for (const wait of PATIENCE) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), wait);
    try {
      return await whole(url, { ...init, signal: AbortSignal.any([init.signal, patience.signal]) });
    } catch (error) {
      if (init.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return whole(url, init);
}

async function whole(url: string, init: Init): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, ok: response.ok, text: await response.text() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Something between us and the server, such as a proxy, may answer in its own words. */
function failure(status: number, answer: unknown): ApiError {
  const error = (answer as { error?: WireError } | null)?.error;
  if (error?.code) return ApiError.fromWire(error, status);
  return status >= 502 && status <= 504
    ? new ApiError('unavailable', 'The server cannot do this at the moment.', status)
    : new ApiError('internal_error', 'The server gave an answer that makes no sense.', status);
}

function queryString(query: object = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}` : '';
}
