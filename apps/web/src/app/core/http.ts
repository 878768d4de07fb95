import type { WireError } from '@webcall/contracts';
import { ApiError } from './api-error';

const BASE = '/api/v1';
const TIMEOUT = 20_000;
/** After this time without an answer a question is asked again, in ms: the connection it went over may be dead. */
const PATIENCE = 4_000;
/** How long it waits before it is asked once more, each time. A change of the network drops all that is on its way. */
const PAUSES = [500, 1_500];

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: object;
  body?: object;
  token?: string | null;
}

/**
 * One request to the API.
 * @throws ApiError for every answer that is not a success, also for none
 */
export async function request<T>({ method, path, query, body, token }: HttpRequest): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const response = await reach(BASE + path + queryString(query), {
    method,
    headers,
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer as T;
  throw failure(response.status, answer);
}

async function reach(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    return await (init.method === 'GET' ? ask(url, init) : fetch(url, init));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new ApiError('timeout', 'The server takes too long to answer.');
    }
    throw new ApiError('offline', 'The server cannot be reached.');
  }
}

/** A question does nothing twice: it is asked again when its answer was lost on the way. */
async function ask(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  for (const pause of PAUSES) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any([init.signal, patience.signal]) });
    } catch (error) {
      if (init.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return fetch(url, init);
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
