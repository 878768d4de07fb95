import type { NextFunction, Request, RequestHandler, Response } from 'express';
import path from 'node:path';
import { setRouteName } from '../http/observe-requests';
import { listWebFiles, type WebFile } from './web-files';

/** Paths of the server in upper or lower case, as its router takes both; they are no pages. */
const SERVER_PATHS = /^\/(api|docs|socket\.io|metrics|healthz|readyz)(\/|$)/i;

const PAGE_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);
const FILE_NAME_ENDING = /\.\w+$/;

/** Headers that describe a file and must not stay on an error response. */
const FILE_ONLY_HEADERS = [
  'Content-Encoding',
  'Content-Type',
  'Content-Range',
  'Cache-Control',
  'ETag',
  'Last-Modified',
];

/** Serves the files of the built web client, and `index.html` for each of its pages. */
export function serveWebClient(root: string): RequestHandler {
  const files = listWebFiles(root);
  const index = files.get('/index.html');
  if (!index) throw new Error(`${root} has no index.html`);

  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const file = files.get(request.path) ?? (isPageNavigation(request) ? index : undefined);
    if (!file) return next();
    // The path of a page can contain the code of an invitation, so it is never logged.
    setRouteName(response, file === index ? '(page)' : '(file)');
    sendWebFile(root, file, request, response, next);
  };
}

/**
 * Whether a browser opens a page, as opposed to requesting a missing file. Who names a type of page gets one for any
 * path: a link may have the end of its sentence behind it, as in `/join/CODE.`. Scripts, images and link previews
 * accept anything; they get a page where no file is missing.
 */
function isPageNavigation(request: Request): boolean {
  if (SERVER_PATHS.test(request.path)) return false;
  const accepted = request.accepts().map((type) => type.toLowerCase());
  if (accepted.some((type) => PAGE_TYPES.has(type))) return true;
  return !FILE_NAME_ENDING.test(request.path) && Boolean(request.accepts('html'));
}

function sendWebFile(root: string, file: WebFile, request: Request, response: Response, next: NextFunction): void {
  const encodings = [...file.encoded.keys()];
  const encoding = encodings.find((known) => request.acceptsEncodings(known));
  const encoded = encoding && file.encoded.get(encoding);
  if (encodings.length) response.vary('Accept-Encoding');
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.type(path.extname(file.name));
  response.sendFile(encoded ?? file.name, { root, cacheControl: false, dotfiles: 'allow' }, (error) => {
    if (!error || response.headersSent) return;
    // The error response is neither compressed nor cacheable as the file would be.
    for (const header of FILE_ONLY_HEADERS) response.removeHeader(header);
    next(error);
  });
}
