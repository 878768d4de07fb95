import * as contracts from '@webcall/contracts';
import { getMetadataStorage } from 'class-validator';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import docs from '../../src/metadata';
import { createOpenApiDocument } from '../../src/platform/docs/openapi-document';
import { useServer } from '../support/use-server';

/** What the table of routes and the OpenAPI document have to say alike about an endpoint. */
interface Endpoint {
  params: string[];
  query: string[];
  body: string;
  answer: string;
}

interface Content {
  content?: { 'application/json': { schema: Schema } };
}

interface Schema {
  $ref?: string;
  type?: string;
  items?: Schema;
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

const NOTHING = 'void';
const server = useServer();

/** The table as its source has it, because types leave nothing behind. */
function readTable(): Record<string, Endpoint> {
  const source = readFileSync(path.resolve(__dirname, '../../../../libs/contracts/src/routes.ts'), 'utf8');
  const rows = source.matchAll(/^ {2}'([A-Z]+ \/.*)': \{ (.+) \};$/gm);
  return Object.fromEntries([...rows].map(([, route, parts]) => [route, readRow(route!, parts!)]));
}

function readRow(route: string, parts: string): Endpoint {
  const { query, body = NOTHING, answer = '' } = Object.fromEntries(parts.split('; ').map((part) => part.split(': ')));
  return {
    params: [...route.matchAll(/:(\w+)/g)].map(([, name]) => name!).sort(),
    query: query ? fieldsOf(query) : [],
    body,
    answer,
  };
}

/** The fields of a class in the contracts, with those that it inherits. */
function fieldsOf(name: string): string[] {
  const type = (contracts as unknown as Record<string, new () => object>)[name]!;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].sort();
}

async function readDocument(): Promise<Record<string, Endpoint>> {
  const { paths } = await createOpenApiDocument(server.app, docs);
  const endpoints = Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => [
      `${method.toUpperCase()} ${url.replace(contracts.REST_BASE_PATH, '').replace(/\{(\w+)\}/g, ':$1')}`,
      readOperation(operation),
    ]),
  );
  return Object.fromEntries(endpoints) as Record<string, Endpoint>;
}

function readOperation({ parameters = [], requestBody, responses }: Operation): Endpoint {
  const namesIn = (place: string) =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name }) => name)
      .sort();
  const success = Object.keys(responses).find((status) => status.startsWith('2'))!;
  return {
    params: namesIn('path'),
    query: namesIn('query'),
    body: nameOf(requestBody),
    // The web client reads an answer unless the status is 204.
    answer: success === '204' ? NOTHING : nameOf(responses[success]),
  };
}

function nameOf(content: Content | undefined): string {
  const schema = content?.content?.['application/json'].schema;
  if (schema?.type === 'array') return `${schema.items?.$ref?.split('/').at(-1)}[]`;
  return schema?.$ref?.split('/').at(-1) ?? NOTHING;
}

it('describes the endpoints that the server has, with their parameters, queries, bodies and answers', async () => {
  const document = await readDocument();
  expect(Object.keys(document).length).toBeGreaterThan(40);
  expect(readTable()).toEqual(document);
});
