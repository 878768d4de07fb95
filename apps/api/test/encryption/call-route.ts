import type { ErrorCode, RestAnswer, RestRequestArguments, RestRoute } from '@webcall/contracts';

/** Calls an endpoint; a refusal is thrown, with its `code`. */
export type CallRoute = <R extends RestRoute>(route: R, ...request: RestRequestArguments<R>) => Promise<RestAnswer<R>>;

/** @returns the answer, or `instead` if it was refused with that code */
export async function unlessRefused<T, I>(answer: Promise<T>, code: ErrorCode, instead: I): Promise<T | I> {
  return answer.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === code) return instead;
    throw error;
  });
}
