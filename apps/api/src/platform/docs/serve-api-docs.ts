import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { absolutePath } from 'swagger-ui-dist';
import { setRouteName } from '../http/observe-requests';
import { DOCS_PAGE, DOCS_PREPARE_SCRIPT, DOCS_START_SCRIPT } from './docs-page';

const SWAGGER_UI_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Serves Swagger UI at `/docs`, and the documents `/docs/openapi.json` and `/docs/asyncapi.json`. */
export function serveApiDocs(document: () => OpenAPIObject | undefined, socketApi: object | undefined): RequestHandler {
  const sendPage = (response: Response): void => void response.type('html').send(DOCS_PAGE);
  const handlers = new Map<string, (response: Response) => void>([
    ['/docs', sendPage],
    ['/docs/', sendPage],
    ['/docs/prepare.js', (response) => void response.type('js').send(DOCS_PREPARE_SCRIPT)],
    ['/docs/start.js', (response) => void response.type('js').send(DOCS_START_SCRIPT)],
    ['/docs/openapi.json', (response) => void response.json(document())],
  ]);
  if (socketApi) handlers.set('/docs/asyncapi.json', (response) => void response.json(socketApi));
  for (const name of SWAGGER_UI_FILES)
    handlers.set(`/docs/${name}`, (response) => response.sendFile(name, { root: absolutePath() }));

  return (request: Request, response: Response, next: NextFunction): void => {
    const handler = request.method === 'GET' || request.method === 'HEAD' ? handlers.get(request.path) : undefined;
    if (!handler) return next();
    setRouteName(response, request.path);
    response.setHeader('Cache-Control', 'no-cache');
    handler(response);
  };
}
