import type { OpenAPIObject } from '@nestjs/swagger';
import { Router } from 'express';
import { absolutePath } from 'swagger-ui-dist';
import { DOCS_PAGE, DOCS_PREPARE, DOCS_START } from './docs-page';

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Swagger UI at `/docs`, and what it shows at `/docs/openapi.json`. */
export function serveDocs(document: () => OpenAPIObject | undefined): Router {
  const router = Router();
  router.get('/docs', (_request, response) => void response.type('html').send(DOCS_PAGE));
  router.get('/docs/prepare.js', (_request, response) => void response.type('js').send(DOCS_PREPARE));
  router.get('/docs/start.js', (_request, response) => void response.type('js').send(DOCS_START));
  router.get('/docs/openapi.json', (_request, response) => void response.json(document()));
  for (const name of ASSETS) {
    router.get(`/docs/${name}`, (_request, response) => response.sendFile(name, { root: absolutePath() }));
  }
  return router;
}
