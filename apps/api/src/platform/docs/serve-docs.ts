import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { absolutePath } from 'swagger-ui-dist';
import { nameRoute } from '../http/observe-requests';
import { DOCS_PAGE, DOCS_PREPARE, DOCS_START } from './docs-page';

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Swagger UI at `/docs`, what it shows at `/docs/openapi.json`, and the socket at `/docs/asyncapi.json`. */
export function serveDocs(document: () => OpenAPIObject | undefined, socketApi: object | undefined): RequestHandler {
  const page = (response: Response): void => void response.type('html').send(DOCS_PAGE);
  const answers = new Map<string, (response: Response) => void>([
    ['/docs', page],
    ['/docs/', page],
    ['/docs/prepare.js', (response) => void response.type('js').send(DOCS_PREPARE)],
    ['/docs/start.js', (response) => void response.type('js').send(DOCS_START)],
    ['/docs/openapi.json', (response) => void response.json(document())],
  ]);
  if (socketApi) answers.set('/docs/asyncapi.json', (response) => void response.json(socketApi));
  for (const name of ASSETS)
    answers.set(`/docs/${name}`, (response) => response.sendFile(name, { root: absolutePath() }));

  return (request: Request, response: Response, next: NextFunction): void => {
    const answer = request.method === 'GET' || request.method === 'HEAD' ? answers.get(request.path) : undefined;
    if (!answer) return next();
    nameRoute(response, request.path);
    response.setHeader('Cache-Control', 'no-cache');
    answer(response);
  };
}
