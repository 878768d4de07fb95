import compression from 'compression';
import type { RequestHandler } from 'express';

/** The smallest answer that is compressed, in bytes. */
const LEAST_BYTES = 4096;

/**
 * Compresses long answers to GET. Tokens and passwords stand only in answers to other methods, which therefore stay as
 * they are, as does an answer to GET with codes, which says `no-transform`: the length of a compressed secret tells how
 * much of it a text repeats that stands beside it (docs/adr/0033-what-grows.md).
 */
export function compressAnswers(): RequestHandler {
  return compression({ threshold: LEAST_BYTES, filter: ({ method }) => method === 'GET' });
}
