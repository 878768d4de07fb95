import path from 'node:path';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { nameRoute } from '../http/observe-requests';
import { listWebFiles, type WebFile } from './web-files';

/** What the API answers, whose router takes capitals, too; everything else that is no file is a page of the web client. */
const NOT_PAGES = /^\/(api|docs|socket\.io|metrics|healthz|readyz)(\/|$)/i;

/** Headers that are true of a file alone. */
const OF_THE_FILE = ['Content-Encoding', 'Content-Type', 'Content-Range', 'Cache-Control', 'ETag', 'Last-Modified'];

/** Serves the built web client: its files, and `index.html` for every page of it. */
export function serveWeb(root: string): RequestHandler {
  const files = listWebFiles(root);
  const index = files.get('/index.html');
  if (!index) throw new Error(`${root} has no index.html`);

  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const file = files.get(request.path) ?? (isPage(request) ? index : undefined);
    if (!file) return next();
    // A page's address can have an invitation's code in it: it is never logged.
    nameRoute(response, file === index ? '(page)' : '(file)');
    send(root, file, request, response, next);
  };
}

/** A navigation of a browser, not a file that is missing. */
function isPage(request: Request): boolean {
  return !NOT_PAGES.test(request.path) && path.extname(request.path) === '' && request.accepts('html') === 'html';
}

function send(root: string, file: WebFile, request: Request, response: Response, next: NextFunction): void {
  const encodings = [...file.encoded.keys()];
  const encoding = encodings.find((known) => request.acceptsEncodings(known));
  const encoded = encoding && file.encoded.get(encoding);
  if (encodings.length) response.vary('Accept-Encoding');
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.type(path.extname(file.name));
  response.sendFile(encoded ?? file.name, { root, cacheControl: false, dotfiles: 'allow' }, (error) => {
    if (!error || response.headersSent) return;
    // What is told instead is no such file: not compressed, and not to be kept.
    for (const header of OF_THE_FILE) response.removeHeader(header);
    next(error);
  });
}
